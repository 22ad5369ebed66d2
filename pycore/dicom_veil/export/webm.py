"""WebM with VP9, for programs that play only what is free of patents."""

from typing import BinaryIO

from dicom_veil.export.choices import RATE, SEEN, Settings
from dicom_veil.export.format import Format, Writer

OPTIONS = {"crf": "8", "b": "0", "deadline": "good", "cpu-used": "4"}
MAX_SIDE = 8192


def _open(target: BinaryIO, settings: Settings) -> Writer:
    from dicom_veil.export.video import Codec, FilmWriter

    return FilmWriter(target, settings, Codec("webm", "libvpx-vp9", OPTIONS, MAX_SIDE))


FORMAT = Format(
    "webm", "WebM", ".webm", "video/webm",
    scope="series", options=(*SEEN, RATE), open=_open, made_by="browser",
)  # fmt: skip
