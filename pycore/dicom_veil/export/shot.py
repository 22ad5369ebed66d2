"""One frame that goes into an export: as it is to be seen, or as the numbers that it holds.

The one place that pixels of every export come from.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dicom_veil import errors
from dicom_veil.decode import Frame, decode_frame
from dicom_veil.export.format import Settings
from dicom_veil.modality import Modality, modality_of
from dicom_veil.picture import render_frame
from dicom_veil.read import Instance
from dicom_veil.window import Window

# What a CT or MR series is shown with, which has no rate of its own.
SERIES_RATE = 8


@dataclass(frozen=True)
class Shot:
    """A frame, and the window that it is seen with; None is the file's own or the automatic one.

    `decoded`: the frame, where it was decoded before.
    """

    instance: Instance
    frame_index: int
    window: Window | None = None
    invert: bool = False
    decoded: Frame | None = None

    @cached_property
    def frame(self) -> Frame:
        """The decoded frame. Raises what `decode_frame` raises."""
        return self.decoded or decode_frame(self.instance, self.frame_index)

    @cached_property
    def modality(self) -> Modality:
        return modality_of(self.instance.dataset, self.frame_index)

    def picture(self, _settings: Settings) -> NDArray[np.uint8]:
        """What is on the screen: (rows, columns), or (rows, columns, 3) in colour."""
        return render_frame(
            self.instance.dataset, self.frame_index, self.frame, self.window, invert=self.invert
        )

    def rate(self, settings: Settings) -> Fraction:
        """Frames per second: as chosen, else the file's own, else that of a series."""
        return Fraction(settings.number("rate") or SERIES_RATE)

    def stored(self) -> NDArray[Any]:
        """Stored values: (rows, columns), or (rows, columns, samples) as decoded."""
        return self.frame.values

    def rescaled(self) -> NDArray[np.float64]:
        """Modality values (PS3.3 C.11.1), shape (rows, columns). Raises `Unsupported` in colour."""
        if self.frame.color:
            raise errors.Unsupported("A picture in colour has no modality values.")
        return self.modality.apply(self.frame.values)

    def values(self, settings: Settings) -> NDArray[Any]:
        """Stored values, or modality values as float32: they are exact below 2**24."""
        if settings.choice("values") == "stored":
            return self.stored()
        return self.rescaled().astype(np.float32)
