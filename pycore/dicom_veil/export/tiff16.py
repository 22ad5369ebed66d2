"""TIFF of values: stored values in their own type (8, 16 or 32 bits, signed or not, or floats),
or modality values as 32-bit floats; one page for each frame, with the pixel's size."""

from typing import TYPE_CHECKING, BinaryIO

from dicom_veil.export.choices import VALUES, Settings
from dicom_veil.export.format import Format

if TYPE_CHECKING:
    from dicom_veil.export.shot import Shot


class ValuesWriter:
    """Values as pages; Sample Format says what they are."""

    def __init__(self, target: BinaryIO, settings: Settings) -> None:
        from dicom_veil.export.tiff import Pages

        self._pages, self._settings = Pages(target), settings

    def add(self, shot: "Shot") -> None:
        """Colour as RGB of 8 bits, which has stored values only."""
        colored = shot.frame.color and self._settings.choice("values") == "stored"
        values = shot.frame.values if colored else shot.values(self._settings)
        self._pages.add(values, shot.own_spacing())

    def close(self) -> None:
        self._pages.close()


FORMAT = Format(
    "tiff16", "TIFF of values", ".tif", "image/tiff",
    scope="both", options=(VALUES,), open=ValuesWriter,
)  # fmt: skip
