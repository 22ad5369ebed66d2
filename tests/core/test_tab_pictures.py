"""What the page gets of a picture: one made file with everything in its header."""

import json
from typing import Any

import numpy as np
import pytest

from dicom_veil import tab
from dicom_veil.geometry import order
from dicom_veil.picture import drawn
from dicom_veil.read import Instance
from dicom_veil.shown import Shown
from dicom_veil.window import Window
from tests.core.make import header, instance
from tests.core.test_geometry import AXIAL, at_heights, stack
from tests.core.test_grayscale import content
from tests.core.test_overlays import SHAPE, add_plane, placed
from tests.core.test_tab import File

ROWS, COLUMNS = 20, 30


def everything() -> Instance:
    """A CT of oblong pixels, odd sides when square, padding, an overlay, a place in the patient."""
    dataset = header(
        ROWS, COLUMNS, Modality="CT", PixelRepresentation=1, RescaleSlope="1",
        RescaleIntercept="-24", PixelPaddingValue=-2000, PixelSpacing=["1.25", "0.5"],
        ImageOrientationPatient=AXIAL, ImagePositionPatient=["0", "0", "-12.5"], InstanceNumber=7,
        WindowCenter=["40", "300"], WindowWidth=["400", "1500"],
    )  # fmt: skip
    add_plane(dataset, SHAPE, (3, 4))
    values = np.arange(ROWS * COLUMNS, dtype="<i2").reshape(ROWS, COLUMNS)
    values[:, 0] = -2000
    return instance(dataset, values.tobytes())


@pytest.fixture
def file() -> File:
    tab._state = tab._State()
    call("init", None, key="00" * 32)
    return File(content(everything()))


def call(method: str, file: File | None, **params: Any) -> tuple[dict[str, Any], list[Any]]:
    given = {"instance": "a", "frame_index": 0, **params}
    result, buffers = tab.handle(method, json.dumps(given), file)
    return json.loads(result), buffers


def test_inspect(file: File) -> None:
    told, _ = call("inspect", file)
    assert told["place"] == {
        "orientation": AXIAL, "along": -12.5, "temporal": None, "number": 7
    }  # fmt: skip
    assert (told["cine"], told["frame_order"], told["video"]) == (None, None, None)


def test_frame(file: File) -> None:
    told, (buffer,) = call("frame", file)
    assert told["spacing"] == {"mm": [1.25, 0.5], "source": "PixelSpacing"}
    assert told["pixel_aspect"] == [1.25, 0.5]
    assert told["orientation"] == {"left": "R", "right": "L", "top": "A", "bottom": "P"}
    assert told["overlays"] == 1
    assert told["units"] == [
        {"name": "HU", "slope": 1, "intercept": -24}, {"name": "stored", "slope": 1, "intercept": 0}
    ]  # fmt: skip
    assert [one["source"] for one in told["windows"]] == ["file", "file", "auto"]
    indices = np.frombuffer(buffer, "<u2").reshape(ROWS, COLUMNS)
    padding = told["padding"]
    dark = (indices >= padding["low"]) & (indices <= padding["high"])
    assert dark[:, 0].all()
    assert not dark[:, 1:].any()
    _, (lut,) = call("lut", file, window={"center": 0, "width": 9000}, invert=True)
    assert (np.frombuffer(lut, np.uint8)[indices] == 0).tolist() == dark.tolist()


def test_a_frame_comes_with_the_table_that_is_asked_for(file: File) -> None:
    """One message in place of two; `window` null is what the frame is first shown with."""
    wanted = {"center": 0, "width": 900}
    for window, invert in ((None, False), (wanted, True)):
        told, (indices, table) = call("frame", file, table={"window": window, "invert": invert})
        plain, (same,) = call("frame", file)
        used, (lut,) = call("lut", file, window=window, invert=invert)
        assert (bytes(indices), bytes(table)) == (bytes(same), bytes(lut))
        assert told == plain | {"made": used}
    assert told["made"]["window"]["center"] == 0


def test_the_first_frame_is_that_of_the_order() -> None:
    """What `inspect` calls the first is what a frame without a number is."""
    tab._state = tab._State()
    call("init", None, key="00" * 32)
    file = File(content(at_heights([3, 1, 2])))
    inspected, _ = call("inspect", file)
    told, (buffer,) = call("frame", file, frame_index=None)
    assert told["frame_index"] == inspected["frame_order"][0] == 1
    _, (second,) = call("frame", file, frame_index=1)
    assert bytes(buffer) == bytes(second)


def test_overlays(file: File) -> None:
    _, (buffer,) = call("overlays", file)
    mask = np.frombuffer(buffer, np.uint8).reshape(ROWS, COLUMNS)
    np.testing.assert_array_equal(mask, placed(SHAPE, 2, 3))


@pytest.mark.parametrize(
    ("wishes", "size"),
    [
        ({}, (20, 30)),
        ({"overlays": True}, (20, 30)),
        ({"square": True, "overlays": True}, (50, 30)),
        ({"square": True, "even": True}, (50, 30)),
    ],
)
def test_picture(file: File, wishes: dict[str, bool], size: tuple[int, int]) -> None:
    """The same pixels as exports encode; what is not wished for is not done."""
    window = {"center": 100.0, "width": 700.0}
    told, (buffer,) = call("picture", file, window=window, invert=True, **wishes)
    assert (told["rows"], told["columns"], told["color"]) == (*size, False)
    wished = {"overlays": False, "square": False, "even": False, **wishes}
    expected = drawn(Shown(everything(), 0), Window(100, 700), invert=True, **wished)
    np.testing.assert_array_equal(np.frombuffer(buffer, np.uint8).reshape(size), expected)


def test_order() -> None:
    """A series, from the places that inspect told, without a file."""
    places = stack([float(one) for one in AXIAL], [0, 0, 0], [0, 0, 2], 5)[::-1]
    told, _ = call("order", None, places=[vars(place) for place in places])
    assert told["order"] == order(places) == [4, 3, 2, 1, 0]


def test_a_second_look_decodes_nothing(file: File) -> None:
    """Moving a window reads no byte of the file again."""
    call("frame", file)
    taken = file.taken
    for center in range(5):
        call("lut", file, window={"center": center, "width": 50})
    assert file.taken == taken


def test_the_frame_on_the_screen_stays(file: File) -> None:
    """Frames fetched ahead push out the one that was looked at longest ago, not the one shown."""
    call("frame", file, instance="shown")
    for number in range(tab.KEPT_FRAMES + 2):
        call("frame", file, instance=f"ahead{number}")
        call("lut", None, instance="shown", window=None)
    assert len(tab._state.frames) == tab.KEPT_FRAMES
    assert ("shown", "", 0) in tab._state.frames
