"""JPEG, baseline, without chroma subsampling: fine coloured lines stay coloured."""

from io import BytesIO
from typing import TYPE_CHECKING

from dicom_veil import errors
from dicom_veil.export.choices import SEEN, Option, Settings
from dicom_veil.export.format import Format

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dicom_veil.export.shot import Shot

MAX_SIDE = 65500  # libjpeg's own limit, a little below what the format could say
QUALITY = Option("quality", 95, "of lossy pictures", low=1, high=100)


def encode_jpeg(pixels: "NDArray[np.uint8]", quality: int = 95) -> bytes:
    """No EXIF, comment, or ICC profile; the JFIF segment says only that it is JFIF, without dpi.

    Raises `OutOfRange` for a picture that JPEG has no room for.
    """
    from PIL import Image

    if max(pixels.shape[:2]) > MAX_SIDE:
        raise errors.OutOfRange(f"A JPEG has at most {MAX_SIDE} pixels on a side.")
    target = BytesIO()
    Image.fromarray(pixels).save(target, "JPEG", quality=quality, subsampling="4:4:4")
    return target.getvalue()


def _encode(shot: "Shot", settings: Settings) -> bytes:
    return encode_jpeg(shot.picture(settings), settings.number("quality"))


FORMAT = Format("jpeg", "JPEG", ".jpg", "image/jpeg", options=(*SEEN, QUALITY), encode=_encode)
