"""Overlay Data (60xx,3000) with nothing drawn inside the masks (PS3.3 C.9.2, C.9.3)."""

import numpy as np
from numpy.typing import NDArray
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag

from dicom_veil.attributes import element_of
from dicom_veil.graphics import DATA
from dicom_veil.overlays import Plane, packed_bits, planes
from dicom_veil.redact.masks import Masks


def blanked(dataset: Dataset, masks: Masks, frames: int) -> dict[int, RawDataElement]:
    """The overlays that change, by tag. Planes in the bits of pixel cells change with the cells."""
    planes_of = {index: planes(dataset, index) for index in range(frames)}
    found: dict[int, RawDataElement] = {}
    for group in sorted({one.group for several in planes_of.values() for one in several}):
        data = packed_bits(dataset, group)
        if data is None:
            continue
        bits = np.unpackbits(np.frombuffer(data, np.uint8), bitorder="little")
        for index, several in planes_of.items():
            mask = masks.of(index)
            for plane in several:
                if plane.group == group and mask is not None:
                    _blank(bits, plane, index, mask)
        tag = group << 16 | DATA
        made = np.packbits(bits, bitorder="little")
        if made.tobytes() != data:
            found[tag] = _like(dataset, tag, made)
    return found


def _blank(bits: NDArray[np.uint8], plane: Plane, index: int, mask: NDArray[np.bool_]) -> None:
    """The bits of one overlay frame that lie on the mask, in place."""
    each = plane.rows * plane.columns
    start = 0 if plane.frames is None else (index - plane.first) * each
    rows = max(0, min(plane.rows, (len(bits) - start) // plane.columns))
    drawn = bits[start : start + rows * plane.columns].reshape(rows, plane.columns)
    top, left = max(plane.top, 0), max(plane.left, 0)
    bottom = min(plane.top + rows, mask.shape[0])
    right = min(plane.left + plane.columns, mask.shape[1])
    if top >= bottom or left >= right:
        return
    inside = drawn[top - plane.top : bottom - plane.top, left - plane.left : right - plane.left]
    inside[mask[top:bottom, left:right]] = 0


def _like(dataset: Dataset, tag: int, data: NDArray[np.uint8]) -> RawDataElement:
    """New data in the encoding of the old; words of big endian turned as they were."""
    old = element_of(dataset, tag)
    little = getattr(old, "is_little_endian", True)
    implicit = getattr(old, "is_implicit_VR", False)
    vr = str(old.VR) if old is not None and old.VR else "OW"
    value = data.tobytes()
    if not little and vr == "OW":
        value = np.frombuffer(value, "<u2").astype(">u2").tobytes()
    return RawDataElement(BaseTag(tag), vr, len(value), value, 0, implicit, little)
