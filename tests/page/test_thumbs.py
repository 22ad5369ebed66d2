"""The small pictures of the list, where the one that would be taken is damaged."""

from pathlib import Path

import pydicom
from playwright.sync_api import expect
from pydicom.encaps import encapsulate
from pydicom.uid import RLELossless

from tests.core.files import bundled
from tests.page.driver import READY_MS, Tab


def series(folder: Path, damaged: set[int], count: int) -> list[Path]:
    """RLE slices of one series; the damaged ones say that they have no segments (PS3.5 G.5)."""
    paths = []
    for number in range(1, count + 1):
        dataset = pydicom.dcmread(bundled("CT_small.dcm"))
        dataset.InstanceNumber = number
        del dataset.ImagePositionPatient
        dataset.compress(RLELossless, generate_instance_uid=True)
        dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = f"1.2.3.{number}"
        if number in damaged:
            dataset.PixelData = encapsulate([bytes(64)])
            dataset["PixelData"].is_undefined_length = True
        paths.append(folder / f"{number}.dcm")
        dataset.save_as(paths[-1])
    return paths


def test_a_neighbour_stands_for_a_damaged_middle(tab: Tab, tmp_path: Path) -> None:
    tab.choose(*series(tmp_path, {3}, 5))
    assert tab.settle(5) == ["ready"] * 5
    expect(tab.page.locator("canvas.thumb:not(.blank)")).to_be_visible(timeout=READY_MS)
    drawn = tab.evaluate(
        "(({ width, height, data }) => ({ width, height, levels: new Set(data).size }))"
        "(document.querySelector('canvas.thumb').getContext('2d').getImageData(0, 0, 80, 80))"
    )
    assert (drawn["width"], drawn["height"]) == (80, 80)
    assert drawn["levels"] > 50


def test_a_series_of_which_nothing_can_be_decoded_has_none(tab: Tab, tmp_path: Path) -> None:
    """It is tried a few times and no more, and the next series gets its picture."""
    other = bundled("MR_small.dcm")
    tab.choose(*series(tmp_path, set(range(1, 6)), 5), other)
    assert tab.settle(6)[-1] == "ready"
    expect(tab.page.locator("canvas.thumb:not(.blank)")).to_have_count(1, timeout=READY_MS)
    expect(tab.page.locator("canvas.thumb.blank")).to_have_count(1)
