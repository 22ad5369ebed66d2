"""The markers at the head of a JPEG or JPEG-LS codestream (ISO/IEC 10918-1 B, 14495-1 C)."""

from dataclasses import dataclass

from dicom_veil.decode.plugin import Damage

SOI, EOI, SOS, APP0, APP14, SOF55 = 0xD8, 0xD9, 0xDA, 0xE0, 0xEE, 0xF7
NOT_FRAMES = frozenset({0xC4, 0xC8, 0xCC})  # DHT, JPG, DAC
STANDALONE = frozenset({0x01, *range(0xD0, 0xD8)})  # TEM, RST0 to RST7
RGB_IDS = (b"RGB", b"rgb")


@dataclass(frozen=True)
class JpegHeader:
    """The frame header, and what the application segments say about colour.

    `process` is the number of the SOF marker: 0 baseline, 1 extended, 2 progressive, 3 lossless,
    55 JPEG-LS. `adobe` is the transform of the Adobe segment (0 none, 1 YCbCr) or None.
    """

    process: int
    precision: int
    rows: int
    columns: int
    component_ids: bytes
    jfif: bool
    adobe: int | None

    @property
    def samples(self) -> int:
        """Components in the frame."""
        return len(self.component_ids)

    def photometric(self, declared: str) -> str:
        """What three components are: the codestream's word before the header's.

        Component identifiers `RGB`, then the Adobe segment, then JFIF (which knows only YCbCr);
        decoders that look at the codestream agree on this order. Without any, the header's.
        """
        if self.samples != 3:
            return declared
        if self.component_ids in RGB_IDS or self.adobe == 0:
            return "RGB"
        if self.adobe == 1 or self.jfif:
            return "YBR_FULL"
        return declared


def jpeg_header(codestream: bytes) -> JpegHeader:
    """Reads the markers up to the first scan. Raises `Damage`."""
    if codestream[:2] != b"\xff\xd8":
        raise Damage("it does not begin as a JPEG codestream")
    position, jfif, adobe = 2, False, None
    frame: tuple[int, bytes] | None = None
    while position + 4 <= len(codestream):
        if codestream[position] != 0xFF:
            raise Damage("the markers of its codestream cannot be followed")
        marker = codestream[position + 1]
        if marker == 0xFF:  # fill byte, 10918-1 B.1.1.2
            position += 1
            continue
        if marker in STANDALONE:
            position += 2
            continue
        length = int.from_bytes(codestream[position + 2 : position + 4], "big")
        segment = codestream[position + 4 : position + 2 + length]
        position += 2 + length
        if marker in (SOS, EOI):
            break
        if marker == APP0 and segment.startswith(b"JFIF"):
            jfif = True
        elif marker == APP14 and segment.startswith(b"Adobe") and len(segment) > 11:
            adobe = segment[11]
        elif marker == SOF55 or (marker & 0xF0 == 0xC0 and marker not in NOT_FRAMES):
            frame = (55 if marker == SOF55 else marker & 0x0F, segment)
    if frame is None or len(frame[1]) < 6 or len(frame[1]) < 6 + 3 * frame[1][5]:
        raise Damage("its codestream has no frame header")
    process, header = frame
    return JpegHeader(
        process=process,
        precision=header[0],
        rows=int.from_bytes(header[1:3], "big"),
        columns=int.from_bytes(header[3:5], "big"),
        component_ids=bytes(header[6 : 6 + 3 * header[5] : 3]),
        jfif=jfif,
        adobe=adobe,
    )
