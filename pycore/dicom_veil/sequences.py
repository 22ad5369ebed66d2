"""The items of every sequence, at every depth and whatever its attribute (PS3.5 7.5)."""

import struct
from io import BytesIO

from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.filereader import read_sequence
from pydicom.sequence import Sequence
from pydicom.valuerep import STANDARD_VR

from dicom_veil import errors
from dicom_veil.decoded import converted
from dicom_veil.encoding import ITEM_BYTES, UNDEFINED
from dicom_veil.standard import vr_of
from dicom_veil.whole import check_whole

MAX_DEPTH = 64
MAYBE_SEQUENCE = frozenset({"SQ", "UN", None})
KNOWN_VRS = frozenset({None, *(str(vr.value) for vr in STANDARD_VR)})
NO_SEQUENCE = KNOWN_VRS - MAYBE_SEQUENCE


def parse_sequences(dataset: Dataset, implicit: bool, little: bool, depth: int = 0) -> None:
    """Replaces every raw sequence of a data set that was just read by its parsed items.

    A sequence is one by its VR, by the dictionary, or, where neither knows (VR UN: PS3.5 6.2.2),
    because its value begins with an item.
    """
    if depth > MAX_DEPTH:
        raise errors.Damaged(
            f"The data set is damaged: sequences are nested more than {MAX_DEPTH} deep."
        )
    elements = dataset._dict
    for tag, element in list(elements.items()):
        if isinstance(element, RawDataElement):
            if depth:
                check_whole(element)
            if element.VR in NO_SEQUENCE:
                continue
            if element.VR not in KNOWN_VRS:
                # Of a VR that there is not; its attribute may still be known (PS3.5 6.2.2).
                element = elements[tag] = element._replace(VR="UN")
            if element.VR in MAYBE_SEQUENCE and _is_sequence(element):
                items = _parse_items(element, dataset)
                elements[tag] = DataElement(tag, "SQ", items, already_converted=True)
            elif element.VR in (None, "UN") and (found := _private_items(element, dataset)):
                elements[tag] = DataElement(tag, "SQ", found, already_converted=True)
            elif element.VR is None and not implicit:
                # Implicit VR inside an explicit data set: give the element its VR for writing.
                elements[tag] = converted(element, dataset)
                continue
        nested = elements[tag]
        if isinstance(nested, DataElement) and nested.VR == "SQ":
            for item in nested.value:
                parse_sequences(item, implicit, little, depth + 1)


def _is_sequence(element: RawDataElement) -> bool:
    if element.VR == "SQ":
        return True
    if element.tag.is_private:
        return False
    return vr_of(element.tag) == "SQ" or (
        vr_of(element.tag) is None and (element.value or b"")[:4] == ITEM_BYTES
    )


def _private_items(element: RawDataElement, dataset: Dataset) -> Sequence | None:
    """The items of a private element whose VR nobody states, if all of its value is items.

    Its bytes may begin like an item and be something else: then it is no sequence.
    """
    if not element.tag.is_private or (element.value or b"")[:4] != ITEM_BYTES:
        return None
    try:
        items = _parse_items(element, dataset)
        return items if all(map(_sound, items)) else None
    except (
        ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, OSError,
        NotImplementedError, TypeError, ValueError, struct.error,
    ):  # fmt: skip
        return None


def _sound(item: Dataset) -> bool:
    """Whether an item holds whole elements in the order of their tags (PS3.5 7.1)."""
    tags = [int(tag) for tag in item._dict]
    return tags == sorted(tags) and all(
        not isinstance(one, RawDataElement) or one.length in (UNDEFINED, len(one.value or b""))
        for one in item._dict.values()
    )


def _parse_items(element: RawDataElement, dataset: Dataset) -> Sequence:
    value = element.value or b""
    # PS3.5 6.2.2: the items of an UN sequence are in implicit VR little endian.
    implicit = element.is_implicit_VR or element.VR == "UN"
    little = element.is_little_endian or element.VR == "UN"
    return read_sequence(
        BytesIO(value), implicit, little, len(value), dataset._character_set, element.value_tell
    )
