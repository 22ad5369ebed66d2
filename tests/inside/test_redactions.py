"""Every encoder and the editor of blocks work in the tab, and leave the same values as natively."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from pydicom.uid import UID

from dicom_veil.redact import lossless
from dicom_veil.redact.lossless import Coded
from tests import inside
from tests.core.files import distinct_files
from tests.core.make import encapsulated, header
from tests.inside.redactions import redacted

SCRIPT = inside.HERE / "redactions.py"
PREFIX = "1.2.840.10008.1.2."
ENCODERS = {
    "4.70": lossless.encode_jpeg, "4.80": lossless.encode_jpegls, "4.90": lossless.encode_jpeg2000,
    "4.201": lossless.encode_htj2k, "4.110": lossless.encode_jpegxl, "5": lossless.encode_rle,
}  # fmt: skip
# By blocks, by blocks inside JPEG XL, lossy to lossless, palettes, subsampled, big endian.
REAL = ("SC_rgb_dcmtk_+eb+cy+s2.dcm", "JPEG-lossy.dcm", "JPEGLSNearLossless_16.dcm",
        "JPEG2000.dcm", "OT-PAL-8-face.dcm", "SC_ybr_full_422_uncompressed.dcm",
        "SC_rgb_small_odd_big_endian.dcm", "JPGExtended.dcm", "MR_small_RLE.dcm",
        "emri_small_jpeg_ls_lossless.dcm", "SC_jpeg_no_color_transform.dcm")  # fmt: skip


def made(folder: Path, suffix: str, bits: int, samples: int) -> Path:
    shape = (33, 41) if samples == 1 else (33, 41, 3)
    kind = np.uint8 if bits <= 8 else np.uint16
    values = np.random.default_rng(bits).integers(0, 1 << bits, shape).astype(kind)
    dataset = header(
        33, 41, SamplesPerPixel=samples, PhotometricInterpretation="RGB" if samples == 3 else
        "MONOCHROME2", PlanarConfiguration=0 if samples == 3 else None, BitsAllocated=8 *
        values.itemsize, BitsStored=bits, HighBit=bits - 1,
    )  # fmt: skip
    content = ENCODERS[suffix](values, Coded(bits, "RGB"))
    instance = encapsulated(dataset, [content], UID(PREFIX + suffix))
    path = folder / f"{suffix}-{bits}-{samples}.dcm"
    instance.body.seek(0)
    path.write_bytes(instance.body.read())
    return path


def test_the_tab_leaves_what_natively_is_left(tmp_path: Path) -> None:
    paths = [made(tmp_path, suffix, bits, samples) for suffix in ENCODERS
             for bits, samples in ((8, 1), (12, 1), (16, 1), (8, 3))]  # fmt: skip
    paths += [path for path in distinct_files() if path.name in REAL]
    listed, out = tmp_path / "list.json", tmp_path / "out.json"
    listed.write_text(json.dumps([str(path) for path in paths]), "utf-8")
    ended = inside.run(SCRIPT, listed, out)
    assert ended.status == 0, ended.err
    told: dict[str, Any] = json.loads(out.read_text("utf-8"))
    wrong = {
        Path(path).name: (one, natively) for path, one in told.items()
        if one != (natively := redacted(path))
    }  # fmt: skip
    assert not wrong
    assert sum(isinstance(one, dict) for one in told.values()) >= len(paths) - 2
