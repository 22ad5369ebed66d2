"""Print that touches the end of a picture is found as well as print inside it."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from dicom_veil.picture import render
from dicom_veil.read import read
from dicom_veil.text import native
from dicom_veil.text.ask import answered
from dicom_veil.text.boxes import Box
from dicom_veil.text.scan import scan
from tests.core.files import bundled
from tests.text.backgrounds import Picture
from tests.text.fonts import FOLDER

FONT = FOLDER / "opentype/unifont/unifont.otf"
ROWS, COLUMNS = 210, 490

pytestmark = pytest.mark.skipif(not FONT.is_file(), reason=f"a font is absent: {FONT}")


def beneath() -> Picture:
    """A part of an ultrasound picture without text, with black above and below."""
    with bundled("examples_jpeg2k.dcm").open("rb") as file:
        part = render(read(file), 0)[160:310, 70 : 70 + COLUMNS]
    screen = np.zeros((ROWS, COLUMNS, 3), np.uint8)
    screen[40:190] = part
    return screen


@pytest.mark.parametrize(("text", "level"), [("751563337", 40), ("Anna", 100)])
@pytest.mark.parametrize("on_end", [False, True])
def test_print_at_the_end_is_found(text: str, level: int, on_end: bool) -> None:
    image = Image.fromarray(beneath())
    drawing = ImageDraw.Draw(image)
    drawing.fontmode = "1"
    font = ImageFont.truetype(FONT, 32)
    left, top, right, bottom = (round(side) for side in font.getbbox(text))
    drawing.text((120, ROWS - bottom), text, fill=(level,) * 3, font=font)
    picture = np.asarray(image)
    place = Box(120 + left, ROWS - bottom + top, 120 + right, ROWS)
    if on_end:
        picture = np.ascontiguousarray(np.rot90(picture, 3))
        place = Box(ROWS - place.bottom, place.left, ROWS - place.top, place.right)
    run, characters = native.runner()
    found = answered(scan(picture, characters), run)
    assert max((one.box.common(place) for one in found), default=0) > 0.8 * place.area
