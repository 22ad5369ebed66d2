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
from dicom_veil.cine import cine_of
from dicom_veil.decode import Frame, decode_stored, frame_count
from dicom_veil.export.choices import Settings
from dicom_veil.modality import Modality, modality_of
from dicom_veil.picture import drawn
from dicom_veil.read import Instance
from dicom_veil.shown import Shown
from dicom_veil.spacing import spacing_of
from dicom_veil.window import Window

# Frames per second of a CT or MR series, which has no rate of its own.
SERIES_RATE = 8


@dataclass(frozen=True)
class Shot:
    """A frame, and the window that it is seen with; None is the file's own or the automatic one.

    `known`: the frame, where it was decoded before.
    """

    instance: Instance
    frame_index: int
    window: Window | None = None
    invert: bool = False
    known: Shown | None = None

    @cached_property
    def shown(self) -> Shown:
        """The decoded frame. Raises what `decode_frame` raises."""
        return self.known or Shown(self.instance, self.frame_index)

    @property
    def frame(self) -> Frame:
        return self.shown.frame

    @cached_property
    def modality(self) -> Modality:
        return modality_of(self.instance.dataset, self.frame_index)

    def picture(self, settings: Settings, *, even: bool = False) -> NDArray[np.uint8]:
        """What is on the screen: (rows, columns), or (rows, columns, 3) in colour."""
        return drawn(
            self.shown,
            None if self.frame.color else self.window,
            invert=self.invert,
            overlays=settings.flag("overlays"),
            square=settings.flag("square"),
            even=even,
        )

    def rate(self, settings: Settings) -> Fraction:
        """Frames per second: as chosen, else the file's own, else that of a series."""
        chosen = settings.number("rate")
        if chosen:
            return Fraction(chosen)
        dataset = self.instance.dataset
        cine = cine_of(dataset, frame_count(dataset))
        return Fraction(cine.rate).limit_denominator(1001) if cine else Fraction(SERIES_RATE)

    def own_spacing(self) -> tuple[float, float] | None:
        """Size of a stored pixel in mm, (vertical, horizontal), where the file says it."""
        found = spacing_of(self.instance.dataset, self.frame_index)
        return (found.vertical, found.horizontal) if found else None

    def spacing(self, settings: Settings) -> tuple[float, float] | None:
        """Size of a pixel of `picture` in mm; both sides are the smaller one where it is square."""
        found = self.own_spacing()
        if found is None or not settings.flag("square"):
            return found
        return min(found), min(found)

    def stored(self) -> NDArray[Any]:
        """Stored values: (rows, columns), or (rows, columns, samples) as decoded."""
        frame = self.frame
        if not frame.color:
            return frame.values
        return decode_stored(self.instance, self.frame_index).values

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
