"""What a JPEG or JPEG-LS codestream says of its picture before the first scan."""

from collections.abc import Iterable
from dataclasses import dataclass

from dicom_veil.decode.jpeg_markers import APP0, APP14, SOS, Segment
from dicom_veil.decode.plugin import Damage

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


def jpeg_header(found: Iterable[Segment]) -> JpegHeader:
    """Reads the segments up to the first scan. Raises `Damage`."""
    jfif, adobe, process, frame = False, None, None, b""
    for segment in found:
        if segment.marker == SOS:
            break
        if segment.marker == APP0 and segment.body.startswith(b"JFIF"):
            jfif = True
        elif segment.marker == APP14 and segment.body[:5] == b"Adobe" and len(segment.body) > 11:
            adobe = segment.body[11]
        elif segment.process is not None:
            process, frame = segment.process, segment.body
    if process is None or len(frame) < 6 or len(frame) != 6 + 3 * frame[5]:
        raise Damage("its codestream has no frame header")
    return JpegHeader(
        process=process,
        precision=frame[0],
        rows=int.from_bytes(frame[1:3], "big"),
        columns=int.from_bytes(frame[3:5], "big"),
        component_ids=bytes(frame[6::3]),
        jfif=jfif,
        adobe=adobe,
    )
