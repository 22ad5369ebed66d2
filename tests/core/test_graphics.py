"""Clean Graphics: regions and shapes stay, planes and annotations that can be text do not."""

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from pydicom import dcmread
from pydicom.dataset import Dataset

from dicom_veil.graphics import annotation_verdict, is_region, overlay_rules

from .files import real_files


def overlay(plane: NDArray[np.bool_], kind: str = "R") -> Dataset:
    dataset = Dataset()
    dataset.add_new(0x60000010, "US", plane.shape[0])
    dataset.add_new(0x60000011, "US", plane.shape[1])
    dataset.add_new(0x60000022, "LO", "Smith")
    dataset.add_new(0x60000040, "CS", kind)
    dataset.add_new(0x60000100, "US", 1)
    dataset.add_new(0x60000102, "US", 0)
    dataset.add_new(0x60001500, "LO", "liver")
    dataset.add_new(0x60003000, "OW", np.packbits(plane.ravel(), bitorder="little").tobytes())
    dataset.add_new(0x60004000, "LT", "Smith")
    dataset.add_new(0x60009999, "LO", "Smith")
    return dataset


def disc(rows: int = 201, columns: int = 301) -> NDArray[np.bool_]:
    y, x = np.ogrid[:rows, :columns]
    return (y - rows / 2) ** 2 + (x - columns / 2) ** 2 < 80**2


def writing(size: int) -> NDArray[np.bool_]:
    image = Image.new("1", (512, 512))
    ImageDraw.Draw(image).text((10, 100), "SMITH JOHN", fill=1, font=ImageFont.load_default(size))
    return np.array(image)


def test_a_filled_region_stays_and_its_texts_are_cleaned() -> None:
    rules = overlay_rules(overlay(disc()))
    assert {rules[tag].action for tag in (0x60000010, 0x60000040, 0x60003000)} == {"K"}
    assert {rules[tag].method for tag in (0x60000022, 0x60001500, 0x60004000)} == {"text"}
    assert rules[0x60009999].action == "X"


@pytest.mark.parametrize("size", [8, 12, 20, 40, 80])
def test_writing_goes_whatever_it_calls_itself(size: int) -> None:
    dataset = overlay(writing(size))
    assert not is_region(dataset, 0x6000)
    assert {rule.action for rule in overlay_rules(dataset).values()} == {"X"}
    assert not is_region(overlay(writing(size) | disc(512, 512)), 0x6000)


def test_a_region_that_leaves_the_picture_goes() -> None:
    """Text is looked for on the picture alone."""
    dataset = overlay(disc())
    dataset.Rows, dataset.Columns = 201, 301
    dataset.add_new(0x60000050, "SS", [1, 1])
    assert is_region(dataset, 0x6000)
    dataset[0x60000050].value = [1, 2]
    assert not is_region(dataset, 0x6000)
    dataset[0x60000050].value = [0, 1]
    assert not is_region(dataset, 0x6000)
    dataset.Rows, dataset[0x60000050].value = 200, [1, 1]
    assert not is_region(dataset, 0x6000)


def test_graphics_curves_and_damaged_planes_go() -> None:
    assert not is_region(overlay(disc(), "G"), 0x6000)
    short = overlay(disc())
    short[0x60003000].value = b"\0" * 10
    assert not is_region(short, 0x6000)
    hidden = overlay(disc())
    hidden[0x60003000].value += b"SMITH"
    assert not is_region(hidden, 0x6000)
    without = overlay(disc())
    del without[0x60000010]
    assert not is_region(without, 0x6000)
    curve = Dataset()
    curve.add_new(0x50003000, "OW", b"\0\0")
    assert overlay_rules(curve)[0x50003000].action == "X"


def test_several_frames() -> None:
    dataset = overlay(np.concatenate([disc(), disc()]))
    dataset[0x60000010].value = 201
    dataset.add_new(0x60000015, "IS", "2")
    assert is_region(dataset, 0x6000)
    dataset[0x60000015].value = 3
    assert not is_region(dataset, 0x6000)


def test_annotations_keep_shapes_and_lose_text() -> None:
    item = Dataset()
    item.GraphicLayer = "SMITH"
    item.TextObjectSequence = [Dataset()]
    assert annotation_verdict(item).removed
    item.GraphicObjectSequence = [Dataset()]
    verdict = annotation_verdict(item)
    assert not verdict.removed
    assert {tag: rule.action for tag, rule in verdict.rules.items()} == {
        0x00700002: "C",
        0x00700008: "X",
    }
    ruler = Dataset()
    ruler.MajorTicksSequence = [Dataset()]
    item.CompoundGraphicSequence = [ruler]
    assert annotation_verdict(item).rules[0x00700209].action == "X"
    del item.GraphicObjectSequence
    assert annotation_verdict(item).removed
    item.CompoundGraphicSequence = [Dataset()]
    assert not annotation_verdict(item).removed


def test_real_overlays_are_judged_without_error() -> None:
    seen = 0
    for path in real_files():
        try:
            dataset = dcmread(path, specific_tags=["SOPClassUID"], stop_before_pixels=True)
            dataset = dcmread(path, stop_before_pixels=True, defer_size=1 << 22)
        except Exception:  # noqa: BLE001, S112 - damaged files are other tests' matter
            continue
        if any(0x6000 <= tag >> 16 <= 0x60FF for tag in dataset._dict):
            seen += 1
            assert overlay_rules(dataset)
    assert seen
