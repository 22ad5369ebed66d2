"""Print of stripes, as screens draw it that show every second row only, is found and read."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from dicom_veil.text import native, stripes
from dicom_veil.text.ask import answered
from dicom_veil.text.boxes import Box
from dicom_veil.text.scan import scan
from tests.text.backgrounds import Picture

TEXT = "SCHMIDT 4711"
PLACE = Box(30, 60, 290, 100)


def beneath() -> Picture:
    """Black above, tissue below, with some noise."""
    levels = np.random.default_rng(5).normal(0, 3, (160, 320))
    levels[80:] += 150
    return np.clip(levels, 0, 255).astype(np.uint8)


def with_stripes(level: int, rows: int) -> Picture:
    """A name in stripes of so many rows, as far from one another."""
    ink = Image.new("L", (320, 160))
    font = ImageFont.load_default(36)
    ImageDraw.Draw(ink).text((PLACE.left, PLACE.top), TEXT, fill=255, font=font)
    drawn = np.asarray(ink) > 127
    drawn &= (np.arange(160) // rows % 2 == 0)[:, np.newaxis]
    return np.where(drawn, np.uint8(level), beneath())


@pytest.mark.parametrize(("rows", "on_end"), [(1, False), (2, False), (1, True)])
def test_a_name_in_stripes_is_found(rows: int, on_end: bool) -> None:
    run, characters = native.runner()
    picture, place = with_stripes(30, rows), PLACE
    if on_end:
        picture = np.ascontiguousarray(np.rot90(picture, 3))
        place = Box(160 - PLACE.bottom, PLACE.left, 160 - PLACE.top, PLACE.right)
    found = answered(scan(picture, characters), run)
    assert any(one.box.common(place) > 0.5 * place.area for one in found)


def test_only_stripes_are_looked_at_once_more() -> None:
    assert stripes.anywhere(with_stripes(30, 1))
    assert stripes.anywhere(with_stripes(30, 2).T, across=True)
    whole = with_stripes(30, 160)
    assert not stripes.anywhere(whole)
    assert not stripes.anywhere(whole, across=True)


@pytest.mark.parametrize("level", [40, 220])
def test_bright_and_dark_stripes_are_joined(level: int) -> None:
    picture = np.full((12, 6), 128, np.uint8)
    picture[[2, 4, 7, 8, 11]] = level
    whole = picture.copy()
    whole[2:] = level
    assert (stripes.joined(picture) == whole).all()
    assert (stripes.joined(picture.T, across=True) == whole.T).all()
