"""A small real picture with burned-in text, for tests in browsers."""

from pathlib import Path

import numpy as np
import pydicom
from PIL import Image, ImageDraw, ImageFont

from tests.core.files import bundled
from tests.page.films import multi_frame

US = "examples_rgb_color.dcm"
TOP = (slice(0, 48), slice(0, 128))  # of a real US frame: "BAPTIST MED CTR" and numbers


# Opens "Check the pixels" and stops its search, both before anything else can happen.
WITHOUT_SEARCH = """
for (const name of ["pixels-open", "scan-stop"])
  document.querySelector(`[data-testid=${name}]`).click();
"""


def strip_of_us(path: Path) -> Path:
    """Writes the corner of a real ultrasound frame that holds the institution's name."""
    dataset = pydicom.dcmread(bundled(US))
    pixels = np.ascontiguousarray(dataset.pixel_array[TOP])
    dataset.Rows, dataset.Columns = pixels.shape[:2]
    dataset.PlanarConfiguration = 0
    dataset.PixelData = pixels.tobytes()
    dataset.save_as(path)
    return path


def burned(path: Path, *lines: str, name: str = "Smith^John", **attributes: object) -> Path:
    """Writes a plain dark picture of this patient with these lines, one below the other."""
    picture = Image.new("L", (512, 256), 12)
    draw = ImageDraw.Draw(picture)
    for number, line in enumerate(lines):
        draw.text((30, 24 + 64 * number), line, 235, ImageFont.load_default(28))
    frames = np.asarray(picture)[None]
    return multi_frame(path, frames, PatientName=name, NumberOfFrames=1, **attributes)
