"""PNG, 8 bits a sample: lossless."""

from collections.abc import Mapping
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NAME = "png"
LABEL = "PNG"
EXTENSION = ".png"
MIME_TYPE = "image/png"
DEFAULTS: Mapping[str, int | str] = {"compression": 6}


def encode(pixels: "NDArray[np.uint8]", *, compression: int = 6) -> bytes:
    """Chunks IHDR, IDAT and IEND only. `compression` is zlib's level, 0 to 9."""
    from PIL import Image

    target = BytesIO()
    Image.fromarray(pixels).save(target, "PNG", compress_level=compression)
    return target.getvalue()
