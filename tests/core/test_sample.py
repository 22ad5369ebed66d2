"""The sample study: whole, valid, the same everywhere, and full of what identifies."""

import hashlib
import shutil
import subprocess
import time
from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom
import pytest

from dicom_veil.decode import decode_frame
from dicom_veil.modality import modality_of
from dicom_veil.picture import render
from dicom_veil.read import read
from dicom_veil.sample import SLICES, sample_study

STUDY = sample_study()
DIGEST = "0045ae4f71249a5e01fb163222c8f0784333141f67df10de2835f2b3a4710b10"


def test_it_is_one_study_of_one_patient() -> None:
    """Several slices in order, one patient, one series."""
    datasets = [pydicom.dcmread(BytesIO(content)) for content in STUDY]
    assert len(datasets) == SLICES
    for keyword in ("PatientID", "StudyInstanceUID", "SeriesInstanceUID"):
        assert len({dataset[keyword].value for dataset in datasets}) == 1
    assert len({dataset.SOPInstanceUID for dataset in datasets}) == SLICES
    heights = [float(dataset.ImagePositionPatient[2]) for dataset in datasets]
    assert heights == sorted(heights, reverse=True)


def test_it_is_the_same_everywhere() -> None:
    """The bytes do not depend on time, chance or platform."""
    assert sample_study() == STUDY
    digest = hashlib.sha256(b"".join(STUDY)).hexdigest()
    assert digest == DIGEST


def test_it_identifies_in_every_kind_of_place() -> None:
    """Name in plain, nested and private attributes; dates; UIDs."""
    dataset = pydicom.dcmread(BytesIO(STUDY[0]))
    assert "Brückner" in str(dataset.PatientName)
    assert "Brückner" in dataset.RequestAttributesSequence[0].RequestedProcedureDescription
    assert "Brückner" in dataset.private_block(0x0019, "VEIL SAMPLE")[0x01].value
    assert len([element for element in dataset.iterall() if element.VR == "UI"]) >= 8
    assert len([element for element in dataset.iterall() if element.VR in ("DA", "TM")]) >= 10
    assert dataset.OtherPatientIDsSequence[0].PatientID


def test_its_values_are_those_of_a_body() -> None:
    """Hounsfield units: air around, lung, fat, muscle, contrast and bone inside."""
    instance = read(BytesIO(STUDY[1]))
    values = modality_of(instance.dataset, 0).apply(decode_frame(instance, 0).values)
    for low, high in ((-1024, -950), (-900, -800), (-130, -80), (30, 80), (270, 330), (500, 700)):
        share = ((values >= low) & (values <= high)).mean()
        assert share > 0.002, (low, high)
    picture = render(instance, 0)
    assert picture.std() > 50
    assert np.array_equal(picture[:5], np.zeros((5, 256)))


def test_it_is_small_and_fast() -> None:
    """It is made while a visitor waits."""
    start = time.process_time()  # others may be at work on this machine
    sample_study()
    assert time.process_time() - start < 0.3
    assert sum(map(len, STUDY)) < 1_000_000


@pytest.mark.skipif(shutil.which("dciodvfy") is None, reason="dciodvfy is not installed")
def test_dciodvfy_finds_no_error(tmp_path: Path) -> None:
    """Valid CT images by an outside judge."""
    for number, content in enumerate(STUDY):
        path = tmp_path / f"{number}.dcm"
        path.write_bytes(content)
        done = subprocess.run(
            ["dciodvfy", str(path)], capture_output=True, text=True, check=False, timeout=60
        )
        found = (done.stdout + done.stderr).splitlines()
        assert "CTImage" in found
        assert [line for line in found if line.startswith("Error")] == []
