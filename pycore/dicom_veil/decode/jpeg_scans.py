"""A proof that a decoder of JPEG did not run past the end of a scan.

Decoders of lossless JPEG fill a scan that ends early in silence, and none says so. But what
follows a whole scan can't matter: so the stream is decoded again with other bytes put after each
scan, and a picture that changes was not all there.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dicom_veil.decode.jpeg_markers import segments
from dicom_veil.decode.plugin import Damage

TAIL = bytes.fromhex("5aa5c3399655f00f3cc36996") * 16


def decode_whole(codestream: bytes, decoder: Callable[[bytes], NDArray[Any]]) -> NDArray[Any]:
    """The decoder's picture. Raises `Damage` where a scan ended before the picture did."""
    parts, start = [], 0
    for end in [segment.data_end for segment in segments(codestream) if segment.data_end]:
        parts += [codestream[start:end], TAIL]
        start = end
    picture = decoder(codestream)
    if not np.array_equal(picture, decoder(b"".join([*parts, codestream[start:]]))):
        raise Damage("its codestream ends too early")
    return picture
