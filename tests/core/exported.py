"""Exports for tests: any format of any frames, and a small CT series in many positions."""

from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from dicom_veil.decode import frame_count
from dicom_veil.export import format_of
from dicom_veil.export.shot import Shot
from dicom_veil.read import read
from dicom_veil.sample import sample_study
from tests.core.files import bundled
from tests.core.test_decode import opened


def shots(name: str) -> list[Shot]:
    """Every frame of a file of pydicom's."""
    instance = opened(bundled(name))
    return [Shot(instance, index) for index in range(frame_count(instance.dataset))]


def made(name: str, frames: Sequence[Shot], **options: object) -> bytes:
    """The bytes of one file: of one frame where the format holds no more."""
    form = format_of(name)
    settings = form.settings(options)
    if form.encode:
        (frame,) = frames
        return form.encode(frame, settings)
    assert form.open
    target = BytesIO()
    writer = form.open(target, settings)
    for frame in frames:
        writer.add(frame)
    writer.close()
    return target.getvalue()


def pictures(frames: Iterable[Shot], *, even: bool = False) -> list[NDArray[np.uint8]]:
    """What films and sheets are to show."""
    settings = format_of("mp4").settings({})
    return [frame.picture(settings, even=even) for frame in frames]


def series(change: Callable[[int, Dataset], None] | None = None) -> list[bytes]:
    """The sample's CT slices (256 × 256, 20 mm apart, head first), each changed as wanted."""
    content = []
    for number, sample in enumerate(sample_study()):
        dataset = pydicom.dcmread(BytesIO(sample))
        if change:
            change(number, dataset)
        target = BytesIO()
        dataset.save_as(target, enforce_file_format=True)
        content.append(target.getvalue())
    return content


def of(contents: Iterable[bytes]) -> list[Shot]:
    """The first frames of files."""
    return [Shot(read(BytesIO(content)), 0) for content in contents]


def folder(path: Path, contents: Iterable[bytes]) -> Path:
    """Files in a folder, named in their order."""
    path.mkdir()
    for number, content in enumerate(contents):
        (path / f"{number:02d}.dcm").write_bytes(content)
    return path
