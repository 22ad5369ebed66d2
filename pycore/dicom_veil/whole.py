"""Whether an element is there as long as it says."""

from pydicom.dataelem import DataElement, RawDataElement

from dicom_veil import errors
from dicom_veil.encoding import UNDEFINED


def truncated(element: RawDataElement) -> errors.Truncated:
    missing = element.length - len(element.value or b"")
    return errors.Truncated(
        f"The file ends inside attribute {element.tag}: {missing} bytes are missing.",
        tag=str(element.tag),
        missing=missing,
    )


def check_whole(element: RawDataElement | DataElement) -> None:
    if (
        isinstance(element, RawDataElement)
        and element.length != UNDEFINED
        and len(element.value or b"") < element.length
    ):
        raise truncated(element)
