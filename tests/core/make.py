"""Makes small instances for tests: a header, cells, and any encapsulation."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import dcmwrite
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID, ExplicitVRLittleEndian, SecondaryCaptureImageStorage

from dicom_veil.read import Instance, read


def header(rows: int, columns: int, **attributes: object) -> Dataset:
    """A 16-bit monochrome header; `attributes` by keyword change or add, None removes."""
    dataset = Dataset()
    dataset.SOPClassUID = SecondaryCaptureImageStorage
    dataset.SOPInstanceUID = "1.2.3.4"
    defaults: dict[str, object] = {
        "SamplesPerPixel": 1, "PhotometricInterpretation": "MONOCHROME2", "Rows": rows,
        "Columns": columns, "BitsAllocated": 16, "BitsStored": 16, "HighBit": 15,
        "PixelRepresentation": 0,
    }  # fmt: skip
    for keyword, value in {**defaults, **attributes}.items():
        if value is not None:
            setattr(dataset, keyword, value)
    return dataset


def instance(
    dataset: Dataset,
    cells: bytes | None,
    *,
    keyword: str = "PixelData",
    transfer_syntax: str = ExplicitVRLittleEndian,
) -> Instance:
    """Writes `dataset` with `cells` as its pixel element and reads it back."""
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = UID(transfer_syntax)
    if cells is not None:
        setattr(dataset, keyword, cells)
        element = dataset[keyword]
        if keyword == "PixelData":
            element.VR = "OW" if dataset.BitsAllocated > 8 else "OB"
    target = BytesIO()
    file = FileDataset("", dataset, preamble=bytes(128), file_meta=meta)
    dcmwrite(target, file, enforce_file_format=True)
    return read(BytesIO(target.getvalue()))


def encapsulated(
    dataset: Dataset,
    frames: Iterable[bytes],
    transfer_syntax: str,
    *,
    table: bool = True,
    fragments: int = 1,
) -> Instance:
    """Compressed frames of so many fragments each, with or without a Basic Offset Table."""
    items = encapsulate(list(frames), fragments_per_frame=fragments, has_bot=table)
    return with_items(dataset, items, transfer_syntax)


def with_items(dataset: Dataset, items: bytes, transfer_syntax: str) -> Instance:
    """`dataset` with `items` as its encapsulated pixel data, whatever they are."""
    dataset.PixelData = items
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = UID(transfer_syntax)
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    target = BytesIO()
    # Written by hand: pydicom refuses to write transfer syntaxes that it does not know.
    known = FileMetaDataset()
    known.TransferSyntaxUID = UID("1.2.840.10008.1.2.4.90")
    dcmwrite(target, FileDataset("", dataset, preamble=bytes(128), file_meta=known))
    content = target.getvalue()
    dataset_start = content.index(b"\x08\x00\x16\x00UI")
    from pydicom.filebase import DicomBytesIO
    from pydicom.filewriter import write_file_meta_info

    prefix = DicomBytesIO()
    write_file_meta_info(prefix, meta)
    return read(BytesIO(bytes(128) + b"DICM" + prefix.getvalue() + content[dataset_start:]))


def ramp(rows: int, columns: int, dtype: Any = np.uint16, step: int = 1) -> NDArray[Any]:
    """Values that are all different in small pictures."""
    return (np.arange(rows * columns) * step).astype(dtype).reshape(rows, columns)
