"""Encodes frames without loss, each transfer syntax by its own encoder.

Values are those of the codestream that they take the place of: unsigned bits where the format
knows no sign, its precision, its colour transform. Encoders raise `NoEncoder` for what they
cannot hold; `proven` makes sure that what was encoded decodes to what it was made of.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

RLE_HEADER = 64


class NoEncoder(Exception):
    """A picture that this encoder cannot hold without loss."""


@dataclass(frozen=True)
class Coded:
    """What a codestream says of its samples: bits, colour (`RGB`, `YBR_FULL`, …), and whether

    its components are transformed (RCT).
    """

    precision: int
    photometric: str
    transformed: bool = False


Values = NDArray[Any]
Encoder = Callable[[Values, Coded], bytes]


def encode_jpeg(values: Values, coded: Coded) -> bytes:
    """Lossless JPEG, process 14 selection value 1 (ISO 10918-1 Annex H).

    Encoded as 16 bits whatever the precision, the frame header put right afterwards: differences
    do not change with an offset of all values, so every codec library has the one path.
    """
    from imagecodecs import jpeg8_encode

    if not 2 <= coded.precision <= 16 or values.dtype.kind != "u":
        raise NoEncoder
    if values.max(initial=0) >> coded.precision:
        raise NoEncoder
    deep = values.astype(np.uint16) + np.uint16((1 << 15) - (1 << (coded.precision - 1)))
    color = "RGB" if values.ndim == 3 else None
    made = bytearray(
        jpeg8_encode(
            np.ascontiguousarray(deep), lossless=True, predictor=1, bitspersample=16,
            colorspace=color, outcolorspace=color,
        )
    )  # fmt: skip
    frame, scan = made.find(b"\xff\xc3"), made.find(b"\xff\xda")
    made[frame + 4] = coded.precision
    if values.ndim == 2 or coded.photometric == "RGB":
        return bytes(made)
    # The encoder names its components R, G and B; here they are not.
    for component in range(3):
        made[frame + 10 + 3 * component] = component + 1
        made[scan + 5 + 2 * component] = component + 1
    adobe = made.find(b"\xff\xee", 0, frame)
    if adobe >= 0:
        del made[adobe : adobe + 2 + int.from_bytes(made[adobe + 2 : adobe + 4], "big")]
    return bytes(made)


def encode_jpegls(values: Values, _coded: Coded) -> bytes:
    """JPEG-LS; the precision becomes that of the cells, 8 or 16 bits."""
    from imagecodecs import jpegls_encode

    if values.dtype.kind != "u" or values.dtype.itemsize > 2:
        raise NoEncoder
    return bytes(jpegls_encode(values))


def encode_jpeg2000(values: Values, coded: Coded) -> bytes:
    """JPEG 2000 by the reversible wavelet, a bare codestream."""
    from imagecodecs import jpeg2k_encode

    if values.dtype.kind == "f" or coded.precision > 26:
        raise NoEncoder
    return bytes(
        jpeg2k_encode(
            values, level=0, codecformat="j2k", reversible=True, mct=coded.transformed,
            bitspersample=coded.precision, numthreads=1,
        )
    )  # fmt: skip


def encode_htj2k(values: Values, coded: Coded) -> bytes:
    """High-Throughput JPEG 2000, reversible, in the progression RPCL that one syntax asks for."""
    from imagecodecs import htj2k_encode

    if values.dtype.kind == "f" or values.dtype.itemsize > 2:
        raise NoEncoder
    return bytes(htj2k_encode(values, reversible=True, rgb=coded.transformed))


def encode_jpegxl(values: Values, coded: Coded) -> bytes:
    """JPEG XL, modular and lossless."""
    from imagecodecs import jpegxl_encode

    if values.dtype.kind != "u" or values.dtype.itemsize > 2:
        raise NoEncoder
    return bytes(
        jpegxl_encode(values, lossless=True, bitspersample=coded.precision, usecontainer=False,
                      numthreads=1)
    )  # fmt: skip


def encode_rle(values: Values, _coded: Coded) -> bytes:
    """RLE Lossless (PS3.5 G): rows by themselves, the most significant byte first."""
    if values.dtype.kind not in "iu":
        raise NoEncoder
    samples = values[..., np.newaxis] if values.ndim == 2 else values
    big = np.ascontiguousarray(samples).astype(values.dtype.newbyteorder(">"))
    planes = big.view(np.uint8).reshape(*samples.shape, values.dtype.itemsize)
    samples_of, bytes_of = planes.shape[2:]
    return rle_of([planes[..., s, b] for s in range(samples_of) for b in range(bytes_of)])


def rle_of(planes: list[NDArray[np.uint8]]) -> bytes:
    """Byte planes (rows, columns) as the segments of one RLE frame. Raises `NoEncoder`.

    By pydicom: imagecodecs' encoder of runs ends the interpreter in the tab.
    """
    from pydicom.pixels.encoders.native import _encode_segment

    if len(planes) > 15:
        raise NoEncoder
    segments = [bytes(_encode_segment(plane.tobytes(), plane.shape[1])) for plane in planes]
    header = np.zeros(16, "<u4")
    header[0] = len(segments)
    header[1 : len(segments) + 1] = RLE_HEADER + np.cumsum([0, *map(len, segments[:-1])])
    return header.tobytes() + b"".join(segments)
