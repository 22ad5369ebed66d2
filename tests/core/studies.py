"""Whole studies for tests: many instances out of real files, broken ones among them."""

import os
import random
import warnings
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pydicom

from tests.core.files import bundled

FULL = bool(os.environ.get("VEIL_FULL"))
KINDS = ("CT_small.dcm", "MR_small.dcm", "rtplan.dcm", "SC_rgb_rle_2frame.dcm",
         "JPEG2000.dcm", "reportsi.dcm", "SC_rgb_jpeg_gdcm.dcm")  # fmt: skip


def instance(
    number: int = 1, kind: str = "CT_small.dcm", study: str = "1.2.3.1", series: str = "",
    **attributes: str,
) -> bytes:  # fmt: skip
    """A real file with UIDs and attributes of its own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dataset = pydicom.dcmread(bundled(kind))
        dataset.SOPInstanceUID = f"1.2.3.9.{number}"
        dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
        dataset.StudyInstanceUID = study
        dataset.SeriesInstanceUID = series or f"{study}.1"
        for keyword, value in {"InstanceNumber": str(number), **attributes}.items():
            setattr(dataset, keyword, value)
        target = BytesIO()
        dataset.save_as(target)
    return target.getvalue()


def write_study(folder: Path, count: int, **attributes: str) -> list[Path]:
    """`count` CT instances of one series."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"file {number}" for number in range(1, count + 1)]
    for number, path in enumerate(paths, 1):
        path.write_bytes(instance(number, **attributes))
    return paths


def mixed(count: int, broken: int, seed: int = 1) -> Iterator[tuple[bytes, bool]]:
    """`count` instances of several kinds, patients and studies, `broken` of them broken.

    Each with whether it is whole.
    """
    chance = random.Random(seed)
    bad = set(chance.sample(range(count), broken))
    templates = {kind: instance(1, kind) for kind in KINDS}
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        patient = number // 40
        content = _own(templates[kind], number, patient, KINDS.index(kind))
        if number not in bad:
            yield content, True
        else:
            damage = (content[: len(content) // 3], b"", b"no scan at all" * 20,
                      content[:300] + chance.randbytes(500))  # fmt: skip
            yield damage[number % len(damage)], False


def _own(template: bytes, number: int, patient: int, series: int) -> bytes:
    dataset = pydicom.dcmread(BytesIO(template))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dataset.SOPInstanceUID = f"1.2.3.9.{number + 1}"
        dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
        dataset.StudyInstanceUID = f"1.2.3.8.{patient}.{number // 20}"
        dataset.SeriesInstanceUID = f"{dataset.StudyInstanceUID}.{series}"
        dataset.PatientID = f"PID{patient:06d}"
        dataset.PatientName = f"Quisquilia{patient:04d}^Zenobia"
        dataset.PatientBirthDate = "19400101"
        target = BytesIO()
        dataset.save_as(target)
    return target.getvalue()
