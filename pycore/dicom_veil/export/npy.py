"""NumPy's own format: the values of an instance as an array.

Shape (frames, rows, columns[, samples]); the axis of frames is left out where there is one.
"""

from typing import TYPE_CHECKING, Any, BinaryIO

from dicom_veil.export.choices import VALUES, Settings
from dicom_veil.export.format import Format

if TYPE_CHECKING:
    from dicom_veil.export.shot import Shot

# What NumPy pads a header of this size to; it has room for any number of frames.
HEADER = 128


class NpyWriter:
    """Frames go to the file as they come; the header is filled in last."""

    def __init__(self, target: BinaryIO, settings: Settings) -> None:
        from dicom_veil.export.alike import Alike

        self._target, self._settings = target, settings
        self._alike = Alike()
        target.write(bytes(HEADER))

    def add(self, shot: "Shot") -> None:
        """Raises `OutOfRange` for a frame of another size or type than those before it."""
        import numpy as np

        values = shot.values(self._settings)
        self._alike.check(values)
        self._target.write(np.ascontiguousarray(_little(values)).tobytes())

    def close(self) -> None:
        """Writes the header (NEP 1, version 1.0)."""
        from numpy.lib import format as npy

        count, shape, dtype = self._alike.total()
        told: dict[str, Any] = {
            "descr": npy.dtype_to_descr(dtype.newbyteorder("<")),
            "fortran_order": False,
            "shape": (count, *shape) if count > 1 else shape,
        }
        self._target.seek(0)
        npy.write_array_header_1_0(self._target, told)
        if self._target.tell() != HEADER:
            raise ValueError("NumPy's header has another size than was kept for it")
        self._target.seek(0, 2)


def _little(values: Any) -> Any:
    """The same values, lowest byte first."""
    return values.astype(values.dtype.newbyteorder("<"), copy=False)


FORMAT = Format(
    "npy", "NumPy array", ".npy", "application/octet-stream",
    scope="both", options=(VALUES,), open=NpyWriter, as_stored=True,
)  # fmt: skip
