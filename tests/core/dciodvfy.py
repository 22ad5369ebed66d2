"""dciodvfy as an outside judge of whole instances (Debian's package dicom3tools)."""

import re
import shutil
import subprocess
from collections import Counter
from dataclasses import replace
from tempfile import TemporaryFile

import pytest
from pydicom.dataset import Dataset
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian

from dicom_veil.apply import like
from dicom_veil.read import Instance
from dicom_veil.write import chunks, write

needs_dciodvfy = pytest.mark.skipif(
    shutil.which("dciodvfy") is None, reason="dciodvfy of dicom3tools is not installed"
)
IOD_NAME = re.compile(r"^[A-Z][A-Za-z0-9]+$", re.MULTILINE)
# What may differ between two errors of one kind: values, UIDs, numbers of items, bytes.
VARIABLE = (
    (re.compile(r"^.*?Error - "), ""),
    (re.compile(r"(?<=ReferencedSOPInstanceUID )\S+|\b\d+(\.\d+){2,}"), "UID"),
    (re.compile(r"(= |[Vv]alue (- |= )?)<[^>]*>"), "<value>"),
    (re.compile(r"\[\d+\]|0x[0-9a-f]+|\bdec \d+"), "[]"),
)


def verdict(content: bytes) -> Counter[str] | None:
    """The errors in a file by their kind; None where the judge does not find out what it is.

    Its warnings are not counted.
    """
    with TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        done = subprocess.run(
            ["dciodvfy"], stdin=file, capture_output=True, check=False, timeout=300
        )
    said = (done.stderr + done.stdout).decode("latin-1")
    if done.returncode < 0 or not IOD_NAME.search(said):
        return None
    return Counter(_kind(line) for line in said.splitlines() if "Error - " in line)


def _kind(line: str) -> str:
    for pattern, instead in VARIABLE:
        line = pattern.sub(instead, line)
    return line


def readable(instance: Instance, *, pixels: bool = True) -> bytes:
    """An instance as a file that the judge can read, its attributes as they are.

    With file meta information, not deflated, and without pixels where it gives up on them.
    """
    dataset: Dataset = like(instance.dataset, dict(instance.dataset._dict))
    for keyword, uid in (
        ("SOPClassUID", instance.sop_class_uid),
        ("SOPInstanceUID", instance.sop_instance_uid),
    ):
        if keyword not in dataset and uid:
            setattr(dataset, keyword, uid)
    if instance.transfer_syntax == DeflatedExplicitVRLittleEndian:
        instance = replace(instance, transfer_syntax=ExplicitVRLittleEndian)
    if not pixels:
        instance = replace(instance, pixels=None)
    return b"".join(chunks(write(instance, dataset), instance.body))
