"""The header of a NIfTI-1 file (nifti1.h of the NIfTI Data Format Working Group, 348 bytes).

A header of plain fields; a library for it would be larger in the tab than all exports together.
Text fields stay empty: the file says nothing of where or when it comes from.
"""

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dicom_veil import errors

SIZE = 348
# After the header: four bytes that say that there are no extensions.
DATA_AT = 352
MAGIC = b"n+1\0"
LAYOUT = "<i10s18sihBB8h3f4h8f3fhBB4f2i80s24s2h6f12f16s4s"
DATATYPES = {"u1": 2, "i2": 4, "i4": 8, "f4": 16, "f8": 64, "i1": 256, "u2": 512, "u4": 768}
RGB24 = 128
MM_AND_SECONDS = 2 | 8
SCANNER = 1  # NIFTI_XFORM_SCANNER_ANAT
MOST = 32767  # of voxels along an axis: 16 bits, signed
ORTHOGONAL = 1e-3


@dataclass(frozen=True)
class Volume:
    """What a header says.

    `shape`: voxels along i (column), j (row), k (slice) and time. `affine`: 4 × 4, from voxel to
    mm to the right, front and head, or None where the file does not say; `size`: of a voxel, in
    mm. Values are stored × `slope` + `intercept`.
    """

    shape: tuple[int, int, int, int]
    dtype: "np.dtype[Any]"
    color: bool
    size: tuple[float, float, float]
    affine: NDArray[np.float64] | None
    slope: float = 1.0
    intercept: float = 0.0


def header(volume: Volume) -> bytes:
    """The first 352 bytes of the file. Raises `OutOfRange` for a volume with too many voxels."""
    if max(volume.shape) > MOST:
        raise errors.OutOfRange(f"A NIfTI volume has at most {MOST} voxels along an axis.")
    axes = 4 if volume.shape[3] > 1 else 3
    affine = volume.affine
    quaternion, handed = (None, 1.0) if affine is None else _quaternion(affine)
    rows = np.zeros((3, 4)) if affine is None else affine[:3]
    turned = (0.0,) * 6 if quaternion is None else (*quaternion, *rows[:, 3])
    kind = RGB24 if volume.color else DATATYPES[volume.dtype.str[1:]]
    bits = 8 * volume.dtype.itemsize * (3 if volume.color else 1)
    packed = struct.pack(
        LAYOUT,
        SIZE, b"", b"", 0, 0, 0, 0,
        axes, *volume.shape, 1, 1, 1,
        0, 0, 0, 0, kind, bits, 0,
        handed, *volume.size, 0, 0, 0, 0,
        DATA_AT, volume.slope, volume.intercept, 0, 0, MM_AND_SECONDS,
        0, 0, 0, 0, 0, 0, b"", b"",
        SCANNER if quaternion else 0, 0 if affine is None else SCANNER,
        *turned, *rows.ravel(), b"", MAGIC,
    )  # fmt: skip
    return packed.ljust(DATA_AT, b"\0")


def _quaternion(affine: NDArray[np.float64]) -> tuple[Sequence[float] | None, float]:
    """(b, c, d) of the rotation, with a ≥ 0, and qfac; None where a gantry's tilt is no rotation.

    By the largest of the four components, so that none is divided by what is nearly 0.
    """
    axes = affine[:3, :3] / np.linalg.norm(affine[:3, :3], axis=0)
    handed = 1.0 if float(np.linalg.det(axes)) > 0 else -1.0
    axes[:, 2] *= handed
    if np.abs(axes.T @ axes - np.eye(3)).max() > ORTHOGONAL:
        return None, 1.0
    (xx, xy, xz), (yx, yy, yz), (zx, zy, zz) = axes.tolist()
    # Each row: four times one component times all four of (a, b, c, d).
    products = (
        (1 + xx + yy + zz, zy - yz, xz - zx, yx - xy),
        (zy - yz, 1 + xx - yy - zz, xy + yx, xz + zx),
        (xz - zx, xy + yx, 1 - xx + yy - zz, yz + zy),
        (yx - xy, xz + zx, yz + zy, 1 - xx - yy + zz),
    )
    largest = max(range(4), key=lambda index: products[index][index])
    length = math.hypot(*products[largest])
    sign = -1.0 if products[largest][0] < 0 else 1.0
    return [sign * part / length for part in products[largest][1:]], handed
