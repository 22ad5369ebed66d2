"""Lossless JPEG (ISO/IEC 10918-1 Annex H) by libjpeg-turbo, and a proof that it was all there.

Decoders of lossless JPEG fill a scan that ends early in silence, and none says so. But from the
picture it follows how many bits were read for it: each difference to its prediction had one code.
A scan that holds fewer bits was cut short.

The stream is decoded as one of 16 bits, whatever its precision: all predictors keep a constant
offset, and so no difference is lost to a narrower cell. imagecodecs' other decoders of this
process read and write out of bounds on damaged streams.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dicom_veil.decode.jpeg_header import JpegHeader
from dicom_veil.decode.jpeg_markers import DHT, DRI, SOS, Segment
from dicom_veil.decode.plugin import Damage

TAIL = bytes.fromhex("5aa5c3399655f00f3cc36996") * 16
MIDDLE = 1 << 15  # what the first sample of 16 bits is predicted to be (H.1.1)
# Differences modulo 2^16 in runs of one category, which says how many bits follow its code
# (table H.2): 0, 1, 2 to 3, ... 32768, -32767 to -16384, ... -1.
EDGES = [0, *(1 << n for n in range(16)), *((1 << 16) - (1 << n) + 1 for n in range(15, 0, -1))]
CATEGORIES = [*range(17), *range(15, 0, -1)]
FOLLOWING = [*range(16), 0]  # the largest difference has no further bits
Lengths = dict[int, NDArray[np.uint8]]


def decode_lossless(codestream: bytes, header: JpegHeader, found: list[Segment]) -> NDArray[Any]:
    """The picture: uint8 up to 8 bits, else uint16. Raises `Damage` where a scan ends early.

    `found`: all segments of the codestream.
    """
    from imagecodecs import jpeg8_decode

    if _is_plain(found):
        deep: NDArray[np.uint16] = jpeg8_decode(_deepened(codestream))
        for scan, lengths in _scans(found):
            _assert_whole(scan, lengths, header, deep)
        shift = MIDDLE - (1 << (header.precision - 1))
        picture = deep if not shift else np.subtract(deep, np.uint16(shift), out=deep)
        return picture.astype(np.uint8) if header.precision <= 8 else picture
    # With restarts or a point transform: decoded again with other bytes put after each scan; what
    # follows a whole scan can't matter, so a picture that changes was not all there.
    picture = jpeg8_decode(codestream)
    if not np.array_equal(picture, jpeg8_decode(_with_tails(codestream, found))):
        raise Damage("its codestream ends too early")
    return picture


def _is_plain(found: list[Segment]) -> bool:
    """Neither restart intervals nor a point transform."""
    restarts = any(any(one.body) for one in found if one.marker == DRI)
    return not restarts and not any(one.body[-1] for one in found if one.marker == SOS)


def _deepened(codestream: bytes) -> bytes:
    """The same stream with a frame header that says 16 bits."""
    place = 2
    while (marker := codestream[place : place + 2]) != b"\xff\xc3":
        skip = marker[1] == 0xFF or marker[0] != 0xFF
        length = int.from_bytes(codestream[place + 2 : place + 4], "big")
        place += 1 if skip else 2 + length
    return codestream[: place + 4] + b"\x10" + codestream[place + 5 :]


def _with_tails(codestream: bytes, found: list[Segment]) -> bytes:
    parts, start = [], 0
    for end in [one.data_end for one in found if one.data_end]:
        parts += [codestream[start:end], TAIL]
        start = end
    return b"".join([*parts, codestream[start:]])


def _scans(found: list[Segment]) -> list[tuple[Segment, Lengths]]:
    """Each scan with the code lengths of the Huffman tables that hold for it."""
    scans, tables = [], dict[int, NDArray[np.uint8]]()
    for segment in found:
        if segment.marker == DHT:
            tables = tables | _lengths(segment.body)
        elif segment.marker == SOS:
            scans.append((segment, tables))
    return scans


def _lengths(body: bytes) -> Lengths:
    """Table number → bits of the code for each of the 17 categories of a difference (H.1.2.2)."""
    found = {}
    while body:
        counts, symbols = body[1:17], body[17 : 17 + sum(body[1:17])]
        lengths = np.zeros(256, np.uint8)
        every = np.repeat(np.arange(1, 17, dtype=np.uint8), list(counts))
        lengths[list(symbols)] = every
        found[body[0]] = lengths[:17]
        body = body[17 + len(symbols) :]
    return found


def _assert_whole(
    scan: Segment, lengths: Lengths, header: JpegHeader, deep: NDArray[np.uint16]
) -> None:
    needed = 0
    for identifier, table in zip(scan.body[1:-3:2], scan.body[2:-3:2], strict=True):
        plane = deep if deep.ndim == 2 else deep[..., header.component_ids.index(identifier)]
        bits = [
            int(length) + follow
            for length, follow in zip(lengths[table >> 4], FOLLOWING, strict=True)
        ]
        counts = np.bincount(_differences(plane, scan.body[-3]), minlength=1 << 16)
        sums = np.add.reduceat(counts, EDGES).tolist()
        needed += sum(count * bits[kind] for count, kind in zip(sums, CATEGORIES, strict=True))
    if needed > (scan.data_end - scan.data_start - scan.stuffed) * 8:
        raise Damage("its codestream ends too early")


def _differences(plane: NDArray[np.uint16], predictor: int) -> NDArray[np.uint16]:
    """All differences to the predictions, modulo 2^16, row by row (H.1.1, H.1.2.1)."""
    columns, flat = plane.shape[1], plane.ravel()
    found = np.empty(flat.shape, np.uint16)
    here, a = flat[columns + 1 :], flat[columns:-1]
    b, c = flat[1:-columns], flat[: -columns - 1]
    if predictor == 1:
        predicted = a
    elif predictor == 2:
        predicted = b
    elif predictor == 3:
        predicted = c
    elif predictor == 4:
        predicted = a + b - c
    elif predictor == 5:
        predicted = a + _half(b, c)
    elif predictor == 6:
        predicted = b + _half(a, c)
    else:
        predicted = ((a.astype(np.int32) + b) >> 1).astype(np.uint16)
    np.subtract(here, predicted, out=found[columns + 1 :])
    # Where there is nothing to the left or above, the predictor is another one.
    found[0] = flat[0] ^ MIDDLE
    np.subtract(flat[1:columns], flat[: columns - 1], out=found[1:columns])
    np.subtract(plane[1:, 0], plane[:-1, 0], out=found[columns::columns])
    return found


def _half(one: NDArray[np.uint16], other: NDArray[np.uint16]) -> NDArray[np.uint16]:
    return ((one.astype(np.int32) - other) >> 1).astype(np.uint16)
