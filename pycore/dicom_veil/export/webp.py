"""WebP, lossy or (at quality 100) lossless."""

from io import BytesIO
from typing import TYPE_CHECKING

from dicom_veil import errors
from dicom_veil.export.choices import SEEN, Option, Settings
from dicom_veil.export.format import Format

if TYPE_CHECKING:
    from dicom_veil.export.shot import Shot

MAX_SIDE = 16383  # 14 bits (RFC 9649, 2.6)
QUALITY = Option("quality", 95, "of lossy pictures; 100 is lossless", low=1, high=100)


def _encode(shot: "Shot", settings: Settings) -> bytes:
    """One VP8 or VP8L chunk. Raises `OutOfRange` for a picture that WebP has no room for."""
    from PIL import Image

    pixels = shot.picture(settings)
    if max(pixels.shape[:2]) > MAX_SIDE:
        raise errors.OutOfRange(f"A WebP has at most {MAX_SIDE} pixels on a side.")
    quality = settings.number("quality")
    target = BytesIO()
    image = Image.fromarray(pixels).convert("RGB")
    image.save(target, "WEBP", quality=quality, lossless=quality == 100)
    return target.getvalue()


FORMAT = Format("webp", "WebP", ".webp", "image/webp", options=(*SEEN, QUALITY), encode=_encode)
