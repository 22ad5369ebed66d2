"""Stage *apply*: data set + plan + identity → a new data set; the original is never changed.

Elements that no step names are shared with the original in the encoding that they were read in:
what is not touched is written byte for byte as it was.
"""

from collections import defaultdict

from pydicom._uid_dict import UID_dictionary
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.tag import BaseTag

from dicom_veil.dummy import dummy, padded
from dicom_veil.identity import Identity
from dicom_veil.plan import Path, Plan, Step, is_sequence, vr_of_element
from dicom_veil.read import Instance, value_of

PATIENT_NAME, PATIENT_ID = 0x00100010, 0x00100020
StepsByPath = dict[Path, dict[int, Step]]
Elements = dict[BaseTag, DataElement | RawDataElement]


def patient_of(instance: Instance) -> str:
    """What tells this patient from others: PatientID with its issuer, else name and birth date,

    else the study: two patients must not become one because neither has an ID.
    """

    def text(keyword: str) -> str:
        return str(value_of(instance.dataset, keyword) or "").strip()

    if text("PatientID"):
        return "\0".join(("id", text("PatientID"), text("IssuerOfPatientID")))
    if text("PatientName"):
        return "\0".join(("name", text("PatientName"), text("PatientBirthDate")))
    return "\0".join(("study", text("StudyInstanceUID")))


def apply(instance: Instance, steps: Plan, identity: Identity) -> Dataset:
    """The data set that `steps` make of `instance`, without its pixels and without markers."""
    by_path: StepsByPath = defaultdict(dict)
    for step in steps:
        by_path[step.path][step.tag] = step
    # Every data set on the way to a step has to be made anew, even where nothing else changes.
    touched = {path[:depth] for path in by_path for depth in range(len(path) + 1)}
    pseudonym = identity.pseudonym(patient_of(instance))
    maker = _Maker(by_path, touched, identity, pseudonym, instance.implicit_vr)
    return maker.dataset(instance.dataset, ())


def like(original: Dataset, elements: Elements) -> Dataset:
    """A data set of `elements` in the encoding and the place of `original`."""
    result = Dataset(elements, parent_encoding=original._parent_encoding)
    implicit, little = original.original_encoding
    result.set_original_encoding(implicit, little, original.original_character_set)
    if hasattr(original, "is_undefined_length_sequence_item"):
        result.is_undefined_length_sequence_item = original.is_undefined_length_sequence_item
    return result


class _Maker:
    """What all levels of one data set share while it is made anew."""

    def __init__(
        self,
        steps: StepsByPath,
        touched: set[Path],
        identity: Identity,
        pseudonym: str,
        implicit_vr: bool,
    ) -> None:
        self.steps = steps
        self.touched = touched
        self.identity = identity
        self.pseudonym = pseudonym
        self.implicit_vr = implicit_vr

    def dataset(self, original: Dataset, path: Path) -> Dataset:
        if path not in self.touched:
            return original
        here = self.steps.get(path, {})
        elements: Elements = {}
        for tag, element in original._dict.items():
            step = here.get(tag)
            if step is not None:
                made = self.element(element, step)
                if made is not None:
                    elements[tag] = made
            elif is_sequence(element) and element.value:
                elements[tag] = self.sequence(element, (*path, (tag, 0)))
            else:
                elements[tag] = element
        return like(original, elements)

    def sequence(
        self, element: DataElement | RawDataElement, first: Path
    ) -> DataElement | RawDataElement:
        outer, (tag, _) = first[:-1], first[-1]
        old_items: Sequence = element.value  # type: ignore[assignment]
        items = [self.dataset(item, (*outer, (tag, index))) for index, item in enumerate(old_items)]
        if all(new is old for new, old in zip(items, old_items, strict=True)):
            return element
        made = DataElement(element.tag, "SQ", Sequence(items), already_converted=True)
        made.is_undefined_length = getattr(element, "is_undefined_length", False)
        return made

    def element(
        self, element: DataElement | RawDataElement, step: Step
    ) -> DataElement | RawDataElement | None:
        """What becomes of one element; None when it is removed (PS3.15 Table E.1-1a)."""
        if step.action == "X":
            return None
        vr = vr_of_element(element)
        if vr == "SQ":
            return DataElement(element.tag, "SQ", Sequence(), already_converted=True)
        if step.tag in (PATIENT_NAME, PATIENT_ID) and step.action in ("Z", "D"):
            return self.raw(element, vr, padded(self.pseudonym.encode("ascii")))
        if step.action == "Z":
            return self.raw(element, vr, b"")
        if step.action == "U" or vr == "UI":
            return self.raw(element, "UI", self.uids(element))
        return self.raw(element, vr, dummy(vr))

    def uids(self, element: DataElement | RawDataElement) -> bytes:
        """New UIDs for an element's, one for one; a UID that the standard registered stays."""
        value = element.value
        if isinstance(value, bytes):
            text = value.decode("latin-1")
        elif isinstance(value, str):
            text = value
        else:
            text = "\\".join(value or ())
        originals = [one.strip("\0 ") for one in text.split("\\")]
        new = [
            one if not one or one in UID_dictionary else self.identity.uid(one) for one in originals
        ]
        return padded("\\".join(new).encode("ascii"), b"\0")

    def raw(self, element: DataElement | RawDataElement, vr: str, value: bytes) -> RawDataElement:
        """An element with an encoded value, as pydicom's writer takes it without converting."""
        implicit, little = self.implicit_vr, True
        if isinstance(element, RawDataElement):
            implicit, little = element.is_implicit_VR, element.is_little_endian
        return RawDataElement(BaseTag(element.tag), vr, len(value), value, 0, implicit, little)
