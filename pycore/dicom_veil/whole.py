"""Whether an element is there as long as it says."""

from pydicom.dataelem import DataElement, RawDataElement

from dicom_veil import errors
from dicom_veil.encoding import UNDEFINED
from dicom_veil.standard import vr_of


def truncated(element: RawDataElement) -> errors.Truncated:
    """Where the file ends; of an attribute that there is not, tag and length are bytes of a text

    that was met where an attribute should be: they are not told.
    """
    if not _can_be(int(element.tag)):
        return errors.Truncated("The file ends inside something that is no attribute.")
    missing = element.length - len(element.value or b"")
    return errors.Truncated(
        f"The file ends inside attribute {element.tag}: {missing} bytes are missing.",
        tag=str(element.tag),
        missing=missing,
    )


def _can_be(tag: int) -> bool:
    """Whether a tag is one of the dictionary, or of a private element in a group that is used.

    No four bytes of text make one (PS3.5 7.8.1).
    """
    group, element = tag >> 16, tag & 0xFFFF
    return vr_of(tag) is not None or (group % 2 == 1 and group < 0x100 and element >= 0x1000)


def check_whole(element: RawDataElement | DataElement) -> None:
    if (
        isinstance(element, RawDataElement)
        and element.length != UNDEFINED
        and len(element.value or b"") < element.length
    ):
        raise truncated(element)
