"""Clips made for tests: each frame of one gray value, run-length encoded to stay small."""

import struct
from pathlib import Path

from tests.core.make import encapsulated, header

RLE = "1.2.840.10008.1.2.5"
RUN = 128  # bytes that one run of RLE can repeat at most (PS3.5 G.3.1)
STEP = 100


def clip(
    target: Path, frames: int, rows: int = 128, columns: int = 128, **attributes: object
) -> Path:
    """A multi-frame instance; stored value of frame i: (i + 1) × `STEP`. `columns`: of RUN."""
    top = (frames + 1) * STEP
    dataset = header(
        rows, columns, NumberOfFrames=frames, PatientID="clip", InstanceNumber=1,
        StudyInstanceUID="1.2.3", SeriesInstanceUID="1.2.3.1", Modality="OT",
        WindowCenter=top / 2, WindowWidth=top, **attributes,
    )  # fmt: skip
    made = [_frame((index + 1) * STEP, rows * columns // RUN) for index in range(frames)]
    content = encapsulated(dataset, made, RLE).body
    content.seek(0)
    target.write_bytes(content.read())
    return target


def _frame(value: int, runs: int) -> bytes:
    """PS3.5 G.5: 16 offsets, then the high bytes, then the low ones."""
    planes = [bytes((257 - RUN, byte)) * runs for byte in divmod(value, 256)]
    offsets = (64, 64 + len(planes[0]))
    return struct.pack("<16I", 2, *offsets, *[0] * 13) + b"".join(planes)
