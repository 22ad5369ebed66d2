"""Trees of outputs held against their inputs: each beside its own, whoever made it."""

import shutil
from pathlib import Path

import pydicom
import pytest

from dicom_veil.cli import main
from tests.core.files import bundled
from tests.core.studies import write_study

COUNT = 5
NAME = "Quisquilia^Zenobia"
REAL = ("CT_small.dcm", "MR_small.dcm", "SC_rgb_rle_2frame.dcm", "rtplan.dcm", "JPEG2000.dcm")


@pytest.fixture
def originals(tmp_path: Path) -> Path:
    """A study of one person whose slices differ, and other real files."""
    folder = tmp_path / "in"
    for number, path in enumerate(write_study(folder / "study", COUNT, PatientName=NAME)):
        dataset = pydicom.dcmread(path)
        dataset.PixelData = bytes([number]) * len(dataset.PixelData)
        dataset.PatientID = "QX-770123"
        dataset.save_as(path)
    for name in REAL:
        shutil.copy(bundled(name), folder / name)
    return folder


@pytest.fixture
def tree(originals: Path, tmp_path: Path) -> Path:
    out = tmp_path / "out"
    arguments = ["deidentify", str(originals), "--output", str(out), "--pictures"]
    assert main([*arguments, "--accept", "all"]) == 0
    return out


def verify(tree: Path, originals: Path, *more: str) -> int:
    return main(["verify", str(tree), "--against", str(originals), *more])


def test_a_clean_tree(tree: Path, originals: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With its report, sums, journal and pictures.

    Of a plan without pixels, and of a picture that lost its comments, nobody knows the input.
    """
    capsys.readouterr()
    assert verify(tree, originals) == 0
    said = capsys.readouterr()
    assert said.out == ""
    count = sum(path.is_file() for path in tree.rglob("*"))
    assert f"Nothing was found in {count} outputs. 2 could not be told" in said.err


@pytest.mark.parametrize("where", ["element", "report", "name", "pixels changed", "a picture"])
def test_one_that_still_identifies(
    where: str, tree: Path, originals: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = next(path for path in tree.glob("SUBJ-*/**/*.dcm") if path.name == f"IMG-{COUNT:05d}.dcm")
    if where in ("element", "pixels changed"):
        dataset = pydicom.dcmread(one)
        dataset.ImageComments = f"{NAME} CompressedSamples^CT1 Lestrade^G Anonymized"
        if where == "pixels changed":
            dataset.PixelData = bytes(len(dataset.PixelData))
        dataset.save_as(one)
    elif where == "report":
        report = tree / "report.json"
        report.write_text(report.read_text("utf-8").replace("Veil", NAME, 1), "utf-8")
    elif where == "name":
        one.rename(one.with_name("Zenobia Quisquilia.dcm"))
    else:
        picture = sorted(tree.rglob("*.png"))[0]
        picture.write_bytes(picture.read_bytes() + b"QX-770123 Quisquilia Zenobia")
    capsys.readouterr()
    assert verify(tree, originals) == 1
    said = capsys.readouterr()
    assert "1 of" in said.err
    assert said.out.startswith("output ")
    for value in ("quisquilia", "zenobia", "770123", str(tree).lower()):
        assert value not in (said.out + said.err).lower()
    assert verify(tree, originals, "--name-inputs") == 1
    assert str(tree) in capsys.readouterr().out


def test_a_date_is_found_whichever_attribute_of_whichever_input_it_is_of(
    tree: Path, originals: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The study date of one input is the birth date of another: one token stands for both."""
    other = originals / "rtplan.dcm"
    dataset = pydicom.dcmread(other)
    dataset.PatientBirthDate = pydicom.dcmread(originals / "CT_small.dcm").StudyDate
    dataset.save_as(other)
    plan = next(path for path in tree.glob("SUBJ-*/**/*.dcm")
                if pydicom.dcmread(path).Modality == "RTPLAN")  # fmt: skip
    made = pydicom.dcmread(plan)
    made.RTPlanLabel = f"born {dataset.PatientBirthDate}"
    made.save_as(plan)
    capsys.readouterr()
    assert verify(tree, originals) == 1
    assert "a date of PatientBirthDate" in capsys.readouterr().out


OTHER = pydicom.Dataset()
OTHER.PatientName = "Wigglesworth^Ottoline"
OTHER.PatientID = "ZK-998812"
OTHER.PatientBirthDate = "19370217"
OTHER.AccessionNumber = "ACC88120077"


# What an output may say of it: where, in which words, and as what that is found.
SAID = {
    "ImageComments": ("not Ottoline Wigglesworth", "a name of PatientName"),
    "SeriesDescription": ("see wigglesworth", "a word of a name of PatientName"),
    "ProtocolName": ("as of ZK998812", "an ID of PatientID"),
    "StudyDescription": ("born 17.02.1937", "a date of PatientBirthDate"),
    "DerivationDescription": ("order ACC88120077", "an ID of AccessionNumber"),
}


@pytest.mark.parametrize("pixels", ["as they were", "changed"])
def test_what_another_input_says_of_its_patient(
    pixels: str, tree: Path, originals: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """That input has an output of its own, so that nothing else of it is looked for here."""
    other = pydicom.dcmread(originals / "MR_small.dcm")
    other.update(OTHER)
    other.save_as(originals / "MR_small.dcm")
    one = next(path for path in tree.glob("SUBJ-*/**/*.dcm") if path.name == f"IMG-{COUNT:05d}.dcm")
    dataset = pydicom.dcmread(one)
    for where, (text, _found) in SAID.items():
        setattr(dataset, where, text)
    if pixels == "changed":
        dataset.PixelData = bytes(len(dataset.PixelData))
    dataset.save_as(one)
    capsys.readouterr()
    assert verify(tree, originals) == 1
    told = capsys.readouterr()
    for where, (_text, found) in SAID.items():
        assert f": {where}: {found} of another input\n" in told.out
    assert "1 of" in told.err
    for value in ("wigglesworth", "998812", "1937", "88120077"):
        assert value not in (told.out + told.err).lower()


def test_what_another_patient_shares_with_what_stays_is_no_hit(
    originals: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A phantom called as its pictures are made, somebody as a scanner, and a number."""
    for path in (originals / "study").iterdir():
        dataset = pydicom.dcmread(path)
        dataset.Manufacturer = "Avanto 1234567"
        dataset.DerivationDescription = "JPEG compression"
        dataset.save_as(path)
    names = ("JPEG^Compression", "Avanto^Sam", "Wigglesworth^Ottoline")
    for name, number, file in zip(names, ("MR5581", "CT5582", "1234567"), REAL, strict=False):
        other = pydicom.dcmread(originals / file)
        other.PatientName, other.PatientID = name, number
        other.save_as(originals / file)
    out = tmp_path / "out"
    arguments = ["deidentify", str(originals), "--output", str(out), "--profile", "research"]
    assert main([*arguments, "--accept", "all"]) == 0
    kept = pydicom.dcmread(next(out.rglob("IMG-00005.dcm")))
    assert (kept.Manufacturer, kept.DerivationDescription) == ("Avanto 1234567", "JPEG compression")
    capsys.readouterr()
    assert verify(out, originals, "--profile", "research") == 0, capsys.readouterr().out


def test_copies_of_the_inputs_identify(
    originals: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copies = tmp_path / "copies"
    shutil.copytree(originals / "study", copies)
    assert verify(copies, originals) == 1
    assert f"{COUNT} of {COUNT} outputs still identify." in capsys.readouterr().err


def test_nothing_to_hold_it_against(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert verify(tree, tmp_path / "empty") == 2
    assert verify(tmp_path / "empty", tree) == 1
    assert verify(tmp_path / "absent", tree) == 2
