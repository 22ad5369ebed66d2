"""Films through PyAV (the extra `dicom-veil[video]`); in a tab the browser makes them.

Every frame exactly once, at a constant rate; an odd side is made even by its last line once
more, since both formats want it. Colours are BT.709 in the limited range, which every player
shows alike, and are marked so. The number of threads is fixed, since it decides how an encoder
works: the same frames give the same bytes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, BinaryIO

from dicom_veil import errors
from dicom_veil.export.choices import Settings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dicom_veil.export.shot import Shot

THREADS = 2
# Frames between key frames: any frame is reached by decoding at most this many.
KEY_EVERY = 12
BT709, LIMITED = 1, 1  # ITU-T H.273, tables 2 to 4; FFmpeg's AVCOL_RANGE_MPEG
MISSING = "Films need the package av: install dicom-veil[video]."


@dataclass(frozen=True)
class Codec:
    """An encoder of FFmpeg, its options, and the filters that its packets go through."""

    container: str
    encoder: str
    options: Mapping[str, str]
    most: int  # pixels on a side
    filters: str = ""


class FilmWriter:
    """Frames are encoded as they come."""

    def __init__(self, target: BinaryIO, settings: Settings, codec: Codec) -> None:
        try:
            import av
        except ImportError:
            raise errors.Unsupported(MISSING) from None
        from dicom_veil.export.alike import Alike

        self._settings, self._codec = settings, codec
        self._alike = Alike()
        # bitexact: no name and version of the program.
        self._container = av.open(
            target, "w", format=codec.container, options={"fflags": "+bitexact"}
        )
        self._stream: Any = None
        self._filter: Any = None

    def add(self, shot: "Shot") -> None:
        """Raises `OutOfRange` for a frame of another size, or one that the format has no room for.

        A gray frame between coloured ones is one of equal samples.
        """
        import av
        import numpy as np

        pixels = shot.picture(self._settings, even=True)
        if pixels.ndim == 2:
            pixels = np.repeat(pixels[:, :, None], 3, axis=2)
        if max(pixels.shape) > self._codec.most:
            raise errors.OutOfRange(f"A film has at most {self._codec.most} pixels on a side here.")
        number = self._alike.count
        self._alike.check(pixels)
        if number == 0:
            self._begin(pixels, shot.rate(self._settings))
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")
        frame = frame.reformat(format="yuv420p", dst_colorspace=BT709, dst_color_range=LIMITED)
        frame.pts, frame.time_base = number, self._stream.codec_context.time_base
        self._mux(self._stream.encode(frame))

    def _begin(self, pixels: "NDArray[np.uint8]", rate: Fraction) -> None:
        stream: Any = self._container.add_stream(
            self._codec.encoder, rate=rate, options=dict(self._codec.options)
        )
        context = stream.codec_context
        context.height, context.width = pixels.shape[:2]
        context.pix_fmt = "yuv420p"
        context.time_base = 1 / rate
        context.thread_count = THREADS
        context.gop_size = KEY_EVERY
        context.color_primaries = context.color_trc = context.colorspace = BT709
        context.color_range = LIMITED
        self._stream = stream

    def _mux(self, packets: Iterable[Any]) -> None:
        """Packets through the filter, which can be made once the encoder has begun."""
        for packet in packets:
            if self._filter is None and self._codec.filters:
                from av.bitstream import BitStreamFilterContext

                self._container.start_encoding()
                self._filter = BitStreamFilterContext(self._codec.filters, self._stream)
            for one in self._filter.filter(packet) if self._filter else (packet,):
                self._container.mux(one)

    def close(self) -> None:
        try:
            self._alike.total()
            self._mux(self._stream.encode(None))
            for packet in self._filter.filter(None) if self._filter else ():
                self._container.mux(packet)
        finally:
            self._container.close()
