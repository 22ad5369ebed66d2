"""Films are opened by FFmpeg, GIF by Pillow: every frame once, at its rate, close to its source."""

import re
import sys
import tracemalloc
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from pydicom.dataset import Dataset

from dicom_veil import errors
from dicom_veil.cli import main
from dicom_veil.export import format_of
from dicom_veil.export.shot import Shot
from dicom_veil.export.steady import automatic_of
from tests.core.exported import folder, made, of, pictures, series, shots
from tests.core.make import header, instance

US = shots("examples_ybr_color.dcm")  # 30 frames in colour, 240 × 320, at 30 frames a second
FILMS = pytest.mark.parametrize(("name", "codec"), [("mp4", "h264"), ("webm", "vp9")])
# Words by which encoders and muxers sign, and dates.
SIGNED = re.compile(rb"x264|lib[a-z]|Lavc|ffmpeg|PyAV|20\d\d-", re.IGNORECASE)
NEAR_LOSSLESS = 40.0  # dB


def psnr(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    error = np.mean((one.astype(float) - other.astype(float)) ** 2)
    return float(10 * np.log10(255**2 / max(error, 1e-9)))


def frames_of(content: bytes) -> list[NDArray[np.uint8]]:
    with av.open(BytesIO(content)) as film:
        return [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]


def colored(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return picture if picture.ndim == 3 else np.repeat(picture[:, :, None], 3, axis=2)


def own_rate(**attributes: object) -> list[Shot]:
    """Three odd-sized frames of one instance."""
    dataset = header(63, 65, NumberOfFrames=3, **attributes)
    cells = np.add.outer(np.arange(3) * 60, np.add.outer(np.arange(63) * 8, np.arange(65) * 8))
    made_of = instance(dataset, cells.astype(np.uint16).tobytes())
    return [Shot(made_of, index) for index in range(3)]


@FILMS
def test_a_clip_at_its_own_rate(name: str, codec: str) -> None:
    """Codec, size, rate, colours marked as they are, and every frame once, near its source."""
    content = made(name, US)
    with av.open(BytesIO(content)) as film:
        (stream,) = film.streams
        context = stream.codec_context
        assert (context.name, context.height, context.width) == (codec, 240, 320)
        assert (context.pix_fmt, context.colorspace, context.color_range) == ("yuv420p", 1, 1)
        assert stream.average_rate == 30
        times = [float(frame.pts * frame.time_base) for frame in film.decode(video=0)]
    assert np.allclose(times, np.arange(30) / 30, atol=1e-3)
    frames = frames_of(content)
    assert len(frames) == 30
    found = [psnr(one, two) for one, two in zip(frames, pictures(US), strict=True)]
    assert min(found) >= NEAR_LOSSLESS
    # Each is nearest to its own source (some sources are alike): none is missing.
    sources = [picture[::8, ::8] for picture in pictures(US)]
    for number, frame in enumerate(frames):
        found = [psnr(frame[::8, ::8], source) for source in sources]
        assert found[number] == max(found)


@FILMS
def test_a_series_at_eight_frames_a_second(name: str, codec: str) -> None:
    slices = of(series())
    for options, rate in (({}, 8), ({"rate": 25}, 25)):
        content = made(name, slices, **options)
        with av.open(BytesIO(content)) as film:
            assert film.streams.video[0].average_rate == rate
        found = [
            psnr(one, colored(two))
            for one, two in zip(frames_of(content), pictures(slices), strict=True)
        ]
        assert min(found) >= NEAR_LOSSLESS


@FILMS
@pytest.mark.parametrize(
    ("attributes", "rate"),
    [
        ({"CineRate": "15"}, 15),
        ({"FrameTime": "33.333333"}, 30),
        ({"RecommendedDisplayFrameRate": "4", "CineRate": "15"}, 4),
        ({}, 8),
    ],
)
def test_odd_sides_are_padded_and_rates_kept(
    name: str, codec: str, attributes: dict[str, object], rate: int
) -> None:
    frames = own_rate(**attributes)
    content = made(name, frames)
    with av.open(BytesIO(content)) as film:
        assert abs(film.streams.video[0].average_rate - Fraction(rate)) < Fraction(1, 100)
    back = frames_of(content)
    assert [frame.shape for frame in back] == [(64, 66, 3)] * 3
    for one, two in zip(back, pictures(frames), strict=True):
        assert psnr(one[:63, :65], colored(two)) >= NEAR_LOSSLESS


@FILMS
def test_films_sign_nothing_and_are_the_same_again(name: str, codec: str) -> None:
    content = made(name, US[:5])
    assert SIGNED.findall(content) == []
    assert made(name, US[:5]) == content
    with av.open(BytesIO(content)) as film:
        assert not {"creation_time", "title", "comment"} & {key.lower() for key in film.metadata}


def test_films_of_nothing_or_of_two_sizes_are_refused() -> None:
    with pytest.raises(errors.OutOfRange, match="no picture"):
        made("mp4", [])
    with pytest.raises(errors.OutOfRange, match="not all of one size"):
        made("mp4", [US[0], *shots("CT_small.dcm")])


def test_without_pyav_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(errors.Unsupported, match=r"dicom-veil\[video\]"):
        made("mp4", US[:1])


def test_gif_frame_by_frame() -> None:
    """Grays are exact; each frame is due when its rate says, to 1/100 s; it loops for ever."""
    slices = of(series())
    for options, total in (({}, 62), ({"rate": 30}, 17), ({"rate": 120}, 10)):
        with Image.open(BytesIO(made("gif", slices, **options))) as image:
            assert image.info["loop"] == 0
            assert image.n_frames == 5
            lasting = 0
            for number, picture in enumerate(pictures(slices)):
                image.seek(number)
                lasting += image.info["duration"]
                np.testing.assert_array_equal(np.asarray(image.convert("L")), picture)
            assert lasting == total * 10


def test_gif_keeps_frames_that_are_alike() -> None:
    """A still is a frame like any other: none is merged or left out."""
    still = shots("CT_small.dcm") * 4
    with Image.open(BytesIO(made("gif", still))) as image:
        assert image.n_frames == 4


def test_gif_of_colours_is_close() -> None:
    with Image.open(BytesIO(made("gif", US))) as image:
        assert image.n_frames == 30
        for number, picture in enumerate(pictures(US)):
            image.seek(number)
            assert psnr(np.asarray(image.convert("RGB")), picture) > 30


def test_gif_holds_nothing_else() -> None:
    """Only graphic control, looping and image blocks: no comment, no plain text (GIF89a 20-26)."""
    content = made("gif", US[:3])
    position, labels = 13 + 3 * 256, []
    while content[position] != 0x3B:
        if content[position] == 0x21:
            labels.append(content[position + 1])
            position += 2
        else:
            assert content[position] == 0x2C
            table = content[position + 9]
            position += 10 + (3 << ((table & 7) + 1) if table & 0x80 else 0) + 1
        while content[position]:
            position += content[position] + 1
        position += 1
    assert position == len(content) - 1
    assert labels == [0xFF, 0xF9, 0xF9, 0xF9]


def test_contact_sheet_has_every_picture_in_its_place(tmp_path: Path) -> None:
    """Tiles of a grid, row by row; each shrunk as Pillow shrinks it."""
    slices = of(series())
    sheet = Image.open(BytesIO(made("contact-sheet", slices, columns=2, tile=128, captions=False)))
    assert sheet.mode == "L"
    assert sheet.size == (2 * 132 + 4, 3 * 132 + 4)
    for number, picture in enumerate(pictures(slices)):
        left, top = 4 + number % 2 * 132, 4 + number // 2 * 132
        tile = sheet.crop((left, top, left + 128, top + 128))
        expected = Image.fromarray(picture).resize((128, 128), Image.Resampling.LANCZOS)
        np.testing.assert_array_equal(np.asarray(tile), np.asarray(expected))


def test_captions_say_number_and_position_and_no_more() -> None:
    from dicom_veil.export.contact_sheet import caption

    slices = of(series())
    assert [caption(number, shot) for number, shot in enumerate(slices, 1)] == [
        "1  ·  40.0 mm", "2  ·  20.0 mm", "3  ·  0.0 mm", "4  ·  -20.0 mm", "5  ·  -40.0 mm",
    ]  # fmt: skip
    assert caption(7, US[6]) == "7"
    plain = np.asarray(Image.open(BytesIO(made("contact-sheet", slices, captions=False))))
    named = np.asarray(Image.open(BytesIO(made("contact-sheet", slices))))
    assert named.shape[0] > plain.shape[0]
    assert named[4 + 256 : 4 + 256 + 27].max() > 150  # letters stand below the first row


def test_contact_sheet_as_pdf() -> None:
    """A4 pages; no document information, no XMP, no word about the program."""
    content = made("contact-sheet", of(series()) * 5, columns=4, file="pdf")
    assert content.startswith(b"%PDF-1.4\n")
    assert content.count(b"/Type /Page\n") == 2
    (width, _), *_ = re.findall(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", content)
    assert abs(float(width) / 72 - 8.27) < 0.01
    for word in (b"Pillow", b"/Info", b"Producer", b"CreationDate", b"/Metadata", b"/ID"):
        assert word not in content
    assert made("contact-sheet", of(series()) * 5, columns=4, file="pdf") == content


def test_a_sheet_takes_pictures_of_all_kinds() -> None:
    mixed = [*shots("CT_small.dcm"), US[0], *shots("MR_small.dcm")]
    with Image.open(BytesIO(made("contact-sheet", mixed))) as sheet:
        assert sheet.mode == "RGB"
    with pytest.raises(errors.OutOfRange, match="too large"):
        made("contact-sheet", shots("MR_small.dcm") * 300, columns=1, tile=1024)


def test_without_a_window_a_film_does_not_flicker(tmp_path: Path) -> None:
    """One automatic window for all, of the frame in the middle."""

    def plain(number: int, dataset: Dataset) -> None:
        for keyword in ("WindowCenter", "WindowWidth", "VOILUTSequence"):
            if keyword in dataset:
                del dataset[keyword]

    contents = series(plain)
    source = folder(tmp_path / "in", contents)
    command = ["export", str(source), "--output", str(tmp_path / "out"), "--format"]
    assert main([*command, "gif", "--series"]) == 0
    middle = automatic_of(of(contents)[2].shown)
    assert middle is not None
    steady = [Shot(shot.instance, 0, middle) for shot in reversed(of(contents))]
    written = (tmp_path / "out" / "SER-00001.gif").read_bytes()
    assert written == made("gif", steady)
    assert written != made("gif", of(reversed(contents)))


@pytest.mark.parametrize("name", ["gif", "tiff", "tiff16", "npy", "nifti", "mp4"])
def test_memory_does_not_grow_with_the_frames(name: str, tmp_path: Path) -> None:
    """Frames go to the file as they come."""
    form = format_of(name)
    frame = shots("693_J2KI.dcm")[0]
    size = frame.frame.values.nbytes

    def peak(count: int) -> int:
        with (tmp_path / "out").open("w+b") as target:
            writer = form.open(target, form.settings({}))
            writer.add(frame)
            tracemalloc.start()
            for _ in range(count):
                writer.add(frame)
            found = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return found

    few, many = peak(2), peak(12)
    assert many < few + 2 * size


def test_formats_without_room_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    wide = Shot(instance(header(1, 20000), np.zeros(20000, np.uint16).tobytes()), 0)
    for name, most in (("webp", "16383"), ("mp4", "8192"), ("webm", "8192")):
        with pytest.raises(errors.OutOfRange, match=most):
            made(name, [wide])
    monkeypatch.setattr("dicom_veil.export.tiff.MOST_BYTES", 100_000)
    with pytest.raises(errors.OutOfRange, match="4 GB"):
        made("tiff", US[:2])
    long = Shot(instance(header(40000, 1), np.zeros(40000, np.uint16).tobytes()), 0)
    with pytest.raises(errors.OutOfRange, match="32767 voxels"):
        made("nifti", [long])
