"""JPEG XL, lossless at quality 100."""

from typing import TYPE_CHECKING

from dicom_veil.export.choices import SEEN, Option, Settings
from dicom_veil.export.format import Format

if TYPE_CHECKING:
    from dicom_veil.export.shot import Shot

QUALITY = Option("quality", 95, "of lossy pictures; 100 is lossless", low=1, high=100)
EFFORT = 3


def _encode(shot: "Shot", settings: Settings) -> bytes:
    """The bare codestream: no container, so no room for metadata."""
    import imagecodecs

    pixels = shot.picture(settings)
    quality = settings.number("quality")
    lossless = quality == 100
    return bytes(
        imagecodecs.jpegxl_encode(
            pixels, level=None if lossless else quality, effort=EFFORT, lossless=lossless,
            usecontainer=False,
        )
    )  # fmt: skip


FORMAT = Format("jxl", "JPEG XL", ".jxl", "image/jxl", options=(*SEEN, QUALITY), encode=_encode)
