"""Reasons to look at the pixels, by what a header says."""

import pytest

from dicom_veil.risk import risks
from tests.core.make import header, instance


def codes(**attributes: object) -> set[str]:
    given = header(2, 2, **{"SOPClassUID": "1.2.840.10008.5.1.4.1.1.2", **attributes})
    return {one["code"] for one in risks(instance(given, bytes(8)))}


@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        ({"Modality": "US"}, "text-modality"),
        ({"Modality": "CT", "SOPClassUID": "1.2.840.10008.5.1.4.1.1.6.1"}, "text-modality"),
        ({"Modality": "MR", "BurnedInAnnotation": "YES"}, "burned-in-yes"),
        ({"Modality": "MR", "SOPClassUID": "1.2.840.10008.5.1.4.1.1.7"}, "secondary"),
        ({"Modality": "CT", "ImageType": ["DERIVED", "SECONDARY"]}, "secondary"),
        ({"Modality": "CT", "ConversionType": "WSD"}, "secondary"),
        ({"Modality": "CT", "ImageType": ["ORIGINAL", "PRIMARY", "DOSE_INFO"]}, "page"),
        ({"Modality": "CT", "ImageType": ["ORIGINAL", "PRIMARY", "SCREEN SAVE"]}, "page"),
        ({"Modality": "XC", "Rows": 64, "Columns": 64}, "face-photograph"),
        ({"Modality": "CT", "ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"]}, "localizer"),
        ({"Modality": "CT", "ImageType": ["ORIGINAL", "PRIMARY", "SCOUT"]}, "localizer"),
        ({"Modality": "CT", "BitsStored": 8}, "eight-bit"),
        ({"Modality": "CT", "PhotometricInterpretation": "PALETTE COLOR"}, "colour"),
    ],
)
def test_a_header_gives_a_reason(attributes: dict[str, object], code: str) -> None:
    assert code in codes(**attributes)


def test_burned_in_no_is_not_believed() -> None:
    assert codes(Modality="US", BurnedInAnnotation="NO") == codes(Modality="US")


def test_a_plain_slice_gives_none() -> None:
    assert codes(Modality="CT", ImageType=["ORIGINAL", "PRIMARY", "AXIAL"]) == set()
