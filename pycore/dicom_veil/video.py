"""Instances that hold one video stream instead of frames (PS3.5 8.2.5 to 8.2.9, A.4).

Nothing here decodes: the stream is named and located, so that the page can play it with the
browser's own decoder.
"""

from dataclasses import dataclass

from dicom_veil import errors
from dicom_veil.read import Instance

# By transfer syntax: codec, its name by RFC 6381, MIME type of a stream without container.
MPEG2 = ("MPEG-2", "", "video/mpeg")
_UIDS = "1.2.840.10008.1.2.4."
STREAMS = {
    f"{_UIDS}100": MPEG2,
    f"{_UIDS}101": MPEG2,
    f"{_UIDS}102": ("H.264", "avc1.640029", "video/h264"),
    f"{_UIDS}103": ("H.264", "avc1.640029", "video/h264"),
    f"{_UIDS}104": ("H.264", "avc1.64002A", "video/h264"),
    f"{_UIDS}105": ("H.264", "avc1.64002A", "video/h264"),
    f"{_UIDS}106": ("H.264", "avc1.80002A", "video/h264"),
    f"{_UIDS}107": ("HEVC", "hvc1.1.6.L153.B0", "video/h265"),
    f"{_UIDS}108": ("HEVC", "hvc1.2.4.L153.B0", "video/h265"),
}
TRANSPORT_PACKET, SYNC = 188, 0x47
HEAD = TRANSPORT_PACKET + 1
MPEG_PACK = b"\0\0\1\xba"


@dataclass(frozen=True)
class Video:
    """`codec` for people, `codec_string` as RFC 6381 has it ("" where there is none for browsers).

    `container`: mp4, mpeg-ts, mpeg-ps, or elementary (no container).
    """

    codec: str
    codec_string: str
    container: str
    mime_type: str


def codec_of(instance: Instance) -> str | None:
    """What a stream is coded in, by the transfer syntax; None where that is not one of video."""
    known = _stream(instance)
    return known and known[0]


def _stream(instance: Instance) -> tuple[str, str, str] | None:
    syntax = str(instance.transfer_syntax)
    # The fragmentable ones (".1" behind) hold the same streams in several fragments.
    return STREAMS.get(syntax) or STREAMS.get(syntax.removesuffix(".1"))


def video_of(instance: Instance) -> Video | None:
    """What kind of stream an instance holds, by its transfer syntax and the stream's first bytes.

    None where the transfer syntax is not one of video, or the pixels are missing.
    """
    known = _stream(instance)
    if known is None or instance.pixels is None or not instance.pixels.encapsulated:
        return None
    codec, codec_string, elementary = known
    container, mime_type = _container(_head(instance), elementary)
    return Video(codec, codec_string, container, mime_type)


def _head(instance: Instance) -> bytes:
    for start, end in stream_ranges(instance):
        instance.body.seek(start)
        return instance.body.read(min(HEAD, end - start))
    return b""


def _container(head: bytes, elementary: str) -> tuple[str, str]:
    if head[4:8] == b"ftyp":
        return "mp4", "video/mp4"
    if head[:1] == head[TRANSPORT_PACKET:] == bytes((SYNC,)):
        return "mpeg-ts", "video/mp2t"
    if head[:4] == MPEG_PACK:
        return "mpeg-ps", "video/mpeg"
    return "elementary", elementary


def stream_ranges(instance: Instance) -> list[tuple[int, int]]:
    """Where the stream lies in the file: (start, end) of each fragment, to be joined in order.

    The first item is the Basic Offset Table, which says nothing of one stream (PS3.5 A.4).
    Raises `NoPixels` where there are no fragments.
    """
    pixels = instance.pixels
    if pixels is None or not pixels.encapsulated:
        raise errors.NoPixels("This instance holds no video stream.")
    return [(start, start + length) for start, length in pixels.items[1:] if length]
