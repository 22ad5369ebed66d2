"""The value of one attribute, decoded; what is plain by the shortest way."""

import re
from functools import lru_cache

from pydicom.charset import default_encoding
from pydicom.dataelem import DataElement, RawDataElement, convert_raw_data_element
from pydicom.dataset import Dataset
from pydicom.errors import BytesLengthException
from pydicom.tag import BaseTag, Tag

from dicom_veil.elements import tag_of
from dicom_veil.quiet import quietly

# VRs whose values of ASCII letters are what they are, without padding.
SPECIAL = re.compile(rb"[\\\x1b]")
PLAIN_VRS = frozenset({"AE", "AS", "CS", "DA", "DT", "LO", "SH", "TM", "UI"})
# VRs that Specific Character Set says nothing of (PS3.5 6.1.2.2).
ASCII_VRS = frozenset({"AE", "AS", "AT", "CS", "DA", "DS", "DT", "FD", "FL", "IS", "SL", "SS", "SV",
                       "TM", "UI", "UL", "UR", "US", "UV"})  # fmt: skip


def value_of(dataset: Dataset, keyword_or_tag: str | int) -> object:
    """The value of an attribute, or None; `dataset` keeps its raw elements as they were read."""
    element = dataset._dict.get(_tag(keyword_or_tag))
    if not isinstance(element, RawDataElement):
        return None if element is None else element.value
    value = element.value
    # One value in plain ASCII (no escape to another character set) is what it is.
    if value and element.VR in PLAIN_VRS and value.isascii() and not SPECIAL.search(value):
        return value.decode("ascii").strip("\0 ")
    return converted(element, dataset).value


@lru_cache(maxsize=4096)
def _tag(keyword_or_tag: str | int) -> BaseTag:
    return tag_of(int(Tag(keyword_or_tag)))


def converted(element: RawDataElement, dataset: Dataset) -> DataElement:
    """A raw element with its value decoded, outside the data set that it came from.

    Bytes that are too few or too many for numbers of its VR stay bytes.
    """
    with quietly():
        # To ask for the character set costs more than to decode.
        encoding = default_encoding if element.VR in ASCII_VRS else dataset._character_set
        try:
            return convert_raw_data_element(element, encoding=encoding)
        except BytesLengthException:
            return DataElement(element.tag, "UN", element.value, already_converted=True)
