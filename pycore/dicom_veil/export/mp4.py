"""MP4 with H.264, which every program and browser plays."""

from typing import BinaryIO

from dicom_veil.export.choices import RATE, SEEN, Settings
from dicom_veil.export.format import Format, Writer

# Constant quality, near-lossless. The encoder describes itself in an SEI message of its own, which
# is NAL unit type 6 (H.264 7.4.1): nothing that a player needs.
OPTIONS = {"crf": "8", "preset": "medium"}
SEI = "filter_units=remove_types=6"
MAX_SIDE = 8192


def _open(target: BinaryIO, settings: Settings) -> Writer:
    from dicom_veil.export.video import Codec, FilmWriter

    return FilmWriter(target, settings, Codec("mp4", "libx264", OPTIONS, MAX_SIDE, SEI))


FORMAT = Format(
    "mp4", "MP4", ".mp4", "video/mp4",
    scope="series", options=(*SEEN, RATE), open=_open, made_by="browser",
)  # fmt: skip
