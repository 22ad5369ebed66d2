"""A small real picture with burned-in text, for tests in browsers."""

from pathlib import Path

import numpy as np
import pydicom

from tests.core.files import bundled

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
