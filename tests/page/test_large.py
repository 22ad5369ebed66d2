"""A clip of nearly 4 GB, the most that an element without compression can hold: it is never whole

in memory, shown, and written with every byte of its pixels.
"""

import struct
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom
from playwright.sync_api import Playwright, expect

from dicom_veil.decode import decode_frame
from dicom_veil.read import read
from tests.bench.studies import memory
from tests.core.files import bundled
from tests.core.studies import FULL
from tests.page.driver import READY_MS, Tab
from tests.page.places import program

SIDE = 512
FRAME_BYTES = SIDE * SIDE * 2
FRAMES = 8191 if FULL else 200  # 4,294,443,008 bytes: an element's length has 32 bits (PS3.5 7.1.1)
MOST_MEMORY = 800 << 20  # above idle, whatever the file's size; its reader keeps some frames
PIECE = 16 << 20
PATIENCE_MS = 1_200_000
LENGTHS = struct.Struct("<HHccHL")


def large(path: Path) -> int:
    """Frames of zeros, which take no room on most disks, but for three; where the pixels begin."""
    dataset = pydicom.dcmread(bundled("CT_small.dcm"))
    dataset.Rows = dataset.Columns = SIDE
    dataset.NumberOfFrames = FRAMES
    dataset.PatientName = "Large^Name"
    del dataset.PixelData, dataset.DataSetTrailingPadding
    head = BytesIO()
    dataset.save_as(head)
    element = LENGTHS.pack(0x7FE0, 0x0010, b"O", b"W", 0, FRAMES * FRAME_BYTES)
    start = len(head.getvalue()) + len(element)
    with path.open("wb") as file:
        file.write(head.getvalue() + element)
        file.truncate(start + FRAMES * FRAME_BYTES)
        for number in (0, FRAMES // 2, FRAMES - 1):
            file.seek(start + number * FRAME_BYTES)
            file.write(np.random.default_rng(number).integers(0, 256, FRAME_BYTES, "u1").tobytes())
    return start


def sum_from(path: Path, start: int) -> str:
    found = sha256()
    with path.open("rb") as file:
        file.seek(start)
        while piece := file.read(PIECE):
            found.update(piece)
    return found.hexdigest()


def test_it_is_shown_and_written(
    playwright: Playwright, addresses: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "large.dcm"
    begin = large(path)
    data = tmp_path / "profile"
    chromium = program("VEIL_CHROMIUM", "chromium", "chromium-browser", "google-chrome")
    context = playwright.chromium.launch_persistent_context(data, executable_path=chromium)
    try:
        tab = Tab(context.new_page(), addresses["file"]).open().wait_ready()
        before = memory(data)
        tab.choose(path)
        tab.settle(1)
        tab.show(tab.rows.first)
        canvas = "[data-testid=viewer-canvas][data-shown$='/{}']:not([data-stale])"
        tab.page.keyboard.press("End")
        last = tab.page.locator(canvas.format(FRAMES - 1))
        expect(last).to_be_visible(timeout=READY_MS)
        with tab.page.expect_download(timeout=PATIENCE_MS) as saved:
            tab.begin()
        peak = memory(data)
        result = Path(saved.value.path())
        with result.open("rb") as file:
            instance = read(file)
            assert instance.pixels is not None
            assert instance.dataset.PatientName != "Large^Name"
            start = instance.pixels.offset
            frame = decode_frame(instance, FRAMES - 1)
            assert len(np.unique(frame.values)) > 1
        assert result.stat().st_size - start == FRAMES * FRAME_BYTES
        assert sum_from(result, start) == sum_from(path, begin)
        assert peak - before < MOST_MEMORY
        assert tab.errors == []
    finally:
        context.close()
