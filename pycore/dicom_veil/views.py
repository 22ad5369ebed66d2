"""Bytes that hide other bytes: deflated streams, base 64, hexadecimal, escapes, swapped words.

Each view is what a reader of the value would see; none is needed where nothing points to it.
"""

import binascii
import html
import re
import zlib
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from dicom_veil.notation import fold

ZLIB = re.compile(rb"\x1f\x8b\x08|PK\x03\x04|x[\x01\x5e\x9c\xda]")
BASE64 = re.compile(rb"[A-Za-z0-9+/\-_]{24,}={0,2}")
HEX = re.compile(rb"(?:[0-9A-Fa-f]{2}[ :]?){12,}")
PERCENT = re.compile(rb"%[0-9A-Fa-f]{2}")
ENTITY = re.compile(rb"&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]+);")
# In UTF-8: full width letters and digits, what has no width, soft hyphens.
ODD_WIDTH = re.compile(rb"\xef[\xbc\xbd][\x80-\xbf]|\xe2\x80[\x8b-\x8f]|\xe2\x81\xa0|\xc2\xad")
ODD_STARTS = (b"\xef\xbc", b"\xef\xbd", b"\xe2\x80", b"\xe2\x81\xa0", b"\xc2\xad")
MOST_STREAMS, MOST_INFLATED = 256, 1 << 22


def views(data: bytes, *, wide: bool = False, thorough: bool = False) -> Iterator[bytes]:
    """Everything that `data` holds in another form.

    `wide` looks at UTF-16 too (its ASCII needs no view); `thorough` at base 64, hexadecimal and
    swapped bytes, which no output of this program adds.
    """
    yield from inflated(data)
    if b"%" in data and PERCENT.search(data):
        yield unquote_to_bytes(data)
    if b"&" in data and ENTITY.search(data):
        yield html.unescape(data.decode("utf-8", "replace")).encode("utf-8", "replace")
    if any(start in data for start in ODD_STARTS) and ODD_WIDTH.search(data):
        yield ODD_WIDTH.sub(lambda found: _plain(found[0]), data)
    if wide and len(data) > 3:
        for encoding in ("utf-16-le", "utf-16-be"):
            yield data.decode(encoding, "ignore").encode("utf-8", "ignore")
    if thorough:
        yield swapped(data)
        yield from _decoded(data)


def _plain(letter: bytes) -> bytes:
    """A letter of another width as it is without, and nothing for one that nobody sees."""
    return fold(letter.decode("utf-8", "ignore")).encode("utf-8")


def inflated(data: bytes) -> Iterator[bytes]:
    """What zlib, gzip and ZIP streams in `data` hold (PDF, CDA packages, ICC, …)."""
    streams = 0
    for match in ZLIB.finditer(data):
        start, head = match.start(), match[0]
        wbits = zlib.MAX_WBITS
        if head[:1] == b"\x1f":
            wbits |= 16
        elif head[:2] == b"PK":
            names = int.from_bytes(data[start + 26 : start + 28], "little")
            extra = int.from_bytes(data[start + 28 : start + 30], "little")
            start, wbits = start + 30 + names + extra, -zlib.MAX_WBITS
        elif int.from_bytes(head, "big") % 31:
            continue
        content = _inflate(data[start:], wbits)
        if len(content) >= 8:
            yield content
        streams += 1
        if streams >= MOST_STREAMS:
            return


def _inflate(data: bytes, wbits: int) -> bytes:
    """As much as can be inflated; a stream that is none gives nothing."""
    try:
        return zlib.decompressobj(wbits).decompress(data, MOST_INFLATED)
    except zlib.error:
        return b""


def swapped(data: bytes) -> bytes:
    """16-bit words in the other byte order (OW of PS3.5 7.3)."""
    even = data[: len(data) // 2 * 2]
    result = bytearray(even)
    result[0::2], result[1::2] = even[1::2], even[0::2]
    return bytes(result)


def _decoded(data: bytes) -> Iterator[bytes]:
    for match in BASE64.finditer(data):
        text = match[0].translate(bytes.maketrans(b"-_", b"+/")).rstrip(b"=")
        if not text.isdigit():
            yield binascii.a2b_base64(text[: len(text) // 4 * 4])
    for match in HEX.finditer(data):
        digits = match[0].translate(None, b" :")
        yield binascii.unhexlify(digits[: len(digits) // 2 * 2])
