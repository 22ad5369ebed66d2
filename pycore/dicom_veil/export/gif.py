"""GIF: moves in every program, loops for ever; 256 grays are exact, colours are reduced to 256.

Delays are hundredths of a second, so they alternate where the rate is no divisor of 100, and what
is due is shown when it is due: frame n begins at n / rate, rounded. Browsers show delays below
0.02 s much slower, so 50 frames a second are the most.
"""

import struct
from fractions import Fraction
from typing import TYPE_CHECKING, BinaryIO

from dicom_veil import errors
from dicom_veil.export.choices import RATE, SEEN, Settings
from dicom_veil.export.format import Format

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dicom_veil.export.shot import Shot

MAX_SIDE = 65535  # 16 bits
FASTEST = 50
TABLE_OF_256 = 0xF7  # a table is there, 8 bits a colour, 2**(7 + 1) entries (GIF89a 18)
GRAYS = b"".join(bytes((level, level, level)) for level in range(256))
LOOP = b"!\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"
END = b";"


class GifWriter:
    """Frames go to the file as they come."""

    def __init__(self, target: BinaryIO, settings: Settings) -> None:
        from dicom_veil.export.alike import Alike

        self._target, self._settings = target, settings
        self._alike = Alike()
        self._rate = Fraction(0)

    def add(self, shot: "Shot") -> None:
        """Raises `OutOfRange` for a frame of another size, or one that GIF has no room for."""
        pixels = shot.picture(self._settings)
        rows, columns = pixels.shape[:2]
        if max(rows, columns) > MAX_SIDE:
            raise errors.OutOfRange(f"A GIF has at most {MAX_SIDE} pixels on a side.")
        number = self._alike.count
        self._alike.check(pixels)
        if number == 0:
            self._rate = min(shot.rate(self._settings), Fraction(FASTEST))
            self._target.write(b"GIF89a" + struct.pack("<HHBBB", columns, rows, TABLE_OF_256, 0, 0))
            self._target.write(GRAYS + LOOP)
        delay = self._begins(number + 1) - self._begins(number)
        self._target.write(frame(pixels, delay))

    def _begins(self, number: int) -> int:
        """When a frame is due, in hundredths of a second."""
        return round(100 * number / self._rate)

    def close(self) -> None:
        self._alike.total()
        self._target.write(END)


def frame(pixels: "NDArray[np.uint8]", delay: int) -> bytes:
    """Graphic control extension, image descriptor and image data (GIF89a 20, 22, 23)."""
    from PIL import Image
    from PIL.GifImagePlugin import getdata

    image = Image.fromarray(pixels)
    colored = image.mode == "RGB"
    if colored:
        image = image.quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    parts = getdata(image, (0, 0), duration=10 * delay, include_color_table=colored)
    return b"".join(map(bytes, parts))


FORMAT = Format(
    "gif", "GIF", ".gif", "image/gif", scope="both", options=(*SEEN, RATE), open=GifWriter
)  # fmt: skip
