"""Text that the first look at an instance does not show, and text that cannot be read."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from dicom_veil.read import Instance, read
from dicom_veil.text import native
from dicom_veil.text.ask import answered
from dicom_veil.text.clip import scan_clip
from dicom_veil.text.instance import scan_instance
from dicom_veil.text.scan import scan
from dicom_veil.text.views import views
from tests.core.files import CORPUS, needs_corpus
from tests.core.make import header, instance
from tests.text.fonts import FOLDER

RUN, CHARACTERS = native.runner()
ROWS, COLUMNS = 200, 320
UNIFONT = FOLDER / "opentype/unifont/unifont.otf"


def ink(text: str = "SCHMIDT ANNA", at: tuple[int, int] = (40, 80)) -> NDArray[np.bool_]:
    image = Image.new("L", (COLUMNS, ROWS))
    ImageDraw.Draw(image).text(at, text, fill=255, font=ImageFont.load_default(20))
    return np.asarray(image) > 100


def noise(low: int, high: int, seed: int = 1) -> NDArray[np.int64]:
    return np.random.default_rng(seed).integers(low, high, (ROWS, COLUMNS))


def read_in(given: Instance) -> list[tuple[str, int, int]]:
    found = answered(scan_instance(given, CHARACTERS), RUN)
    return [
        (one.judged.reading.text.replace(" ", ""), one.first_frame, one.last_frame)
        for one in found.texts
    ]


def gray(values: NDArray[Any], **attributes: object) -> Instance:
    kind = np.int16 if attributes.get("PixelRepresentation") else np.uint16
    return instance(header(ROWS, COLUMNS, **attributes), values.astype(kind).tobytes())


HIDDEN = {
    "another of the file's windows shows it": (
        noise(1000, 1060) + 100 * ink() + 20000 * (np.arange(ROWS) > 150)[:, None],
        {"WindowCenter": ["16000", "1080"], "WindowWidth": ["32000", "250"]},
    ),
    "a window of the whole range": (
        noise(300, 360) + 60 * ink(), {"WindowCenter": "32768", "WindowWidth": "65536"}
    ),
    "print in the dark border of an exposure": (
        np.where(np.arange(ROWS)[:, None] > 130, noise(900, 3600), noise(0, 12) + 50 * ink()),
        {"WindowCenter": "2400", "WindowWidth": "2200"},
    ),
    "thirty units above air": (
        noise(-10, 10) + 30 * ink(),
        {"WindowCenter": "500", "WindowWidth": "4000", "PixelRepresentation": 1},
    ),
    "white beside an edge": (
        np.where(np.arange(ROWS)[:, None] % 60 < 12, noise(0, 200), noise(990, 1010) + 900 * ink()),
        {"WindowCenter": "128", "WindowWidth": "256"},
    ),
    "no window, and values far above all others": (
        noise(0, 10) + 40 * ink() + 30000 * (np.hypot(*np.ogrid[-170:30, -280:40]) < 9), {}
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HIDDEN)
def test_what_another_window_could_show_is_found(name: str) -> None:
    values, attributes = HIDDEN[name]
    read = "".join(text for text, _first, _last in read_in(gray(values, **attributes)))
    assert "SCHMIDTANNA" in read


def test_each_frame_is_seen_with_its_own_window() -> None:
    frames = [noise(0, 200, 3), noise(0, 200, 4), noise(0, 200, 5)]
    frames[0] = noise(2990, 3010) + 600 * ink()
    windows = [("3300", "1000"), ("100", "200"), ("100", "200")]
    given = header(ROWS, COLUMNS, NumberOfFrames=3)
    given.PerFrameFunctionalGroupsSequence = Sequence([_of(*window) for window in windows])
    made = instance(given, np.stack(frames).astype(np.uint16).tobytes())
    assert ("SCHMIDTANNA", 0, 0) in read_in(made)


def _of(center: str, width: str) -> Dataset:
    window, group = Dataset(), Dataset()
    window.WindowCenter, window.WindowWidth = center, width
    group.FrameVOILUTSequence = Sequence([window])
    return group


def test_frames_that_differ_in_brightness_and_have_no_window() -> None:
    frames = [noise(2990, 3010) + 600 * ink(), noise(0, 200, 4), noise(0, 200, 5)]
    given = header(ROWS, COLUMNS, NumberOfFrames=3)
    made = instance(given, np.stack(frames).astype(np.uint16).tobytes())
    assert ("SCHMIDTANNA", 0, 0) in read_in(made)


@pytest.mark.parametrize(("ground", "print_"), [(0, 1), (100, 104)])
def test_eight_bits_of_a_few_levels_are_seen(ground: int, print_: int) -> None:
    cells = np.where(ink(), print_, ground).astype(np.uint8)
    given = header(ROWS, COLUMNS, BitsAllocated=8, BitsStored=8, HighBit=7)
    [(text, _first, _last)] = read_in(instance(given, cells.tobytes()))
    assert text == "SCHMIDTANNA"


def test_eight_bits_of_which_a_later_frame_is_white() -> None:
    frames = [noise(0, 90, 3), noise(0, 90, 4), np.where(ink(), 250, noise(195, 205, 5))]
    given = header(ROWS, COLUMNS, NumberOfFrames=3, BitsAllocated=8, BitsStored=8, HighBit=7,
                   WindowCenter="50", WindowWidth="100")  # fmt: skip
    made = instance(given, np.stack(frames).astype(np.uint8).tobytes())
    assert ("SCHMIDTANNA", 2, 2) in read_in(made)


def test_eight_bits_that_are_shown_as_they_are_are_looked_at_once() -> None:
    cells = noise(0, 256).astype(np.uint8).tobytes()
    for window in ({}, {"WindowCenter": "127", "WindowWidth": "255"}):
        given = header(ROWS, COLUMNS, BitsAllocated=8, BitsStored=8, HighBit=7, **window)
        assert len(views(instance(given, cells), [0])) == 1


def test_noise_alone_is_no_text_however_it_is_looked_at() -> None:
    assert read_in(gray(noise(300, 360), WindowCenter="32768", WindowWidth="65536")) == []


@needs_corpus
def test_noise_of_a_real_picture_is_no_text_however_it_is_looked_at() -> None:
    with (CORPUS / "dcmjs__sample-dicom.dcm").open("rb") as file:
        assert read_in(read(file)) == []


def test_each_overlay_is_looked_at_by_itself() -> None:
    given = header(ROWS, COLUMNS)
    for group, plane in ((0x6000, ink()), (0x6002, np.ones((ROWS, COLUMNS), bool))):
        at = group << 16
        for element, vr, value in (
            (0x10, "US", ROWS), (0x11, "US", COLUMNS), (0x40, "CS", "R"), (0x50, "SS", [1, 1]),
            (0x100, "US", 1), (0x102, "US", 0),
            (0x3000, "OW", np.packbits(plane, bitorder="little").tobytes()),
        ):  # fmt: skip
            given.add_new(at | element, vr, value)
    made = instance(given, bytes(2 * ROWS * COLUMNS))
    assert [text for text, _first, _last in read_in(made)] == ["SCHMIDTANNA"]


def speckled(text: str, font: Any, size: tuple[int, int] = (ROWS, COLUMNS)) -> NDArray[np.uint8]:
    image = Image.fromarray(np.random.default_rng(8).integers(20, 50, size, np.uint8))
    ImageDraw.Draw(image).text((30, 70), text, fill=230, font=font)
    return np.asarray(image)


def covers(picture: NDArray[np.uint8]) -> float:
    """The share of bright pixels that lies in what was found."""
    bright = picture > 150
    gone = np.zeros(picture.shape, bool)
    for one in answered(scan(picture, CHARACTERS), RUN):
        gone[one.box.top : one.box.bottom, one.box.left : one.box.right] = True
    return float((bright & gone).sum() / bright.sum())


def test_a_line_upside_down_is_found() -> None:
    picture = speckled("SCHMIDT ANNA", ImageFont.load_default(22))
    assert covers(np.ascontiguousarray(picture[::-1, ::-1])) > 0.95


@pytest.mark.skipif(not UNIFONT.is_file(), reason="needs GNU Unifont")
@pytest.mark.parametrize("name", ["홍길동 영희", "やまだ たろう", "สมชาย ใจดี"])
def test_a_name_in_a_script_that_is_not_read_is_found(name: str) -> None:
    assert covers(speckled(name, ImageFont.truetype(UNIFONT, 32))) > 0.95


@pytest.mark.parametrize(("size", "height"), [((512, 512), 220), ((600, 800), 230)])
def test_letters_a_third_of_the_picture_high_are_found(size: tuple[int, int], height: int) -> None:
    assert covers(speckled("ANNA", ImageFont.load_default(height), size)) > 0.9


def test_a_name_in_the_place_of_one_word_of_a_long_line_is_read() -> None:
    line = "MI 0.8 TIS 0.4 FR 32 GAIN 40 DR 60 MAP 3 FREQ 5 MHz FOCUS 4 cm PRF 5 kHz WF 60 ZOOM 2"
    frames = []
    for number in range(10):
        shown = line.replace("PRF", "LEE") if number == 5 else line
        image = Image.fromarray(np.random.default_rng(6).integers(10, 20, (80, 900), np.uint8))
        ImageDraw.Draw(image).text((5, 30), shown, fill=230, font=ImageFont.load_default(13))
        frames.append(np.asarray(image))
    found = answered(scan_clip(len(frames), frames.__getitem__, CHARACTERS), RUN)
    [name] = [one for one in found if "LEE" in one.found.reading.text]
    assert (name.first_frame, name.last_frame) == (5, 5)
