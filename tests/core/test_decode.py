"""Stored values against pydicom's decoders and the references in the corpus's manifest."""

import csv
import hashlib
import warnings
from collections import Counter
from io import BytesIO
from pathlib import Path

import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray
from pydicom.pixels.processing import apply_color_lut

from dicom_veil import errors
from dicom_veil.decode import decode_frame, frame_count
from dicom_veil.read import Instance, read
from tests.core.files import CORPUS, bundled_files, corpus_files, needs_corpus

# Lossy codestreams that differ between correct decoders: the standards leave the inverse cosine
# transform a tolerance (ISO/IEC 10918-2). Name → how far from the manifest's decoder.
LOSSY = {
    "dcmjs__sample-op.dcm": "8-bit JPEG by Pillow (libjpeg-turbo), the reference by libjpeg of ISO",
    "dicomParser__CT0012.fragmented_no_bot_jpeg_baseline.51.dcm": "12-bit JPEG, likewise",
}
# The manifest's colours are raw, so only those that were RGB already can be compared.
EXACT_COLOR, BASELINE = ("RGB", "YBR_RCT", "YBR_ICT"), "1.2.840.10008.1.2.4.50"
EXTENDED = "1.2.840.10008.1.2.4.51"
TALLY: Counter[str] = Counter()


def opened(path: Path) -> Instance:
    return read(BytesIO(path.read_bytes()))


def all_frames(instance: Instance) -> NDArray[np.generic]:
    """Every frame, stacked as pydicom does."""
    frames = [
        decode_frame(instance, index).values for index in range(frame_count(instance.dataset))
    ]
    return np.stack(frames) if len(frames) > 1 else frames[0]


def reference(path: Path) -> tuple[pydicom.FileDataset, NDArray[np.generic]] | None:
    """pydicom's own reading and decoding, or None where it has none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            dataset = pydicom.dcmread(path, force=True)
            return dataset, dataset.pixel_array
        except Exception:  # noqa: BLE001 - whatever it cannot do, it is no reference
            return None


def decodable() -> list[Path]:
    """pydicom's files with pixels, told by their headers."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = []
        for path in bundled_files():
            dataset = pydicom.dcmread(path, force=True, stop_before_pixels=True)
            if dataset.get_item("Rows") is not None:
                found.append(path)
    return found


@pytest.mark.parametrize("path", decodable(), ids=lambda path: path.name)
def test_values_are_those_of_pydicom(path: Path) -> None:
    """Bundled files: gray is equal array for array, RGB equal to pydicom's own conversion."""
    expected = reference(path)
    if expected is None:
        pytest.skip("pydicom alone cannot decode this file")
    dataset, values = expected
    if dataset.file_meta.TransferSyntaxUID == EXTENDED:
        pytest.skip("lossy by pylibjpeg's transform; dcmtk's in test_decode_references.py is ours")
    instance = opened(path)
    frame = decode_frame(instance, 0)
    if not frame.color:
        np.testing.assert_array_equal(all_frames(instance), values)
        return
    first = values[0] if values.ndim == 4 or frame_count(instance.dataset) > 1 else values
    if dataset.PhotometricInterpretation == "PALETTE COLOR":
        first = apply_color_lut(first, dataset)
    if first.dtype.itemsize > 1:
        first = first >> (8 * (first.dtype.itemsize - 1))
    np.testing.assert_array_equal(frame.values, first)


def manifest() -> dict[str, dict[str, str]]:
    """The corpus's own account of its files."""
    if not CORPUS.is_dir():
        return {}
    with (CORPUS / "manifest.csv").open() as lines:
        return {row["file"]: row for row in csv.DictReader(lines)}


def digests(values: NDArray[np.generic]) -> set[str]:
    """The manifest's hash, for both byte orders of the same numbers."""
    return {
        hashlib.sha1(
            ("x".join(map(str, values.shape)) + str(ordered.dtype)).encode() + ordered.tobytes(),
            usedforsecurity=False,
        ).hexdigest()[:16]
        for ordered in (values, values.astype(values.dtype.newbyteorder(">")))
    } | {
        hashlib.sha1(
            (str(values.shape) + str(ordered.dtype)).encode() + ordered.tobytes(),
            usedforsecurity=False,
        ).hexdigest()[:16]
        for ordered in (values, values.astype(values.dtype.newbyteorder(">")))
    }


@needs_corpus
@pytest.mark.parametrize("name", sorted(manifest()))
def test_values_are_those_of_the_references(name: str) -> None:
    """Corpus: gray frames hash like the manifest's reference; what it decodes is not refused."""
    row = manifest()[name]
    try:
        instance = opened(CORPUS / name)
        frame = decode_frame(instance, 0)
    except errors.VeilError as refusal:
        TALLY[f"refused ({refusal.code}), reference: {row['status']}"] += 1
        assert row["status"] in ("no pixel data", "no decoder/broken")
        return
    values = all_frames(instance)
    if frame.color:
        exact = row["photometric"] in EXACT_COLOR and row["array_dtype"] == "uint8"
        if exact and row["ts_uid"] != BASELINE and row["pixel_sha16"]:
            TALLY["colour: equal"] += 1
            assert row["pixel_sha16"] in digests(values)
        else:
            TALLY["colour: decoded, reference is in another colour space or depth"] += 1
            assert values.dtype == np.uint8
        return
    if not row["pixel_sha16"]:
        TALLY["gray: decoded, no reference"] += 1
        return
    if name in LOSSY:
        TALLY["gray: decoded, lossy within tolerance"] += 1
        assert "x".join(map(str, values.shape)) == row["array_shape"]
        return
    TALLY["gray: equal"] += 1
    assert row["pixel_sha16"] in digests(values)


def test_tally_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """Prints what became of the corpus; no count is a bar of its own."""
    with capsys.disabled():
        print("\ndecode, corpus:", dict(sorted(TALLY.items())) or "absent")


@needs_corpus
def test_notes_say_where_a_file_lies_about_itself() -> None:
    """16 bits in the codestream, 12 in the header: decoded as is, and said."""
    path = next(path for path in corpus_files() if path.name == "dcm_qa_ts__9.dcm")
    (note,) = decode_frame(opened(path), 0).notes
    assert "16 bits" in note
    assert "12" in note
