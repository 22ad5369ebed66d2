"""One window for all frames of a file, so that a film does not flicker."""

from dataclasses import dataclass

from dicom_veil.export.shot import Shot
from dicom_veil.read import Instance
from dicom_veil.shown import Shown
from dicom_veil.window import Window


@dataclass(frozen=True)
class Steady:
    """`chosen` for every frame; else each frame's own, and `automatic` for those that have none.

    An automatic window follows the values of its frame, so a film of such would flicker.
    """

    chosen: Window | None
    automatic: Window | None = None

    def shot(self, instance: Instance, frame_index: int) -> Shot:
        """A frame, decoded. Raises what `decode_frame` raises."""
        shown = Shown(instance, frame_index)
        window = self.chosen
        if window is None and not shown.frame.color and shown.default.source == "auto":
            window = self.automatic
        return Shot(instance, frame_index, window, known=shown)


def automatic_of(shown: Shown) -> Window | None:
    """The automatic window of a frame that has none of its own; None for all others."""
    if shown.frame.color or shown.default.source != "auto":
        return None
    return shown.default
