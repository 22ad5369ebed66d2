"""Text in real and made pictures, found by the real models."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from dicom_veil import errors
from dicom_veil.cli import main
from dicom_veil.picture import render
from dicom_veil.read import Instance, read
from dicom_veil.redact.redact import redact
from dicom_veil.redact.region import Region
from dicom_veil.text import native
from dicom_veil.text.ask import Ask, answered
from dicom_veil.text.boxes import Box, same_line
from dicom_veil.text.clip import scan_clip
from dicom_veil.text.detect import Line
from dicom_veil.text.instance import Scanned, scan_instance
from dicom_veil.text.lines import Readings, is_read, united
from dicom_veil.text.read import Reading, characters
from dicom_veil.text.scan import Found, outermost, scan
from dicom_veil.text.tasks import Tasks
from dicom_veil.text.tiles import TILE, parts
from tests.core.files import CORPUS, bundled, needs_corpus
from tests.core.make import header, instance
from tests.page.texts import strip_of_us

RUN, CHARACTERS = native.runner()
Picture = NDArray[np.uint8]


def written(picture: Picture, text: str, at: tuple[int, int], level: int = 220) -> Picture:
    image = Image.fromarray(picture)
    ImageDraw.Draw(image).text(at, text, fill=level, font=ImageFont.load_default(18))
    return np.asarray(image)


def speckle(seed: int, rows: int = 240, columns: int = 320) -> Picture:
    return np.random.default_rng(seed).rayleigh(18, (rows, columns)).clip(0, 255).astype(np.uint8)


def found_in(picture: Picture) -> list[Found]:
    return answered(scan(picture, CHARACTERS), RUN)


def texts(found: list[Found]) -> str:
    return " ".join(one.reading.text for one in found)


def scanned(given: Instance) -> Scanned:
    return answered(scan_instance(given, CHARACTERS), RUN)


def test_the_characters_are_those_of_the_model() -> None:
    assert characters() == ("", *native.characters_of_model(), " ")


def test_a_name_on_speckle_is_read_and_nothing_else_is() -> None:
    found = found_in(written(speckle(1), "MUELLER ANNA", (30, 100)))
    assert texts(found).replace(" ", "") == "MUELLERANNA"
    assert found_in(speckle(1)) == []


@pytest.mark.parametrize("turn", [1, 3])
def test_a_name_on_end_is_read(turn: int) -> None:
    picture = np.ascontiguousarray(np.rot90(written(speckle(2), "MUELLER ANNA", (30, 100)), turn))
    found = found_in(picture)
    assert texts(found).replace(" ", "") == "MUELLERANNA"
    assert found[0].box.height > found[0].box.width


def test_print_at_the_corner_of_a_large_picture_is_found_and_in_the_right_place() -> None:
    picture = np.zeros((800, 1000), np.uint8)
    found = found_in(written(picture, "ID 4711081", (890, 778)))
    assert texts(found).replace(" ", "") == "ID4711081"
    assert found[0].box.common(Box(890, 778, 990, 800)) > 0.8 * 90 * 15


def test_blue_on_white_is_found() -> None:
    picture = np.full((120, 320, 3), 255, np.uint8)
    image = Image.fromarray(picture)
    font = ImageFont.load_default(18)
    ImageDraw.Draw(image).text((20, 40), "GARCIA MARIA", fill=(150, 150, 255), font=font)
    assert texts(found_in(np.asarray(image))).replace(" ", "") == "GARCIAMARIA"


def test_a_shape_that_is_read_as_one_ideograph_is_no_text() -> None:
    read = Readings((Reading("沙", 0.93), Reading("沙", 0.92)))
    assert not is_read(Box(0, 0, 120, 105), read)


@pytest.mark.parametrize(
    "picture",
    [
        np.zeros((1, 1), np.uint8),
        np.full((1, 1, 3), 200, np.uint8),
        np.tile(np.array([[0, 255]], np.uint8), (3, 400)),
        np.zeros((500, 700), np.uint8),
    ],
    ids=["one pixel", "one pixel in color", "three rows", "black"],
)
def test_a_picture_without_room_for_text_has_none(picture: Picture) -> None:
    assert found_in(picture) == []


def test_a_page_full_of_text_is_found_line_by_line() -> None:
    image = Image.new("L", (400, 180), 255)
    lines = [f"Report line {number} of patient Example" for number in range(1, 7)]
    for number, line in enumerate(lines):
        ImageDraw.Draw(image).text((20, 10 + 25 * number), line, fill=0,
                                   font=ImageFont.load_default(16))  # fmt: skip
    found = found_in(np.asarray(image))
    assert len(found) >= len(lines)
    assert all(f"line{number}of" in texts(found).replace(" ", "") for number in range(1, 7))


@pytest.mark.parametrize("size", [(1, 1), (640, 640), (641, 3000), (4000, 4000)])
def test_parts_cover_what_is_uneven_and_are_bounded(size: tuple[int, int]) -> None:
    picture = np.zeros(size, np.uint8)
    marks = np.random.default_rng(1).integers(0, size, (40, 2))
    picture[tuple(marks.T)] = 200
    found = parts(picture)
    assert max((max(one.width, one.height) for one in found), default=0) <= TILE
    if picture.size > 1:
        for row, column in marks:
            assert any(
                one.left <= column < one.right and one.top <= row < one.bottom for one in found
            )
    assert sum(one.area for one in found) < 3 * picture.size


def test_what_is_dark_is_not_looked_at() -> None:
    picture = np.zeros((3000, 4000), np.uint8)
    assert parts(picture) == []
    found = parts(written(picture, "MUELLER", (2000, 1500)))
    assert len(found) == 1
    assert found[0].area < 200 * 100


def test_a_large_region_does_not_swallow_a_line() -> None:
    assert not same_line(Box(0, 0, 500, 400), Box(10, 10, 100, 25))
    assert same_line(Box(0, 0, 100, 20), Box(50, 1, 180, 22))
    assert not same_line(Box(0, 0, 100, 20), Box(0, 18, 100, 38))


def test_text_that_the_window_hides_is_found() -> None:
    values = np.full((200, 320), 1000, np.uint16)
    values += np.random.default_rng(3).integers(0, 40, values.shape, np.uint16)
    ink = written(np.zeros(values.shape, np.uint8), "SCHMIDT 1956", (40, 90), 255) > 100
    values[ink] = 3000  # the window ends below the tissue: all of it is white
    given = header(200, 320, WindowCenter="400", WindowWidth="200")
    found = scanned(instance(given, values.tobytes()))
    read = "".join(one.judged.reading.text for one in found.texts)
    assert read.replace(" ", "") == "SCHMIDT1956"


def test_one_bit_pictures_are_scanned() -> None:
    bits = written(np.zeros((64, 320), np.uint8), "MUELLER 47110", (20, 20), 255) > 100
    given = header(64, 320, BitsAllocated=1, BitsStored=1, HighBit=0)
    packed = np.packbits(bits, bitorder="little").tobytes()
    found = scanned(instance(given, packed))
    assert "MUELLER" in "".join(one.judged.reading.text for one in found.texts)


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1)])
def test_pictures_of_hardly_a_pixel_are_scanned(size: tuple[int, int]) -> None:
    found = scanned(instance(header(*size), bytes(2 * size[0] * size[1])))
    assert (found.frames, found.texts) == ((0,), ())


def test_a_name_in_an_overlay_is_found_and_can_be_removed() -> None:
    ink = written(np.zeros((80, 320), np.uint8), "MUELLER ANNA", (30, 20), 255) > 100
    given = header(80, 320, PatientName="Mueller^Anna")
    given.add_new(0x60000010, "US", 80)
    given.add_new(0x60000011, "US", 320)
    given.add_new(0x60000040, "CS", "G")
    given.add_new(0x60000050, "SS", [1, 1])
    given.add_new(0x60000100, "US", 1)
    given.add_new(0x60000102, "US", 0)
    given.add_new(0x60003000, "OW", np.packbits(ink, bitorder="little").tobytes())
    made = instance(given, bytes(2 * 80 * 320))
    [one] = scanned(made).texts
    assert (one.judged.kind, one.judged.matches) == ("identifies", ("PatientName",))
    box = one.judged.box
    removed = redact(made, [Region(box.left, box.top, box.right, box.bottom)]).instance
    assert scanned(removed).texts == ()


def test_text_at_the_end_of_a_very_large_picture_is_found_in_bounded_memory() -> None:
    picture = np.zeros((20000, 20000), np.uint8)
    picture[19900:19960, 19600:19990] = written(
        np.zeros((60, 390), np.uint8), "MUELLER ANNA", (100, 20)
    )
    largest = 0

    def run(ask: Ask) -> NDArray[np.float32]:
        nonlocal largest
        largest = max(largest, ask.tensor.size)
        return RUN(ask)

    found = answered(scan(picture, CHARACTERS), run)
    assert texts(found).replace(" ", "") == "MUELLERANNA"
    assert largest <= (3 * TILE) ** 2


def test_thousands_of_lines_are_each_kept() -> None:
    lines = [Line(Box(x, y, x + 30, y + 10), 0.9) for x in range(0, 4000, 40)
             for y in range(0, 1000, 20)]  # fmt: skip
    assert len(lines) == 5000
    assert united(lines) == lines
    found = [Found(one.box, Reading("4711", 0.9)) for one in lines]
    assert list(outermost(found)) == found


def test_frames_are_told_apart_while_the_first_answer_is_awaited() -> None:
    frames, seen = [written(speckle(3), "MUELLER ANNA", (30, 100))] * 20, set()

    def frame(index: int) -> Picture:
        seen.add(index)
        return frames[index]

    tasks = Tasks(scan_clip(len(frames), frame, CHARACTERS))
    assert tasks.go_on() is not None
    while tasks.more:
        tasks.go_on()
    assert seen == set(range(len(frames)))


def clip(count: int, shown: dict[int, str], static: str = "") -> list[Picture]:
    """Frames of moving speckle with a text in some of them, and one in all."""
    frames = []
    for number in range(count):
        frame = np.zeros((200, 320), np.uint8)
        frame[60:180, 60:260] = speckle(number, 120, 200)
        frame = written(frame, static, (5, 5)) if static else frame
        frames.append(written(frame, shown[number], (90, 100)) if number in shown else frame)
    return frames


def test_a_text_in_one_frame_of_many_is_found_and_what_stays_is_one() -> None:
    frames = clip(40, {23: "KOWALSKI"}, "EXAMPLE CLINIC")
    found = answered(scan_clip(len(frames), frames.__getitem__, CHARACTERS), RUN)
    where = {one.found.reading.text.replace(" ", ""): one for one in found}
    assert set(where) == {"EXAMPLECLINIC", "KOWALSKI"}
    assert (where["KOWALSKI"].first_frame, where["KOWALSKI"].last_frame) == (23, 23)
    always = where["EXAMPLECLINIC"]
    assert (always.first_frame, always.last_frame) == (0, 39)


def test_a_still_clip_asks_the_models_once() -> None:
    frame = written(speckle(5), "EXAMPLE CLINIC", (5, 5))
    asks: list[str] = []

    def run(ask: Ask) -> NDArray[np.float32]:
        asks.append(ask.model)
        return RUN(ask)

    answered(scan(frame, CHARACTERS), run)
    once = len(asks)
    asks.clear()
    answered(scan_clip(60, lambda _index: frame, CHARACTERS), run)
    assert len(asks) == once


def test_a_text_that_changes_is_read_in_every_frame() -> None:
    frames = clip(12, {number: f"CODE {40 + 7 * number}" for number in range(12)})
    found = answered(scan_clip(len(frames), frames.__getitem__, CHARACTERS), RUN)
    shown = {index for one in found for index in range(one.first_frame, one.last_frame + 1)}
    assert shown == set(range(12))


@needs_corpus
def test_what_a_real_picture_shows_is_classed() -> None:
    with (CORPUS / "presidio__2_ORIGINAL.dcm").open("rb") as file:
        found = scanned(read(file))
    kinds = {one.judged.kind: one.judged.matches for one in found.texts}
    assert "PatientName" in kinds["identifies"] or "PatientBirthDate" in kinds["identifies"]
    assert len(found.texts) == 2


def test_the_command_tells_boxes_per_frame(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.dcm"
    picture = written(speckle(4), "MUELLER ANNA", (30, 100))
    given = header(*picture.shape, BitsAllocated=8, BitsStored=8, HighBit=7,
                   PatientName="Mueller^Anna")  # fmt: skip
    path.write_bytes(content_of(given, picture))
    broken = tmp_path / "b.dcm"
    broken.write_bytes(b"no DICOM")
    assert main(["scan", "--json", str(path)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["scanned"] == 1
    [box] = told["frames"][0]["boxes"]
    assert (box["kind"], box["matches"], box["source"]) == ("identifies", ["PatientName"], "read")
    assert box["may_identify"] is True
    assert main(["scan", str(path), str(broken)]) == 1
    shown = capsys.readouterr()
    assert "identifies = PatientName" in shown.out
    assert "not scanned" in shown.err


def content_of(given: object, picture: Picture) -> bytes:
    source = instance(given, picture.tobytes()).body  # type: ignore[arg-type]
    source.seek(0)
    content = source.read()
    assert isinstance(content, bytes)
    return content


@pytest.mark.parametrize("wrong", ["missing", "damaged", "no package"])
def test_without_its_models_a_scan_is_said_to_be_missing(
    wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    carrier = tmp_path / "carrier"
    (carrier / "models").mkdir(parents=True)
    (carrier / "__init__.py").touch()
    if wrong == "damaged":
        for file, _digest in native.MODELS.values():
            (carrier / "models" / file).write_bytes(b"no model")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(native, "CARRIER", "no_such" if wrong == "no package" else "carrier")
    native._session.cache_clear()
    try:
        with pytest.raises(errors.Unsupported):
            native.runner()
        assert main(["scan", str(bundled("CT_small.dcm"))]) == 2
        told = capsys.readouterr()
        assert "Nothing was scanned" in told.err
        assert "no text" not in told.out
    finally:
        native._session.cache_clear()


def test_a_scan_over_the_wire_is_the_scan() -> None:
    from tests.core.test_tab import File, call

    picture = written(speckle(6), "MUELLER ANNA", (30, 100))
    given = header(*picture.shape, BitsAllocated=8, BitsStored=8, HighBit=7,
                   PatientName="Mueller^Anna")  # fmt: skip
    content = content_of(given, picture)
    call("init", key="00" * 32)
    told, buffers = call("scan_start", File(content), instance="scanned by wire")
    waiting: list[tuple[dict[str, Any], bytes]] = []
    while "done" not in told:
        waiting += [(told, bytes(one)) for one in buffers]
        if told["more"]:
            told, buffers = call("scan_on", job=told["job"])
            continue
        ask, tensor = waiting.pop()  # the last one first
        output = RUN(Ask(ask["model"], np.frombuffer(tensor, np.uint8).reshape(ask["shape"])))
        told, buffers = call("scan_answer", File(output.tobytes()), job=told["job"],
                             ask=ask["ask"], shape=list(output.shape))  # fmt: skip
    assert waiting == []
    assert told["done"] == scanned(read(BytesIO(content))).as_json()
    with pytest.raises(errors.NoJob):
        call("scan_answer", File(b""), job=told["job"], ask=1, shape=[1])


def test_an_answer_of_another_shape_ends_the_scan() -> None:
    from tests.core.test_tab import File, call

    content = bundled("CT_small.dcm").read_bytes()
    told, _ = call("scan_start", File(content), instance="wrongly answered")
    with pytest.raises(errors.Usage):
        call("scan_answer", File(bytes(8)), job=told["job"], ask=1, shape=[1, 1, 32, 32])
    with pytest.raises(errors.NoJob):
        call("scan_answer", File(bytes(8)), job=told["job"], ask=1, shape=[1, 1, 1, 2])


def test_a_line_is_told_beside_the_block_that_holds_it(tmp_path: Path) -> None:
    """The corner of a real picture, of which a look sees two lines as one."""
    with strip_of_us(tmp_path / "strip.dcm").open("rb") as file:
        found = found_in(render(read(file), 0))
    assert "BAPTIST MED CTR" in [one.reading.text for one in found]
    alone = Found(Box(8, 8, 88, 24), Reading("ONE LINE", 0.9))
    block = Found(Box(2, 5, 93, 38), Reading("OE LNE", 0.6))
    assert list(outermost([block, alone])) == [block, alone]
    sure = Found(block.box, Reading("TWO LINES", 0.95))
    assert list(outermost([sure, alone])) == [sure]
