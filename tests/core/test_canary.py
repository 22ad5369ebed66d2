"""What is planted in compressed pixels and colour profiles survives no preset."""

import warnings
from io import BytesIO

import numpy as np
import pytest

from dicom_veil.against import verify_files
from dicom_veil.decode import decode_frame
from dicom_veil.deidentify import deidentify
from dicom_veil.identity import Identity
from dicom_veil.profile import BUILT_IN, Profile, load
from dicom_veil.read import read
from dicom_veil.standard import confidentiality
from tests.core.canary import COMPRESSED, canary, compressed_canary

IDENTITY = Identity(bytes(range(32)))


def kept_by_options(profile: Profile) -> set[str]:
    """Attributes that an option of the profile keeps as they are (Table E.1-1)."""
    return {
        row.keyword
        for row in confidentiality().values()
        if any(row.options.get(option) == "K" for option in profile.options)
    }


@pytest.mark.parametrize("family", COMPRESSED)
@pytest.mark.parametrize("preset", BUILT_IN)
def test_no_marker_survives_in_compressed_files(preset: str, family: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        planted = compressed_canary(family)
    assert len(planted.markers) >= 93
    assert len(planted.survivors(planted.content)) == len(planted.markers)
    source = BytesIO(planted.content)
    done = deidentify(source, load(preset), IDENTITY, 1)
    output = b"".join(done.stream(read(source)))
    assert set(planted.survivors(output)) <= kept_by_options(load(preset))
    before, after = read(source), read(BytesIO(output))
    assert np.array_equal(decode_frame(after, 0).values, decode_frame(before, 0).values)
    assert verify_files(BytesIO(output), source, load(preset), "IMG-00001.dcm") == ()


def test_verify_finds_every_marker_that_a_copy_keeps() -> None:
    """A program that changes nothing: each marker of its output has a place and a kind."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        planted = compressed_canary("jpeg")
    found = verify_files(BytesIO(planted.content), BytesIO(planted.content), load("basic"))
    places = {hit.where for hit in found}
    for where in ("preamble", "file meta PrivateInformation", "PatientID", "frame 1, JPEG COM",
                  "frame 1, JPEG APP1", "frame 1, after the image", "DataSetTrailingPadding",
                  "(0019,1002)", "IconImageSequence[1].PixelData", "OverlayData", "StudyDate",
                  "ContentSequence[1].ContentSequence[1].PersonName"):  # fmt: skip
        assert where in places, where


def test_verify_finds_one_marker_alone() -> None:
    """Every value of the canary, planted alone as a comment in the de-identified file."""
    planted = canary()
    source = BytesIO(planted.content)
    done = deidentify(source, load("basic"), IDENTITY, 1)
    output = b"".join(done.stream(read(source)))
    missed = [
        place
        for place, marker in planted.markers.items()
        if not verify_files(BytesIO(marker.ljust(128, b"\0") + output[128:]), source, load("basic"))
    ]
    # Overlay bits are planted twice over, which is another text; the others name the program that
    # wrote the input, not a person (see `against`).
    assert missed == ["overlay data", "ImplementationClassUID", "ImplementationVersionName"]
