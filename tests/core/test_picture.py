"""Pictures against an outside judge: dcmtk draws every monochrome file at the same window.

The bar is a difference of 1 in 255: dcmtk cuts off where the nearest step is taken here. What
dcmtk 3.6.7 has no codec for is handed to it uncompressed by GDCM.
"""

import shutil
import subprocess
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from dicom_veil import errors
from dicom_veil.attributes import element_of
from dicom_veil.decode import Frame, decode_frame, frame_count
from dicom_veil.modality import modality_of
from dicom_veil.picture import rendered
from dicom_veil.read import Instance
from dicom_veil.shown import Shown
from dicom_veil.window import Window, auto_window, file_windows
from tests.core.files import BUNDLED, bundled, real_files
from tests.core.judges import JudgeCannot, dcm2pnm, needs_dcmtk
from tests.core.test_decode import opened

JPEG_2000 = "1.2.840.10008.1.2.4.9"
NO_CODEC = "dcmtk has no codec for this transfer syntax"
# What the judge gives no picture of, by the last part of the name; everything is decoded here.
JUDGE_CANNOT = {
    "liver_deflate.dcm": NO_CODEC,
    "parametric_map_float.dcm": "dcmtk does not know Float Pixel Data",
    "parametric_map_double_float.dcm": "dcmtk does not know Double Float Pixel Data",
    "liver_nonbyte_aligned_rle.dcm": "dcmtk does not decode RLE of 1-bit pixels",
    "JLSL_08_07_0_1F.dcm": "dcmtk refuses JPEG-LS of 7 bits",
    "CT0012.fragmented_no_bot_jpeg_baseline.51.dcm": "frame 2: dcmtk needs an offset table",
    "CT0012.fragmented_no_bot_jpeg_ls.81.dcm": "frame 2: dcmtk needs an offset table",
}
# dcmtk keeps modality values as integers (DiMonoModality) although a rescale by a fraction gives
# fractions (PS3.3 C.11.1.1.2), and does not read the rescale in functional groups (C.7.6.16.2.9).
# In these files that matters; the judge gets the same window in stored values, without modality.
BY_STORED_VALUES = {
    "002_non_isotropic_001.dcm": "slope 0.001",
    "6247": "slope 0.684, under a window of which one value is two steps of gray",
    "IM-0001-0170-0001.dcm": "rescale in the functional groups of each frame",
}
# dcmtk swaps 32-bit big-endian cells as pairs of 16-bit words, which gives other numbers than
# those of the same dose in little endian; `test_big_endian_dose` shows which of the two is right.
OTHER_NUMBERS = {"rtdose_expb.dcm", "rtdose_expb_1frame.dcm"}
TALLY: Counter[str] = Counter()


def bare(path: Path) -> str:
    """A file's name without the source that the corpus puts before it."""
    return path.name.rpartition("__")[2]


@cache
def monochrome() -> list[Path]:
    """Every gray picture of pydicom and the corpus; what is refused is judged by itself."""
    found = []
    for path in real_files():
        try:
            if not decode_frame(opened(path), 0).color:
                found.append(path)
        except errors.VeilError:
            continue
    return found


def windows_of(instance: Instance, frame: Frame, frame_index: int) -> list[Window]:
    """The file's own views, the automatic one, and an off-centre narrow and a soft one."""
    auto = auto_window(instance.dataset, frame, frame_index)
    center, width = auto.center + auto.width * 0.2, max(auto.width * 0.37, 2.0)
    return [
        *file_windows(instance.dataset, frame_index)[:3],
        auto,
        Window(center, width, "LINEAR", source="person"),
        Window(center, width, "SIGMOID", source="person"),
    ]


def in_stored_values(window: Window, instance: Instance, frame_index: int) -> Window:
    """The same window before the rescale; LINEAR becomes EXACT, which scales."""
    modality = modality_of(instance.dataset, frame_index)
    center, width, function = window.center, window.width, window.function
    if function == "LINEAR":
        center, width, function = center - 0.5, width - 1, "LINEAR_EXACT"
    return Window((center - modality.intercept) / modality.slope, width / modality.slope, function)


def judged(
    path: Path, instance: Instance, frame_index: int, window: Window, folder: Path
) -> NDArray[np.uint8]:
    """The judge's picture, by the detour that the file needs."""
    source, syntax = path, str(instance.transfer_syntax)
    if syntax.startswith(JPEG_2000):
        source, syntax = uncompressed(path, folder), ""
    if bare(path) in BY_STORED_VALUES:
        stored = in_stored_values(window, instance, frame_index)
        return dcm2pnm(source, syntax, frame_index, stored, folder / "j.pnm", options=("-M",))
    return dcm2pnm(source, syntax, frame_index, window, folder / "j.pnm")


def uncompressed(path: Path, folder: Path) -> Path:
    """The same instance with its pixels decoded by GDCM."""
    if shutil.which("gdcmconv") is None:
        pytest.skip("dcmtk has no JPEG 2000, and gdcmconv is not installed")
    target = folder / "raw.dcm"
    if not target.exists():
        subprocess.run(["gdcmconv", "--raw", str(path), str(target)], check=True, timeout=120)
    return target


def padded(shown: Shown) -> NDArray[np.bool_]:
    """Which pixels are no image by the header, without the code that finds them for the screen."""
    dataset = shown.dataset
    values = shown.frame.values
    found = [element_of(dataset, f"PixelPadding{one}") for one in ("Value", "RangeLimit")]
    raw = [one.value for one in found if one is not None and one.value]
    order = "<" if shown.instance.little_endian else ">"
    ends = np.concatenate([np.frombuffer(one, order + "u2") for one in raw or [b""]])
    ends = ends.astype("u2").view("i2" if values.dtype.kind == "i" else "u2").astype(int)
    if not ends.size or values.dtype.kind == "f":
        return np.zeros(values.shape, bool)
    dark: NDArray[np.bool_] = (values >= ends.min()) & (values <= ends.max())
    return dark


@needs_dcmtk
@pytest.mark.parametrize("path", monochrome(), ids=lambda path: path.name)
def test_pictures_agree_with_dcmtk(path: Path, tmp_path: Path) -> None:
    """First and last frame, at every kind of window: a difference of 1 at most."""
    instance = opened(path)
    if bare(path) in OTHER_NUMBERS:
        TALLY["not comparable: judge swaps 32-bit big endian as 16-bit words"] += 1
        pytest.skip("dcmtk reads other numbers from 32-bit big-endian cells")
    for frame_index in sorted({0, frame_count(instance.dataset) - 1}):
        shown = Shown(instance, frame_index)
        frame = shown.frame
        for window in windows_of(instance, frame, frame_index):
            try:
                theirs = judged(path, instance, frame_index, window, tmp_path)
            except JudgeCannot as refusal:
                assert bare(path) in JUDGE_CANNOT, refusal  # noqa: PT017
                TALLY["judge cannot: " + JUDGE_CANNOT[bare(path)]] += 1
                break
            ours = rendered(shown, window)
            assert ours.shape == theirs.shape
            dark = padded(shown)
            assert not ours[dark].any()
            difference = np.abs(ours.astype(int) - theirs)[~dark].max(initial=0)
            TALLY["of these with padding, which dcmtk draws as image"] += bool(dark.any())
            TALLY[f"pictures that differ by {difference}"] += 1
            assert difference <= 1, (frame_index, window)


def refused() -> list[Path]:
    """Every file that no picture is made of here."""
    return sorted(set(real_files()) - set(monochrome()))


@needs_dcmtk
@pytest.mark.parametrize("path", refused(), ids=lambda path: path.name)
def test_nothing_that_dcmtk_draws_is_refused(path: Path, tmp_path: Path) -> None:
    """What is refused here, dcmtk refuses too; colours are decoded."""
    try:
        assert decode_frame(opened(path), 0).color
    except errors.VeilError as refusal:
        TALLY[f"refused by both: {refusal.code}"] += 1
        with pytest.raises(JudgeCannot):
            dcm2pnm(path, "", 0, None, tmp_path / "j.pnm")


def test_big_endian_dose() -> None:
    """32-bit big-endian cells hold the numbers of their little-endian twin."""
    for big, little in (
        ("rtdose_expb.dcm", "rtdose.dcm"),
        ("rtdose_expb_1frame.dcm", "rtdose_1frame.dcm"),
    ):
        ours, twin = (decode_frame(opened(bundled(name)), 0).values for name in (big, little))
        np.testing.assert_array_equal(ours, twin)


def test_tally_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """Prints the table of agreement."""
    assert BUNDLED.is_dir()
    with capsys.disabled():
        print("\npictures against dcmtk:")
        for what, count in sorted(TALLY.items()):
            print(f"  {count:5}  {what}")
