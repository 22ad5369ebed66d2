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
PHOTOGRAPHIC = "1.2.840.10008.5.1.4.1.1.77.1.4"  # VL Photographic Image and Video (PS3.4 B.5)
# Words of anatomy with a face in the field of view; the neck and the whole body reach up to it.
# Some sequences are made for the brain and seldom used for anything else.
HEAD = re.compile(
    r"HEAD|BRAIN|CEREBR|CRANI|SKULL|SCHAEDEL|SCHÄDEL|KOPF|FACE|FACIAL|GESICHT|ORBIT|SINUS|MAXILL|"
    r"MANDIB|DENTAL|JAW|PITUIT|HYPOPHYS|NECK|HALS|CERVICAL|CSPINE|C[- ]SPINE|TEMPORAL|T[ÊE]TE|"
    r"CABEZA|CRANEO|WHOLE[- ]?BODY|GANZK|\b(?:CCT|HWS|NNH|WB)\b|"
    r"MP2?RAGE|BRAVO|FLAIR"
)
# Words of anatomy without one. A volume that has neither may be of a head.
ELSEWHERE = re.compile(
    r"ABDOM|PELVI|BECKEN|THORA|CHEST|LUNG|PULMO|CARDI|HEART|HERZ|CORONAR[YI]|AORT|BREAST|"
    r"MAMMA|BRUST|LIVER|LEBER|HEPAT|KIDNEY|RENAL|NIERE|PANCREA|BILIAR|MRCP|SPLEEN|BOWEL|ENTERO|"
    r"COLON|RECT(?:AL|UM)|PROSTAT|UTER|OVAR|BLADDER|BLASE|SHOULDER|SCHULTER|ELBOW|WRIST|HAND|FINGER|"
    r"\bARMS?\b|\bLEGS?\b|FEMUR|TIBIA|KNEE|\bKNIE|ANKLE|FOOT|FEET|FUSS|\bHIPS?\b|HÜFT|HUEFT|EXTREM|"
    r"LUMBAR|SACR|[TL][- ]?SPINE|\b[BL]WS\b|PHANTOM"
)
UNSAID = frozenset({"", "ANY", "OTHER", "UNKNOWN", "UNDEFINED", "NONE"})
# Endoscopes look inside unless it is said; cameras for eyes do when that is said.
OUTSIDE = re.compile(r"HEAD|FACE|FACIAL|GESICHT|EXTERNAL|EXTERN\b|EYELID|ORBIT|PORTRAIT")
INSIDE = re.compile(
    r"FUNDUS|RETIN|MACUL|OPTIC|POSTERIOR|VITRE|CHOROID|CORNEA|LENS|SLIT|OPHTHALMOSCOP|TOMOGRAPH|"
    r"ANGIOGRAM|AUTOFLUOR|\b(?:OCT|SLO|FAF?|FFA|ICGA?|DISC)\b"
)
ANATOMY = ("BodyPartExamined", "StudyDescription", "SeriesDescription", "ProtocolName",
           "ScanOptions", "RequestedProcedureDescription", "PerformedProcedureStepDescription",
           "ImageComments", "ImageType")  # fmt: skip
CODED = ("AnatomicRegionSequence", "AcquisitionDeviceTypeCodeSequence")
# Slices farther apart leave out what makes a face; so do fewer millimetres along the body.
WIDEST_GAP, SHORTEST = 6.0, 60.0
PIXELS = 64  # a picture with fewer on a side shows nobody


def face_reason(instance: Instance) -> str:
    """`slices` or `photograph` where a face may be recognised in this instance, else ``""``.

    A single slice counts as part of a series that reaches far enough; several frames in one
    instance are counted.
    """
    dataset = instance.dataset
    if (
        instance.pixels is None
        or min(whole(dataset, "Rows") or 0, whole(dataset, "Columns") or 0) < PIXELS
    ):
        return ""
    said = " ".join(_anatomy(instance)).upper().replace("_", " ")
    modality = text(dataset, "Modality")
    if modality in SLICES:
        return "slices" if _may_hold_head(instance, said) and _is_volume(instance) else ""
    return "photograph" if _is_photograph(instance, modality, said) else ""


def shows_face(instance: Instance) -> bool:
    """Whether Recognizable Visual Features (0028,0302) is YES."""
    return bool(face_reason(instance))


def _anatomy(instance: Instance) -> Iterable[str]:
    dataset = instance.dataset
    for keyword in ANATOMY:
        yield from texts(dataset, keyword)
    for sequence in CODED:
        for item in items(dataset, sequence):
            yield from texts(item, "CodeMeaning")


def _may_hold_head(instance: Instance, said: str) -> bool:
    part = text(instance.dataset, "BodyPartExamined").strip().upper()
    return bool(HEAD.search(said)) or (part in UNSAID and not ELSEWHERE.search(said))


def _is_photograph(instance: Instance, modality: str, said: str) -> bool:
    """A camera's picture of the outside: whatever part is told, nobody knows what else is on it."""
    if modality == "XC" or instance.sop_class_uid.startswith(PHOTOGRAPHIC):
        return True
    outside = bool(OUTSIDE.search(said))
    return (
        outside if modality == "ES" else modality == "OP" and (outside or not INSIDE.search(said))
    )


def _is_volume(instance: Instance) -> bool:
    """Whether slices are close enough together, and reach far enough."""
    if _is_flat(instance):
        return False
    dataset = instance.dataset
    gap = abs(number(dataset, "SpacingBetweenSlices") or number(dataset, "SliceThickness") or 0.0)
    frames = whole(dataset, "NumberOfFrames") or 1
    short = frames > 1 and 0 < gap * frames < SHORTEST
    return gap <= WIDEST_GAP and not short


def _is_flat(instance: Instance) -> bool:
    """A scout, a projection, a screen: no slice."""
    kinds = {one.upper() for one in texts(instance.dataset, "ImageType")}
    return bool(kinds & {"LOCALIZER", "PROJECTION IMAGE", "SCREEN SAVE"}) or not text(
        instance.dataset, "PhotometricInterpretation"
    ).startswith("MONOCHROME")
