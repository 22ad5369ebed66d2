"""Faces: a risk that is named and not removed (PS3.15 E.3.2).

From slices of a head a face can be rendered (E.3.2 Note 3); a photograph of a face shows it as it
is (Note 2). What a header says decides: modality, anatomy, kind of picture, coverage and spacing.
Where it says too little, the picture counts as one that shows a face.
"""

import re
from collections.abc import Iterable

from dicom_veil.attributes import items, number, text, texts, whole
from dicom_veil.read import Instance

SLICES = frozenset({"CT", "MR", "PT"})
PHOTOGRAPHS = frozenset({"XC", "ES", "OP"})
# Words of anatomy with a face in the field of view; the neck and the whole body reach up to it.
HEAD = re.compile(
    r"HEAD|BRAIN|CEREBR|CRANI|SKULL|SCHAEDEL|SCHÄDEL|KOPF|FACE|FACIAL|GESICHT|ORBIT|SINUS|MAXILL|"
    r"MANDIB|DENTAL|JAW|PITUIT|NECK|CSPINE|C[- ]SPINE|TEMPORAL|WHOLE ?BODY|T[ÊE]TE|CABEZA|CRANEO"
)
EXTERNAL = re.compile(r"HEAD|FACE|FACIAL|GESICHT|EXTERNAL|EYELID|ORBIT|PORTRAIT")
ANATOMY = ("BodyPartExamined", "StudyDescription", "SeriesDescription", "ProtocolName",
           "ScanOptions", "RequestedProcedureDescription")  # fmt: skip
# Slices farther apart leave out what makes a face; so do fewer millimetres along the body.
WIDEST_GAP, SHORTEST = 6.0, 60.0
PIXELS = 64  # a picture with fewer on a side shows nobody


def face_reason(instance: Instance) -> str:
    """`slices` or `photograph` where a face may be recognised in this instance, else ``""``.

    A single slice counts as part of a series that reaches far enough; several frames in one
    instance are counted.
    """
    dataset = instance.dataset
    modality, part = text(dataset, "Modality"), text(dataset, "BodyPartExamined")
    if instance.pixels is None or modality not in SLICES | PHOTOGRAPHS:
        return ""
    if min(whole(dataset, "Rows") or 0, whole(dataset, "Columns") or 0) < PIXELS:
        return ""
    said = " ".join(_anatomy(instance)).upper()
    if modality == "XC":
        return "photograph" if not part or EXTERNAL.search(said) else ""
    if modality in PHOTOGRAPHS:
        return "photograph" if EXTERNAL.search(said) else ""
    if modality not in SLICES or not HEAD.search(said) or _is_flat(instance):
        return ""
    gap = abs(number(dataset, "SpacingBetweenSlices") or number(dataset, "SliceThickness") or 0.0)
    frames = whole(dataset, "NumberOfFrames") or 1
    short = frames > 1 and 0 < gap * frames < SHORTEST
    return "" if gap > WIDEST_GAP or short else "slices"


def shows_face(instance: Instance) -> bool:
    """Whether Recognizable Visual Features (0028,0302) is YES."""
    return bool(face_reason(instance))


def _anatomy(instance: Instance) -> Iterable[str]:
    dataset = instance.dataset
    for keyword in (*ANATOMY, "ImageType"):
        yield from texts(dataset, keyword)
    for item in items(dataset, "AnatomicRegionSequence"):
        yield from texts(item, "CodeMeaning")


def _is_flat(instance: Instance) -> bool:
    """A scout, a projection, a screen: no slice."""
    kinds = {one.upper() for one in texts(instance.dataset, "ImageType")}
    return bool(kinds & {"LOCALIZER", "PROJECTION IMAGE", "SCREEN SAVE"}) or not text(
        instance.dataset, "PhotometricInterpretation"
    ).startswith("MONOCHROME")
