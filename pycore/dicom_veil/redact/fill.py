"""What blanked pixels of one instance become, and how its frames look once they are opened."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dicom_veil.decode.color import to_rgb
from dicom_veil.decode.image_pixel import ImagePixel
from dicom_veil.decode.plugin import Decoded
from dicom_veil.decode.stored import conform, decode_stored
from dicom_veil.read import Instance
from dicom_veil.redact.dark import Number, dark_color, dark_gray, dark_index, is_low_dark
from dicom_veil.redact.lossless import Coded

JPEG_2000 = "1.2.840.10008.1.2.4.90"


class Fill:
    """The dark values of one instance, found once."""

    def __init__(self, instance: Instance, image: ImagePixel) -> None:
        self._instance, self._image = instance, image

    def of(self, photometric: str, bits: int) -> tuple[Number, ...]:
        """A stored value for each sample of a frame whose samples are `photometric`."""
        return (self._one,) if self._image.samples == 1 else dark_color(photometric, bits)

    @cached_property
    def low_is_dark(self) -> bool:
        return is_low_dark(self._instance, self._image)

    @cached_property
    def _one(self) -> Number:
        if self._image.photometric == "PALETTE COLOR":
            return dark_index(self._instance, self._image)
        return dark_gray(self._instance, self._image, self._frames())

    def _frames(self) -> Iterator[NDArray[Any]]:
        for index in range(self._image.frames):
            yield decode_stored(self._instance, index).values

    def opened(self, decoded: Decoded, syntax: str) -> tuple[NDArray[Any], ImagePixel, Coded]:
        """The values of a frame to be stored in another syntax, and what its header then says.

        Colour of 8 bits becomes RGB, as it is shown; deeper colour stays what it is. JPEG 2000
        transforms RGB reversibly (PS3.3 C.7.6.3.1.2: YBR_RCT).
        """
        values = np.array(conform(decoded, self._image), copy=True)
        photometric = decoded.photometric or self._image.photometric
        bits = self._image.bits_stored
        image = replace(self._image, planar=0, bits_allocated=8 * values.dtype.itemsize)
        if values.ndim == 3:
            if photometric.startswith("YBR_FULL"):
                photometric = "YBR_FULL"
            if bits <= 8 and photometric != "RGB":
                values, photometric = to_rgb(values, photometric, bits), "RGB"
        transformed = photometric == "RGB" and syntax == JPEG_2000
        told = "YBR_RCT" if transformed else photometric
        coded = Coded(max(bits, 2), photometric, transformed)
        return values, replace(image, photometric=told), coded
