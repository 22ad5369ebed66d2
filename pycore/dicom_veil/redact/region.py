"""Which pixels of which frames go. Without numpy."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from dicom_veil.read import Instance

MARGIN = 2  # pixels around a box: the soft edge of letters, and rounding of who found them

# What a person left where it is: text that identifies (with dates and institutions), or text of
# which nobody said what it is.
Stays = Literal["", "identifies", "unclear"]


@dataclass(frozen=True)
class Region:
    """A box in pixels from the upper left, `right` and `bottom` past its end, and its frames.

    Frames count from 0, both ends included; `last_frame` None: to the last one. Parts beyond the
    picture or its frames are of no meaning.
    """

    left: int
    top: int
    right: int
    bottom: int
    first_frame: int = 0
    last_frame: int | None = None

    def holds(self, frame_index: int) -> bool:
        return self.first_frame <= frame_index and (
            self.last_frame is None or frame_index <= self.last_frame
        )


@dataclass(frozen=True)
class Cleaning:
    """What is to become of one instance's pixels.

    `regions` are removed; `counts` says for the report how many of them there are from each
    source (`read`, `rule`, `drawn`) and of each class. `checked`: every frame was searched for
    text; what was found is among the regions or may stay, unless `stays` says what stays though it
    may not. `prove` searches the instance with its regions blanked
    again: what it finds, as places, class and attribute, keeps the result back.
    """

    regions: tuple[Region, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    checked: bool = False
    prove: Callable[[Instance], Sequence[tuple[str, str, str]]] | None = None
    stays: Stays = ""

    @property
    def is_clean(self) -> bool:
        """Whether the result may say that its pixels are clean (PS3.15 E.3.1)."""
        return self.checked and not self.stays
