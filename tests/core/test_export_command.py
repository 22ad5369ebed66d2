"""Exports on the command line: every format, series in order, ZIP, refusals, and no value said."""

import zipfile
from io import BytesIO
from pathlib import Path

import av
import numpy as np
import pydicom
import pytest
from PIL import Image
from pydicom.dataset import Dataset
from pydicom.pixels import pixel_array

from dicom_veil.cli import main
from dicom_veil.export import FORMATS
from tests.core.canary import canary
from tests.core.exported import folder, made, of, pictures, series, shots
from tests.core.files import bundled

CT, US = str(bundled("CT_small.dcm")), str(bundled("examples_ybr_color.dcm"))


def names(path: Path) -> list[str]:
    return sorted(file.name for file in path.iterdir())


@pytest.mark.parametrize("form", [one.name for one in FORMATS])
def test_every_format_of_a_series(tmp_path: Path, form: str) -> None:
    """Files of one picture: one each; of a series: one, the same as from the core, in order."""
    contents = series()
    source = folder(tmp_path / "in", contents)
    assert main(["export", str(source), "--output", str(tmp_path / "out"), "--format", form]) == 0
    one = next(one for one in FORMATS if one.name == form)
    if one.scope != "series":
        expected = [f"IMG-{number:05d}{one.extension}" for number in range(1, 6)]
        assert names(tmp_path / "out") == expected
        written = (tmp_path / "out" / expected[2]).read_bytes()
        assert written == made(form, [of(contents)[2]])
    else:
        assert names(tmp_path / "out") == [f"SER-00001{one.extension}"]
        written = (tmp_path / "out" / f"SER-00001{one.extension}").read_bytes()
        assert written == made(form, of(reversed(contents)))  # from feet to head


def test_a_clip_is_one_file_and_its_frames_several(tmp_path: Path) -> None:
    for form, frame, count in (("gif", [], 1), ("png", ["--frame", "all"], 30), ("png", [], 1)):
        out = tmp_path / f"{form}{count}"
        assert main(["export", US, "--output", str(out), "--format", form, *frame]) == 0
        assert len(names(out)) == count
    with Image.open(tmp_path / "gif1" / "IMG-00001.gif") as image:
        assert image.n_frames == 30
    last = np.asarray(Image.open(tmp_path / "png30" / "IMG-00001-0030.png"))
    np.testing.assert_array_equal(last, pictures(shots("examples_ybr_color.dcm"))[29])


def test_npy_is_the_whole_instance_or_one_frame(tmp_path: Path) -> None:
    for frame, shape in (([], (30, 240, 320, 3)), (["--frame", "4"], (240, 320, 3))):
        command = ["export", US, "--output", str(tmp_path), "--format", "npy", "--force", *frame]
        assert main(command) == 0
        array = np.load(tmp_path / "IMG-00001.npy")
        assert array.shape == shape
    np.testing.assert_array_equal(array, pixel_array(bundled("examples_ybr_color.dcm"), index=3,
                                                     raw=True))  # fmt: skip


def test_modality_values(tmp_path: Path) -> None:
    command = ["export", CT, "--output", str(tmp_path), "--format", "npy", "--values", "modality"]
    assert main(command) == 0
    dataset = pydicom.dcmread(CT)
    expected = dataset.pixel_array * dataset.RescaleSlope + dataset.RescaleIntercept
    np.testing.assert_array_equal(np.load(tmp_path / "IMG-00001.npy"), expected)


def test_series_apart(tmp_path: Path) -> None:
    """By Series Instance UID; a localizer of another direction is no part of its series' film."""

    def localizer(number: int, dataset: Dataset) -> None:
        if number == 4:
            dataset.ImageOrientationPatient = [1, 0, 0, 0, 0, -1]
        if number == 3:
            dataset.SeriesInstanceUID = "1.2.3"

    source = folder(tmp_path / "in", series(localizer))
    for form, counts in (("mp4", [3, 1, 1, 30]), ("tiff", [3, 1, 1, 30])):
        out = tmp_path / form
        more = ["--series"] if form == "tiff" else []
        command = ["export", str(source), US, "--output", str(out), "--format", form, *more]
        assert main(command) == 0
        found = []
        for name in names(out):
            if form == "tiff":
                with Image.open(out / name) as image:
                    found.append(image.n_frames)
            else:
                with av.open(str(out / name)) as film:
                    found.append(film.streams.video[0].frames)
        assert found == counts
    out = tmp_path / "sheet"
    main(["export", str(source), US, "--output", str(out), "--format", "contact-sheet"])
    assert len(names(out)) == 3


def test_window_rate_quality_columns(tmp_path: Path) -> None:
    source = folder(tmp_path / "in", series())
    for options, extension in (
        (["--format", "mp4", "--rate", "25", "--preset", "lung"], "mp4"),
        (["--format", "contact-sheet", "--columns", "5", "--file", "pdf"], "pdf"),
        (["--format", "contact-sheet", "--columns", "5", "--no-captions"], "png"),
    ):
        assert main(["export", str(source), "--output", str(tmp_path / "out"), *options]) == 0
        assert (tmp_path / "out" / f"SER-00001.{extension}").exists()
    with av.open(str(tmp_path / "out" / "SER-00001.mp4")) as film:
        assert film.streams.video[0].average_rate == 25
    with Image.open(tmp_path / "out" / "SER-00001.png") as image:
        assert image.size == (5 * 260 + 4, 264)
    for quality in ("30", "95"):
        main(["export", CT, "--output", str(tmp_path / quality), "--format", "jpeg",
              "--quality", quality, "--window", "40/400"])  # fmt: skip
    sizes = [(tmp_path / quality / "IMG-00001.jpg").stat().st_size for quality in ("30", "95")]
    assert sizes[0] < sizes[1] / 2


def test_oblong_pixels_become_square_unless_not_wanted(tmp_path: Path) -> None:
    def oblong(_number: int, dataset: Dataset) -> None:
        dataset.PixelSpacing = ["1.4", "0.7"]

    source = folder(tmp_path / "in", series(oblong)[:1])
    for flags, size in (([], (256, 512)), (["--no-square"], (256, 256))):
        out = tmp_path / f"out{len(flags)}"
        assert main(["export", str(source), "--output", str(out), "--format", "png", *flags]) == 0
        with Image.open(out / "IMG-00001.png") as image:
            assert image.size == size


def test_overlays_are_drawn_when_asked_for(tmp_path: Path) -> None:
    source = str(bundled("examples_overlay.dcm"))
    for flags in ([], ["--overlays"]):
        out = tmp_path / f"out{len(flags)}"
        assert main(["export", source, "--output", str(out), "--format", "png", *flags]) == 0
    plain, drawn = (np.asarray(Image.open(tmp_path / name / "IMG-00001.png"))
                    for name in ("out0", "out1"))  # fmt: skip
    changed = plain != drawn
    assert changed.any()
    assert set(drawn[changed].ravel().tolist()) == {255}


def test_zip_holds_what_the_folder_would(tmp_path: Path) -> None:
    source = folder(tmp_path / "in", series())
    command = ["export", str(source), "--format", "png"]
    assert main([*command, "--output", str(tmp_path / "a")]) == 0
    assert main([*command, "--output", str(tmp_path / "b"), "--zip"]) == 0
    assert main([*command, "--output", str(tmp_path / "b"), "--zip"]) == 2  # it is there
    assert names(tmp_path / "b") == ["export.zip"]
    with zipfile.ZipFile(tmp_path / "b" / "export.zip") as packed:
        assert packed.testzip() is None
        assert packed.namelist() == names(tmp_path / "a")
        for entry in packed.infolist():
            assert packed.read(entry) == (tmp_path / "a" / entry.filename).read_bytes()
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)
            assert (entry.comment, entry.extra[:0], packed.comment) == (b"", b"", b"")


def test_a_zip_of_nothing_is_none(tmp_path: Path) -> None:
    command = ["export", str(bundled("rtplan.dcm")), "--output", str(tmp_path), "--format", "png"]
    assert main([*command, "--zip"]) == 1
    assert names(tmp_path) == []


def test_inputs_may_be_in_a_zip(tmp_path: Path) -> None:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as packed:
        for number, content in enumerate(series()):
            packed.writestr(f"{number}.dcm", content)
    (tmp_path / "in.zip").write_bytes(target.getvalue())
    command = ["export", str(tmp_path / "in.zip"), "--output", str(tmp_path / "out")]
    assert main([*command, "--format", "nifti"]) == 0
    assert (tmp_path / "out" / "SER-00001.nii").read_bytes() == made("nifti", of(series()))


def test_one_refused_harms_no_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A damaged slice is named and left out of its film; what is no volume is named."""

    def uneven(number: int, dataset: Dataset) -> None:
        dataset.ImagePositionPatient = [0, 0, number**2]

    contents = series(uneven)
    cut = bytearray(contents[2])
    source = folder(tmp_path / "in", [*contents[:2], bytes(cut[:-1000]), *contents[3:]])
    out = ["--output", str(tmp_path / "out")]
    assert main(["export", str(source), *out, "--format", "mp4"]) == 1
    said = capsys.readouterr().err
    assert "input 3 of 5: The file ends inside its pixel data" in said
    assert "1 files written, 1 refused." in said
    with av.open(str(tmp_path / "out" / "SER-00001.mp4")) as film:
        assert film.streams.video[0].frames == 4
    assert main(["export", str(source), *out, "--format", "nifti"]) == 1
    assert "SER-00001.nii: The slices of the series are not evenly spaced." in (
        capsys.readouterr().err
    )
    assert names(tmp_path / "out") == ["SER-00001.mp4"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--format", "png", "--quality", "95"],
        ["--format", "jpeg", "--quality", "0"],
        ["--format", "png", "--series"],
        ["--format", "mp4", "--frame", "3"],
        ["--format", "npy", "--values", "nonsense"],
        ["--format", "gif", "--rate", "1000"],
    ],
)
def test_wrong_usage_writes_nothing(tmp_path: Path, arguments: list[str]) -> None:
    out = tmp_path / "out"
    assert main(["export", CT, "--output", str(out), *arguments]) == 2
    assert not out.exists() or names(out) == []


def test_nothing_is_replaced_unasked(tmp_path: Path) -> None:
    command = ["export", CT, "--output", str(tmp_path), "--format"]
    for form in ("png", "contact-sheet"):
        assert main([*command, form]) == 0
        assert main([*command, form]) == 2
        assert main([*command, form, "--force"]) == 0


@pytest.mark.parametrize("form", [one.name for one in FORMATS])
def test_no_value_of_the_header_leaves(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], form: str
) -> None:
    """A canary with a marker in every attribute: none in the files, their names or messages."""
    planted = canary()
    (tmp_path / "in.dcm").write_bytes(planted.content)
    out = tmp_path / "out"
    main(["export", str(tmp_path / "in.dcm"), "--output", str(out), "--format", form])
    said = capfd.readouterr()
    everything = (said.out + said.err).encode() + " ".join(names(out)).encode()
    for path in out.iterdir():
        everything += path.read_bytes()
    assert len(names(out)) == 1
    assert planted.survivors(everything) == []
