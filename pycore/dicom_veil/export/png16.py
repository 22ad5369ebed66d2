"""PNG, 16 bits: the values themselves, not a view of them.

A sample of PNG is an unsigned whole number; modality values that are not whole are rounded.
Values of an unsigned type are written as they are; all others, and all modality values, with 32768
added, so that a whole series has one rule whatever its values are. The standard's own chunk for
this, `pCAL`, says so in the file: which values, and their offset (Extensions to the PNG
specification 1.4.0, 2.1.3: Calibration of pixel values).
"""

import struct
from io import BytesIO
from typing import TYPE_CHECKING, Any

from dicom_veil import errors
from dicom_veil.export.choices import VALUES, Settings
from dicom_veil.export.format import Format

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dicom_veil.export.shot import Shot

OFFSET = 1 << 15
MOST = (1 << 16) - 1
LINEAR = 0
HEAD = 33  # signature and IHDR; pCAL stands between it and IDAT


def calibration(purpose: str, offset: int) -> bytes:
    """A `pCAL` chunk's content for: value = sample − `offset`.

    Purpose, 0, x0, x1, equation type, number of parameters, unit, 0, parameters in ASCII. Samples
    stand for x0 to x1, and a linear equation of p0 = 0, p1 = x1 − x0 gives that number itself.
    """
    head = struct.pack(">iiBB", -offset, MOST - offset, LINEAR, 2)
    return purpose.encode("latin-1") + b"\0" + head + b"\0" + b"0\0" + str(MOST).encode("ascii")


def samples(values: "NDArray[Any]", offset: int) -> "NDArray[Any]":
    """Values as unsigned samples of 16 bits. Raises `OutOfRange` where there is no room."""
    import numpy as np

    raised = np.rint(values) + offset if values.dtype.kind == "f" else values.astype("i8") + offset
    if raised.size and not (raised.min() >= 0 and raised.max() <= MOST):
        raise errors.OutOfRange("The values need more than 16 bits; TIFF with values has room.")
    return raised.astype(np.uint16)


def _encode(shot: "Shot", settings: Settings) -> bytes:
    """Raises `Unsupported` for a picture in colour."""
    from PIL import Image
    from PIL.PngImagePlugin import putchunk

    if shot.frame.color:
        raise errors.Unsupported("A picture in colour has no values of 16 bits; PNG shows it.")
    kind = settings.choice("values")
    values = shot.stored() if kind == "stored" else shot.rescaled()
    offset = 0 if values.dtype.kind == "u" else OFFSET
    target, stated = BytesIO(), BytesIO()
    Image.fromarray(samples(values, offset)).save(target, "PNG", compress_level=6)
    putchunk(stated, b"pCAL", calibration(f"{kind} values", offset))
    content = target.getvalue()
    return content[:HEAD] + stated.getvalue() + content[HEAD:]


FORMAT = Format(
    "png16", "PNG, 16 bits", ".png", "image/png", options=(VALUES,), encode=_encode
)  # fmt: skip
