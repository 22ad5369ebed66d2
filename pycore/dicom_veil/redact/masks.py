"""The pixels that boxes stand for, frame by frame."""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from dicom_veil.redact.region import MARGIN, Region


class Masks:
    """The pixels to blank, frame by frame; frames with the same boxes share a mask."""

    def __init__(
        self, regions: Iterable[Region], rows: int, columns: int, margin: int = MARGIN
    ) -> None:
        self.rows, self.columns = rows, columns
        self._margin = margin
        self._regions = tuple(
            one for one in dict.fromkeys(regions) if self._inside(one) is not None
        )
        self._made = lru_cache(maxsize=4)(self._make)

    def of(self, frame_index: int) -> NDArray[np.bool_] | None:
        """(rows, columns), True where the frame is to be blanked; None: nowhere."""
        here = tuple(one for one in self._regions if one.holds(frame_index))
        return self._made(here) if here else None

    def _make(self, regions: tuple[Region, ...]) -> NDArray[np.bool_]:
        mask = np.zeros((self.rows, self.columns), np.bool_)
        for region in regions:
            if (box := self._inside(region)) is not None:
                left, top, right, bottom = box
                mask[top:bottom, left:right] = True
        mask.flags.writeable = False
        return mask

    def _inside(self, region: Region) -> tuple[int, int, int, int] | None:
        """The part of a box, with its margin, that lies in the picture."""
        if region.left >= region.right or region.top >= region.bottom:
            return None
        left, top = max(0, region.left - self._margin), max(0, region.top - self._margin)
        right = min(self.columns, region.right + self._margin)
        bottom = min(self.rows, region.bottom + self._margin)
        return (left, top, right, bottom) if left < right and top < bottom else None
