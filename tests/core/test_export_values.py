"""Values leave as they are: PNG of 16 bits, TIFF and NumPy arrays, read back to the bit."""

from io import BytesIO

import numpy as np
import pydicom
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image
from pydicom.pixels import apply_rescale, pixel_array

from dicom_veil import errors
from dicom_veil.export import format_of
from dicom_veil.export.png16 import OFFSET, samples
from dicom_veil.export.shot import Shot
from tests.core.exported import made, of, pictures, series, shots
from tests.core.files import bundled
from tests.core.make import header, instance
from tests.core.test_export import chunks

GRAY = ["CT_small.dcm", "MR_small.dcm", "examples_overlay.dcm", "693_J2KI.dcm"]
# Tags of TIFF 6.0 that say how the pixels lie, and how large they are.
TAGS = {254, 256, 257, 258, 259, 262, 273, 277, 278, 279, 282, 283, 284, 296, 317, 339}


def judged(name: str, values: str) -> NDArray[np.generic]:
    """pydicom's own stored or rescaled values."""
    array = pixel_array(bundled(name), raw=True)
    if values == "stored":
        return array
    return apply_rescale(array, pydicom.dcmread(bundled(name)))


def calibration(content: bytes) -> tuple[str, int]:
    """Purpose and x0 of the pCAL chunk, whose linear equation gives the samples from x0 on."""
    (body,) = (body for kind, body in chunks(content) if kind == b"pCAL")
    purpose, _, rest = body.partition(b"\0")
    low, high = (int.from_bytes(rest[at : at + 4], "big", signed=True) for at in (0, 4))
    assert high - low == 65535
    assert rest[8:10] == b"\0\x02"  # linear, two parameters
    assert rest[10:] == b"\x000\x0065535"  # no unit; p0 and p1
    return purpose.decode(), low


@pytest.mark.parametrize("name", GRAY)
@pytest.mark.parametrize("values", ["stored", "modality"])
def test_png_of_16_bits_gives_the_values_back(name: str, values: str) -> None:
    """Sample − offset is the value; the file itself says which values and which offset."""
    content = made("png16", shots(name)[:1], values=values)
    assert {kind for kind, _ in chunks(content)} == {b"IHDR", b"pCAL", b"IDAT", b"IEND"}
    purpose, low = calibration(content)
    expected = judged(name, values)
    assert purpose == f"{values} values"
    signed = values == "modality" or expected.dtype.kind == "i"
    assert low == (-OFFSET if signed else 0)
    with Image.open(BytesIO(content)) as image:
        assert image.mode == "I;16"
        back = np.asarray(image).astype(np.int64) + low
    np.testing.assert_array_equal(back, np.rint(expected).astype(np.int64))


def test_values_beyond_16_bits_are_refused() -> None:
    with pytest.raises(errors.OutOfRange, match="more than 16 bits"):
        samples(np.array([[70000]], np.uint32), 0)
    with pytest.raises(errors.OutOfRange, match="more than 16 bits"):
        samples(np.array([[np.nan]]), OFFSET)
    with pytest.raises(errors.Unsupported, match="in colour"):
        made("png16", shots("examples_rgb_color.dcm"))


@pytest.mark.parametrize("name", [*GRAY, "rtdose.dcm", "image_dfl.dcm"])
@pytest.mark.parametrize("values", ["stored", "modality"])
def test_tiff_of_values_is_exact(name: str, values: str) -> None:
    """Every page, in the type of the values; only tags that pixels need."""
    frames = [shot for shot in shots(name) if shot.frame]
    content = made("tiff16", frames, values=values)
    with tifffile.TiffFile(BytesIO(content)) as tiff:
        assert len(tiff.pages) == len(frames)
        for page in tiff.pages:
            assert {tag.code for tag in page.tags} <= TAGS
        back = np.stack([page.asarray() for page in tiff.pages])
    expected = np.stack([shot.stored() if values == "stored" else shot.rescaled()
                         for shot in frames])  # fmt: skip
    if name in GRAY:
        np.testing.assert_array_equal(expected[0], judged(name, values))
    assert back.dtype == (expected.dtype if values == "stored" else np.float32)
    np.testing.assert_array_equal(back, expected.astype(back.dtype))


def test_tiff_has_the_size_of_a_pixel() -> None:
    """Resolution in pixels per centimetre, columns first; pixels that were made square say so."""
    dataset = header(8, 4, PixelSpacing=["0.5", "0.25"])
    shot = Shot(instance(dataset, np.arange(32, dtype=np.uint16).tobytes()), 0)
    for name, options, shape, per_cm in (
        ("tiff16", {}, (8, 4), (40, 20)),
        ("tiff", {"square": False}, (8, 4), (40, 20)),
        ("tiff", {}, (16, 4), (40, 40)),
    ):
        with tifffile.TiffFile(BytesIO(made(name, [shot], **options))) as tiff:
            tags = tiff.pages[0].tags
            assert tiff.pages[0].shape == shape
            assert tags["ResolutionUnit"].value == 3
            found = [tags[tag].value for tag in ("XResolution", "YResolution")]
            assert [one / other for one, other in found] == list(per_cm)


@pytest.mark.parametrize("name", ["rtdose.dcm", "examples_ybr_color.dcm"])
def test_tiff_of_pictures_page_by_page(name: str) -> None:
    frames = shots(name)
    content = made("tiff", frames)
    with Image.open(BytesIO(content)) as image:
        assert image.n_frames == len(frames)
        for number, shot in enumerate(frames):
            image.seek(number)
            np.testing.assert_array_equal(np.asarray(image), pictures([shot])[0])


def test_tiff_of_floats() -> None:
    values = np.array([[1e-30, -2.5], [0.1, 1e30]], np.float64)
    dataset = header(2, 2, BitsAllocated=64, BitsStored=None, HighBit=None)
    shot = Shot(instance(dataset, values.tobytes(), keyword="DoubleFloatPixelData"), 0)
    for kind, dtype in (("stored", np.float64), ("modality", np.float32)):
        back = tifffile.imread(BytesIO(made("tiff16", [shot], values=kind)))
        np.testing.assert_array_equal(back, values.astype(dtype), strict=True)


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("CT_small.dcm", (128, 128)),
        ("rtdose.dcm", (15, 10, 10)),
        ("examples_rgb_color.dcm", (240, 320, 3)),
        ("examples_ybr_color.dcm", (30, 240, 320, 3)),
        ("examples_palette.dcm", (350, 800)),
    ],
)
def test_npy_is_what_pydicom_decodes(name: str, shape: tuple[int, ...]) -> None:
    """Stored values, colour as decoded; an axis of frames only where there are several."""
    back = np.load(BytesIO(made("npy", shots(name))), allow_pickle=False)
    assert back.shape == shape
    expected = pixel_array(bundled(name), raw=True)
    assert back.dtype == expected.dtype
    np.testing.assert_array_equal(back, expected)


def test_npy_of_modality_values() -> None:
    back = np.load(BytesIO(made("npy", shots("CT_small.dcm"), values="modality")))
    assert back.dtype == np.float32
    np.testing.assert_array_equal(back, judged("CT_small.dcm", "modality"))
    with pytest.raises(errors.Unsupported, match="in colour"):
        made("npy", shots("examples_rgb_color.dcm"), values="modality")


@pytest.mark.parametrize("name", ["npy", "tiff", "tiff16", "gif"])
def test_frames_of_another_size_are_refused_and_harm_nothing(name: str) -> None:
    """The file is as if the odd one had never been offered; an empty one is refused."""
    form = format_of(name)
    target = BytesIO()
    writer = form.open(target, form.settings({}))
    first, other = shots("CT_small.dcm")[0], shots("MR_small.dcm")[0]
    writer.add(first)
    with pytest.raises(errors.OutOfRange, match="not all of one"):
        writer.add(other)
    writer.add(first)
    writer.close()
    assert target.getvalue() == made(name, [first, first])
    with pytest.raises(errors.OutOfRange, match="no picture"):
        made(name, [])


def test_a_series_stacks() -> None:
    slices = of(series())
    back = np.load(BytesIO(made("npy", slices)))
    np.testing.assert_array_equal(back, np.stack([one.stored() for one in slices]))
