"""Where the scans of a JPEG codestream end, and a proof that a decoder did not run past one.

Decoders of lossless JPEG fill a scan that ends early in silence, and none says so. But what
follows a whole scan can't matter: so the stream is decoded again with other bytes put after each
scan, and a picture that changes was not all there.
"""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dicom_veil.decode.plugin import Damage

# What ends entropy-coded data: a marker, after any fill bytes, that is neither a stuffed byte nor
# a restart (10918-1 B.1.1.2).
MARKER = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")
EOI, SOS, DRI = 0xD9, 0xDA, 0xDD
TAIL = bytes.fromhex("5aa5c3399655f00f3cc36996") * 16


def scan_ends(codestream: bytes) -> list[int]:
    """The positions at which the entropy-coded data of each scan end."""
    ends, position = [], 2
    while position + 4 <= len(codestream):
        marker = codestream[position + 1]
        if codestream[position] != 0xFF or marker == EOI:
            break
        if marker == 0xFF:
            position += 1
            continue
        position += 2 + int.from_bytes(codestream[position + 2 : position + 4], "big")
        if marker == SOS:
            found = MARKER.search(codestream, position)
            position = found.start() if found else len(codestream)
            ends.append(position)
    return ends


def is_plain(codestream: bytes) -> bool:
    """One scan, no restart interval, no point transform: what the simplest decoders know."""
    header, _, scan = codestream.partition(b"\xff\xda")
    restarts = re.search(rb"\xff\xdd\x00\x04(..)", header, re.DOTALL)
    if restarts and restarts[1] != b"\0\0":
        return False
    length = int.from_bytes(scan[:2], "big")
    point_transform = scan[length - 1] & 0x0F if 2 < length <= len(scan) else 0
    return len(scan_ends(codestream)) == 1 and point_transform == 0


def decode_whole(codestream: bytes, decoder: Callable[[bytes], NDArray[Any]]) -> NDArray[Any]:
    """The decoder's picture. Raises `Damage` where a scan ended before the picture did."""
    parts, start = [], 0
    for end in scan_ends(codestream):
        parts += [codestream[start:end], TAIL]
        start = end
    picture = decoder(codestream)
    if not np.array_equal(picture, decoder(b"".join([*parts, codestream[start:]]))):
        raise Damage("its codestream ends too early")
    return picture
