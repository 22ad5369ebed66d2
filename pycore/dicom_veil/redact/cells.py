"""Pixel cells as they lie in a file: what a value looks like there, and rows of cells blanked.

PS3.5 8.1.1, 8.2; PS3.3 C.7.6.3.1.3 (planar configuration), C.7.6.3.1.2 (YBR_FULL_422).
"""

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dicom_veil.decode.image_pixel import ImagePixel
from dicom_veil.redact.dark import Number

FLOATS = {"FloatPixelData": "f", "DoubleFloatPixelData": "d"}


@dataclass(frozen=True)
class Layout:
    """How one uncompressed frame lies: `planes` of `rows` rows, each row of units of `unit` bytes.

    A unit is what cannot be blanked in part: a cell, the samples of a pixel, or the two pixels
    that share their chroma. `across`: pixels in a unit. Pictures of 1 bit have units of a bit.
    """

    rows: int
    columns: int
    planes: int
    across: int
    units: tuple[bytes, ...]  # the blank unit of each plane; of 1 bit: b"\\0" or b"\\1" a sample

    @property
    def row_units(self) -> int:
        return self.columns // self.across

    @property
    def row_bytes(self) -> int:
        return self.row_units * len(self.units[0])

    def blanked(
        self, rows: NDArray[np.uint8], mask: NDArray[np.bool_], plane: int
    ) -> NDArray[np.uint8]:
        """Some rows of a plane, (n × row_bytes,) bytes, with the units of the mask's pixels blank.

        `mask`: (n, columns).
        """
        touched = mask.reshape(len(mask), -1, self.across).any(axis=2)
        unit = np.frombuffer(self.units[plane], np.uint8)
        shaped = rows.reshape(len(mask), self.row_units, len(unit))
        shaped[touched] = unit
        return rows


def layout_of(
    image: ImagePixel, fill: tuple[Number, ...], *, little_endian: bool, overlaid: bool = False
) -> Layout:
    """The layout of uncompressed frames, with `fill`, a stored value for each sample.

    `overlaid`: there are overlays in the unused bits of the cells, which then become 0.
    """
    cells = [
        cell_of(image, value, little_endian=little_endian, overlaid=overlaid) for value in fill
    ]
    across = 1
    units: tuple[bytes, ...] = (b"".join(cells),)
    if image.photometric in ("YBR_FULL_422", "YBR_PARTIAL_422"):
        across, units = 2, (b"".join((cells[0], *cells)),)
    elif image.samples > 1 and image.planar:
        units = tuple(cells)
    return Layout(image.rows, image.columns, len(units), across, units)


def cell_of(
    image: ImagePixel, value: Number, *, little_endian: bool, overlaid: bool = False
) -> bytes:
    """A stored value as the bytes of its cell, with nothing of what was in its unused bits.

    Those above it are its sign, so that readers that take the whole cell see it dark too, unless
    they are bits of overlays (`overlaid`), where 1 is drawn; those below it are 0.
    """
    order = "<" if little_endian else ">"
    if letter := FLOATS.get(image.keyword):
        return struct.pack(order + letter, value)
    up = image.high_bit + 1 - image.bits_stored
    size = max(image.bits_allocated // 8, 1)
    number = int(value) & ((1 << image.bits_stored) - 1) if overlaid else int(value)
    cell = (number << up) & ((1 << (8 * size)) - 1)
    return cell.to_bytes(size, "little" if little_endian else "big")
