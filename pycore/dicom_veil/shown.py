"""One decoded frame with everything that its picture follows from, each part made once."""

from functools import cached_property

from dicom_veil.decode import Frame, decode_frame
from dicom_veil.indexed import Indexed
from dicom_veil.read import Instance
from dicom_veil.window import Window, auto_window, file_windows, levels_of


class Shown:
    """Frame `frame_index` (from 0) of an instance, decoded now. Its parts are never changed.

    Raises what `decode_frame` raises.
    """

    def __init__(self, instance: Instance, frame_index: int) -> None:
        self.instance = instance
        self.dataset = instance.dataset
        self.frame_index = frame_index
        self.frame: Frame = decode_frame(instance, frame_index)

    @cached_property
    def levels(self) -> Indexed:
        """Indices of the stored values; gray frames only."""
        return levels_of(self.dataset, self.frame)

    @cached_property
    def windows(self) -> tuple[Window, ...]:
        """What can be chosen: the file's own views, then the automatic window. Colour has none."""
        if self.frame.color:
            return ()
        automatic = auto_window(self.dataset, self.frame, self.frame_index, self.levels)
        return (*file_windows(self.dataset, self.frame_index), automatic)

    @property
    def default(self) -> Window:
        """What a gray frame is first shown with: the file's first view, else the automatic one."""
        return self.windows[0]
