"""TIFF, 8 bits a sample: what is on the screen, one page for each frame, with the pixel's size."""

from typing import TYPE_CHECKING, Any, BinaryIO

from dicom_veil import errors
from dicom_veil.export.choices import SEEN, Settings
from dicom_veil.export.format import Format

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dicom_veil.export.shot import Shot

# Positions in a TIFF are of 32 bits; what deflate could add to pixels that it cannot shrink.
MOST_BYTES = (1 << 32) - (1 << 20)
SPARE = 1.01
MM_PER_CM = 10


class Pages:
    """Pages go to the file as they come: deflated, without a word about who made them."""

    def __init__(self, target: BinaryIO) -> None:
        from tifffile import TiffWriter

        from dicom_veil.export.alike import Alike

        self._target = target
        self._tiff: Any = TiffWriter(target, byteorder="<")
        self._alike = Alike()

    def add(self, pixels: "NDArray[Any]", spacing: tuple[float, float] | None) -> None:
        """(rows, columns) or (rows, columns, 3); `spacing` in mm, vertical first.

        Raises `OutOfRange` for a frame unlike those before it, or more than TIFF has room for.
        """
        import numpy as np

        if self._target.tell() + SPARE * pixels.nbytes > MOST_BYTES:
            raise errors.OutOfRange("A TIFF has room for 4 GB; these frames need more.")
        self._alike.check(pixels)
        size: dict[str, Any] = {}
        if spacing:
            vertical, horizontal = spacing
            per_cm = (MM_PER_CM / horizontal, MM_PER_CM / vertical)
            size = {"resolution": per_cm, "resolutionunit": "CENTIMETER"}
        self._tiff.write(
            np.ascontiguousarray(pixels),
            photometric="rgb" if pixels.ndim == 3 else "minisblack",
            compression="zlib",
            predictor=pixels.dtype.kind in "iu" and pixels.dtype.itemsize <= 2,
            software=False,
            datetime=None,
            metadata=None,
            **size,
        )

    def close(self) -> None:
        self._alike.total()
        self._tiff.close()


class TiffWriter:
    """Pictures as pages."""

    def __init__(self, target: BinaryIO, settings: Settings) -> None:
        self._pages, self._settings = Pages(target), settings

    def add(self, shot: "Shot") -> None:
        self._pages.add(shot.picture(self._settings), shot.spacing(self._settings))

    def close(self) -> None:
        self._pages.close()


FORMAT = Format("tiff", "TIFF", ".tif", "image/tiff", scope="both", options=SEEN, open=TiffWriter)
