"""Whether a JPEG codestream is sound enough for libjpeg-turbo.

libjpeg meets damaged data with a warning and goes on, but a damaged header with an error, and in
WebAssembly that error ends the interpreter. So everything that it would refuse is refused here
first (ISO/IEC 10918-1 B.2; libjpeg's jdmarker.c, jdinput.c, jdhuff.c, jdphuff.c, jdlossls.c).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from dicom_veil.decode.jpeg_markers import DHT, DQT, DRI, SOS, Segment
from dicom_veil.decode.plugin import Damage

LOSSLESS, PROGRESSIVE = 3, 2
COMMENT, APPLICATION = 0xFE, range(0xE0, 0xF0)
BLOCKS_IN_MCU = 10  # 10918-1 B.2.3


@dataclass
class _State:
    """What the segments so far have defined.

    `components`: identifier → sampling factors and quantization table; `tables`: class × 16 +
    number of a Huffman table → its largest symbol; `last`: where the data of the last scan ends.
    """

    process: int = 0
    precision: int = 0
    components: dict[int, tuple[int, int]] = field(default_factory=dict)
    tables: dict[int, int] = field(default_factory=dict)
    quantizers: set[int] = field(default_factory=set)
    scans: int = 0
    last: int = 0


def check_structure(found: Iterable[Segment], length: int) -> None:
    """Raises `Damage` for a header, table or scan that a decoder would refuse.

    `found`: all segments of a codestream of `length` bytes.
    """
    state = _State()
    for segment in found:
        if segment.process is not None:
            _demand(not state.components, "it has two frame headers")
            state.process, state.precision = segment.process, segment.body[0]
            state.components = _components(segment.body, state.process)
        elif segment.marker == DHT:
            state.tables |= _huffman(segment.body)
        elif segment.marker == SOS:
            _scan(segment, state)
            state.scans, state.last = state.scans + 1, segment.data_end
        elif segment.marker == DQT:
            state.quantizers |= _quantization(segment.body)
        elif segment.marker == DRI:
            _demand(len(segment.body) == 2, "its restart interval is none")
        else:
            known = segment.marker == COMMENT or segment.marker in APPLICATION
            _demand(known, "it has a segment that does not belong there")
    _demand(state.scans > 0, "it has no scan")
    # A decoder fills what is missing. Of a lossless scan, `jpeg_lossless` proves that it is whole.
    ended = state.process == LOSSLESS or state.last < length
    _demand(ended, "its codestream ends too early")


def _demand(condition: bool, reason: str) -> None:
    if not condition:
        raise Damage(reason)


def _components(body: bytes, process: int) -> dict[int, tuple[int, int]]:
    """Component identifier → sampling factors and quantization table."""
    _demand(len(body) >= 9 and len(body) == 6 + 3 * body[5], "its frame header is damaged")
    identifiers, factors, tables = body[6::3], body[7::3], body[8::3]
    sides = [side for factor in factors for side in (factor >> 4, factor & 15)]
    _demand(len(set(identifiers)) == body[5] <= 4, "its components are damaged")
    _demand(all(1 <= side <= 4 for side in sides), "its components are damaged")
    # Decoders upsample by whole factors only; lossless pictures of DICOM are not subsampled.
    largest = max(factor >> 4 for factor in factors), max(factor & 15 for factor in factors)
    whole = all(
        largest[0] % (factor >> 4) == 0 and largest[1] % (factor & 15) == 0 for factor in factors
    )
    _demand(whole, "its components are damaged")
    _demand(process != LOSSLESS or len(set(factors)) == 1, "its components are damaged")
    return dict(zip(identifiers, zip(factors, tables, strict=True), strict=True))


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


def _quantization(body: bytes) -> set[int]:
    found = set()
    while body:
        size = 129 if body[0] >> 4 else 65
        sound = body[0] >> 4 < 2 and body[0] & 15 < 4 and len(body) >= size
        _demand(sound, "its quantization table is damaged")
        found.add(body[0] & 15)
        body = body[size:]
    return found


def _scan(segment: Segment, state: _State) -> None:
    """The header of a scan (B.2.3, G.1.1.1.1 for progressive, H.2 for lossless)."""
    body = segment.body
    _demand(len(body) >= 6 and len(body) == 4 + 2 * body[0], "its scan header is damaged")
    identifiers, chosen = body[1:-3:2], body[2:-3:2]
    known = len(set(identifiers)) == len(identifiers) and set(identifiers) <= set(state.components)
    _demand(bool(state.components) and known, "its scan is of components that it does not have")
    parts = [state.components[one] for one in identifiers]
    blocks = sum((factor >> 4) * (factor & 15) for factor, _ in parts)
    _demand(len(parts) == 1 or blocks <= BLOCKS_IN_MCU, "its components are damaged")
    first, last, approximation = body[-3:]
    high, low = approximation >> 4, approximation & 15
    direct = {table >> 4 for table in chosen}
    alternating = {0x10 | table & 15 for table in chosen}
    if state.process == LOSSLESS:
        right = 1 <= first <= 7 and last == 0 and approximation < state.precision
        _demand(right, "its scan has no predictor")
        needed, most = direct, 16
    else:
        quantized = {table for _, table in parts} <= state.quantizers
        _demand(quantized, "its quantization table is missing")
        needed, most = direct | alternating, 15
    if state.process == PROGRESSIVE:
        band = last == 0 if first == 0 else first <= last < 64 and len(parts) == 1
        _demand(band and low < 14 and high in (0, low + 1), "its scan header is damaged")
        needed = alternating if first else set() if high else direct
    _demand(needed <= set(state.tables), "its Huffman table is missing")
    largest = max((state.tables[table] for table in needed if table < 0x10), default=0)
    _demand(largest <= most, "its Huffman table is damaged")
