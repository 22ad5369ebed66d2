"""Stage *apply*: data set + plan + identity → a new data set; the original is never changed.

Elements that no step names are shared with the original in the encoding that they were read in:
what is not touched is written byte for byte as it was.
"""

from collections import defaultdict
from operator import is_

from pydicom._uid_dict import UID_dictionary
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence
from pydicom.tag import BaseTag

from dicom_veil.charset import CHARACTER_SET, corrected, declared
from dicom_veil.context import Context
from dicom_veil.decoded import converted, value_of
from dicom_veil.document import document
from dicom_veil.dummy import dummy, padded
from dicom_veil.icc import clean_icc
from dicom_veil.kinds import ICC_PROFILE
from dicom_veil.methods import cleaner
from dicom_veil.plan import ADDED, ITEM, Path, Plan, Step, is_sequence, vr_of_element
from dicom_veil.private import is_creator, listed_vr
from dicom_veil.read import Instance
from dicom_veil.standard import vr_of
from dicom_veil.values import raw_of

PATIENT = {0x00100010: "PN", 0x00100020: "LO"}  # PatientName, PatientID
ENCAPSULATED_DOCUMENT, MIME_TYPE = 0x00420011, 0x00420012
StepsByPath = dict[Path, dict[int, Step]]
Elements = dict[BaseTag, DataElement | RawDataElement]


def apply(instance: Instance, steps: Plan, context: Context) -> Dataset:
    """The data set that `steps` make of `instance`, without its pixels and without markers."""
    by_path: StepsByPath = defaultdict(dict)
    for step in steps:
        by_path[step.path][step.tag] = step
    # Every data set on the way to a step has to be made anew, even where nothing else changes.
    touched = {path[:depth] for path in by_path for depth in range(len(path) + 1)}
    maker = _Maker(by_path, touched, context, instance.implicit_vr)
    made = maker.dataset(instance.dataset, ())
    new = [maker.added(step) for step in steps if step.rule.endswith(ADDED)]
    if not any(new):
        return made
    return like(made, {**made._dict, **{one.tag: one for one in new if one is not None}})


def values_of(element: DataElement | RawDataElement, dataset: Dataset) -> list[str]:
    """The values of an element as texts; none where its bytes make no value of its VR."""
    try:
        value = (
            converted(element, dataset).value
            if isinstance(element, RawDataElement)
            else element.value
        )
    except (LookupError, NotImplementedError, TypeError, ValueError):
        return []
    if value is None or isinstance(value, bytes):
        return []
    several = value if isinstance(value, MultiValue | list | tuple) else [value]
    return [str(one) for one in several]


def like(original: Dataset, elements: Elements) -> Dataset:
    """A data set of `elements` in the encoding and the place of `original`."""
    result = Dataset(elements, parent_encoding=original._parent_encoding)
    implicit, little = original.original_encoding
    result.set_original_encoding(implicit, little, original.original_character_set)
    if hasattr(original, "is_undefined_length_sequence_item"):
        result.is_undefined_length_sequence_item = original.is_undefined_length_sequence_item
    return result


def _of_block(tag: int, creator: int) -> bool:
    """Whether a private element stands in the block that `creator` reserves (PS3.5 7.8.1)."""
    return tag >> 16 == creator >> 16 and tag >> 8 & 0xFF == creator & 0xFF


class _Maker:
    """What all levels of one data set share while it is made anew."""

    def __init__(
        self, steps: StepsByPath, touched: set[Path], context: Context, implicit_vr: bool
    ) -> None:
        self.steps = steps
        self.touched = touched
        self.context = context
        self.implicit_vr = implicit_vr

    def dataset(self, original: Dataset, path: Path) -> Dataset:
        if path not in self.touched:
            return original
        here = self.steps.get(path, {})
        elements: Elements = {}
        for tag, element in original._dict.items():
            step = here.get(int(tag))
            if step is not None:
                made = self.element(element, step, original)
                if made is not None:
                    elements[tag] = made
            elif is_sequence(element) and element.value:
                elements[tag] = self.sequence(element, (*path, (tag, 0)))
            else:
                elements[tag] = element
        for tag in [tag for tag in elements if is_creator(tag)]:
            # What a rule meant to clean may have left nothing that the creator would be of.
            if not any(_of_block(one, tag) for one in elements):
                del elements[tag]
        return like(original, elements)

    def sequence(
        self, element: DataElement | RawDataElement, first: Path
    ) -> DataElement | RawDataElement:
        outer, (tag, _) = first[:-1], first[-1]
        old_items: Sequence = element.value  # type: ignore[assignment]
        paths = [(*outer, (tag, index)) for index in range(len(old_items))]
        items = [
            self.dataset(item, path)
            for item, path in zip(old_items, paths, strict=True)
            if ITEM not in self.steps.get(path, ())
        ]
        if len(items) == len(old_items) and all(map(is_, items, old_items)):
            return element
        made = DataElement(element.tag, "SQ", Sequence(items), already_converted=True)
        made.is_undefined_length = getattr(element, "is_undefined_length", False)
        return made

    def added(self, step: Step) -> RawDataElement | None:
        """An attribute that the original has not: what its method makes of nothing (`plan`)."""
        vr = vr_of(step.tag) or "UN"
        value = cleaner(step.method)("", vr, self.context)
        if not value:
            return None
        encoded = padded(value.encode("ascii"))
        return RawDataElement(
            BaseTag(step.tag), vr, len(encoded), encoded, 0, self.implicit_vr, True
        )

    def element(
        self, element: DataElement | RawDataElement, step: Step, dataset: Dataset
    ) -> DataElement | RawDataElement | None:
        """What becomes of one element; None when it is removed (PS3.15 Table E.1-1a)."""
        action, vr = step.action, vr_of_element(element)
        if vr == "UN" and step.tag >> 16 & 1 and isinstance(element, RawDataElement):
            vr = step.vr or listed_vr(dataset, step.tag) or vr
            element = element._replace(VR=vr)
        if step.tag == CHARACTER_SET:
            terms = corrected(declared(dataset) or "")
            return self.raw(element, "CS", padded(terms.encode("ascii")))
        if action == "C":
            cleaned = self.cleaned(element, vr, step, dataset)
            if cleaned is not None:
                return cleaned
            action = step.otherwise
        if action == "X":
            return None
        if vr == "SQ":
            return DataElement(element.tag, "SQ", Sequence(), already_converted=True)
        if step.tag in PATIENT and action in ("Z", "D"):
            # Written with its own VR, whichever the file had.
            return self.raw(
                element, PATIENT[step.tag], padded(self.context.pseudonym.encode("ascii"))
            )
        if action == "Z":
            return self.raw(element, vr, b"")
        if action == "U" or vr == "UI":
            return self.raw(element, "UI", self.uids(element))
        if step.tag == ENCAPSULATED_DOCUMENT:
            return self.raw(element, vr, document(str(value_of(dataset, MIME_TYPE) or "")))
        if step.tag == ICC_PROFILE:
            profile = clean_icc(raw_of(element, ("latin-1",)))
            return self.raw(element, "OB", profile) if profile else None
        little_endian = getattr(element, "is_little_endian", True)
        return self.raw(element, vr, dummy(vr, step.tag, little_endian=little_endian))

    def cleaned(
        self, element: DataElement | RawDataElement, vr: str, step: Step, dataset: Dataset
    ) -> DataElement | RawDataElement | None:
        """An element with each of its values cleaned; None where nothing is left of any."""
        clean = cleaner(step.method)
        values = values_of(element, dataset)
        new = [clean(value, vr, self.context) for value in values]
        kept = [value for value in new if value]
        if not kept:
            return None
        if kept == values:
            return element
        text = "\\".join(kept)
        if text.isascii():
            return self.raw(element, vr, padded(text.encode("ascii")))
        return DataElement(element.tag, vr, kept if len(kept) > 1 else kept[0])

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
            one if not one or one in UID_dictionary else self.context.identity.uid(one)
            for one in originals
        ]
        return padded("\\".join(new).encode("ascii"), b"\0")

    def raw(self, element: DataElement | RawDataElement, vr: str, value: bytes) -> RawDataElement:
        """An element with an encoded value, as pydicom's writer takes it without converting."""
        implicit, little = self.implicit_vr, True
        if isinstance(element, RawDataElement):
            implicit, little = element.is_implicit_VR, element.is_little_endian
        return RawDataElement(BaseTag(element.tag), vr, len(value), value, 0, implicit, little)
