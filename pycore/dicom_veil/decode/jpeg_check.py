"""Whether a JPEG codestream is sound enough for libjpeg-turbo.

libjpeg meets damaged data with a warning and goes on, but a damaged header with an error, and in
WebAssembly that error ends the interpreter. So everything that it would refuse is refused here
first (ISO/IEC 10918-1 B.2; libjpeg's jdmarker.c, jdhuff.c, jdlossls.c).
"""

from dicom_veil.decode.jpeg_markers import DHT, DQT, DRI, SOS, Segment, segments
from dicom_veil.decode.plugin import Damage

LOSSLESS, PROGRESSIVE = 3, 2
COMMENT, APPLICATION = 0xFE, range(0xE0, 0xF0)


def check_structure(codestream: bytes) -> None:
    """Raises `Damage` for a header, table or scan that a decoder would refuse."""
    tables: dict[int, int] = {}
    components: dict[int, int] = {}
    process = precision = 0
    for segment in segments(codestream):
        if segment.process is not None:
            _demand(not components, "it has two frame headers")
            process, precision = segment.process, segment.body[0]
            components = _components(segment.body)
        elif segment.marker == DHT:
            tables |= _huffman(segment.body)
        elif segment.marker == SOS:
            _scan(segment, process, precision, components, tables)
        elif segment.marker == DQT:
            _quantization(segment.body)
        elif segment.marker == DRI:
            _demand(len(segment.body) == 2, "its restart interval is none")
        else:
            known = segment.marker == COMMENT or segment.marker in APPLICATION
            _demand(known, "it has a segment that does not belong there")


def _demand(condition: bool, reason: str) -> None:
    if not condition:
        raise Damage(reason)


def _components(body: bytes) -> dict[int, int]:
    """Component identifier → sampling factors; lossless pictures of DICOM have none."""
    _demand(len(body) >= 9 and len(body) == 6 + 3 * body[5], "its frame header is damaged")
    found = dict(zip(body[6::3], body[7::3], strict=True))
    sampled = all(1 <= factor >> 4 <= 4 and 1 <= factor & 15 <= 4 for factor in found.values())
    _demand(len(found) == body[5] <= 4 and sampled, "its components are damaged")
    return found


def _huffman(body: bytes) -> dict[int, int]:
    """Identifier (class × 16 + number) → largest symbol, of the tables in one segment (B.2.4.2)."""
    found = {}
    while body:
        counts, identifier = body[1:17], body[0]
        total = sum(counts)
        symbols = body[17 : 17 + total]
        _demand(len(counts) == 16 and len(symbols) == total <= 256, "its Huffman table is damaged")
        _demand(identifier & 15 < 4 and identifier >> 4 < 2, "its Huffman table is damaged")
        code = 0
        for length, count in enumerate(counts, start=1):  # C.2: codes must fit their lengths
            code = (code << 1) + count
            _demand(code <= 1 << length, "its Huffman table is damaged")
        found[identifier] = max(symbols, default=0)
        body = body[17 + total :]
    return found


def _quantization(body: bytes) -> None:
    while body:
        size = 129 if body[0] >> 4 else 65
        sound = body[0] >> 4 < 2 and body[0] & 15 < 4 and len(body) >= size
        _demand(sound, "its quantization table is damaged")
        body = body[size:]


def _scan(
    segment: Segment,
    process: int,
    precision: int,
    components: dict[int, int],
    tables: dict[int, int],
) -> None:
    """The header of a scan (B.2.3, H.2 for lossless)."""
    body = segment.body
    _demand(len(body) >= 6 and len(body) == 4 + 2 * body[0], "its scan header is damaged")
    identifiers, chosen = body[1:-3:2], body[2:-3:2]
    known = len(set(identifiers)) == len(identifiers) and set(identifiers) <= set(components)
    _demand(bool(components) and known, "its scan is of components that it does not have")
    first, last, approximation = body[-3:]
    if process == LOSSLESS:
        right = 1 <= first <= 7 and last == 0 and approximation < precision
        _demand(right, "its scan has no predictor")
    if process == PROGRESSIVE:
        _demand(first <= last < 64 and approximation & 15 < 14, "its scan header is damaged")
        return  # which tables a progressive scan needs depends on its band
    direct = {table >> 4 for table in chosen}
    alternating = set() if process == LOSSLESS else {0x10 | table & 15 for table in chosen}
    _demand(direct | alternating <= set(tables), "its Huffman table is missing")
    largest = max(tables[table] for table in direct)
    _demand(largest <= (16 if process == LOSSLESS else 15), "its Huffman table is damaged")
