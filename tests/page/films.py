"""Files whose pixels move: multi-frame instances, and instances that are a film themselves."""

from io import BytesIO
from pathlib import Path

import av
import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.encaps import encapsulate
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

from tests.core.files import bundled

AVC = "1.2.840.10008.1.2.4.102"
MPEG2 = "1.2.840.10008.1.2.4.100"
# Containers by the name of PyAV's muxer; DICOM allows MP4 and transport streams for AVC, and bare
# streams are seen as well (PS3.5 8.2.7).
CONTAINERS = ("mp4", "mpegts", "h264")


def gray_frames(count: int, rows: int, columns: int) -> NDArray[np.uint8]:
    """A disk with rings and noise that wanders: (count, rows, columns)."""
    random = np.random.default_rng(7)
    y, x = np.mgrid[:rows, :columns]
    frames = np.zeros((count, rows, columns), np.uint8)
    for number in range(count):
        distance = np.hypot(y - rows / 2, x - columns / 2 - 2 * number)
        rings = 110 + 80 * np.sin(distance / 6) + random.integers(0, 24, (rows, columns))
        frames[number] = np.where(distance < min(rows, columns) / 2.4, rings, 0)
    return frames


def multi_frame(
    path: Path, frames: NDArray[np.uint8], photometric: str = "MONOCHROME2", **attributes: object
) -> Path:
    """An uncompressed multi-frame instance; `attributes` by keyword."""
    dataset = pydicom.dcmread(bundled("CT_small.dcm"))
    for keyword in ("RescaleSlope", "RescaleIntercept", "PixelPaddingValue", "PixelSpacing"):
        if keyword in dataset:
            del dataset[keyword]
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    dataset.SeriesInstanceUID = generate_uid()
    dataset.Modality = "US"
    dataset.NumberOfFrames, dataset.Rows, dataset.Columns = frames.shape[:3]
    dataset.BitsAllocated = dataset.BitsStored = 8
    dataset.HighBit, dataset.PixelRepresentation = 7, 0
    dataset.PhotometricInterpretation = photometric
    if frames.ndim == 4:
        dataset.SamplesPerPixel, dataset.PlanarConfiguration = 3, 0
    else:
        dataset.WindowCenter, dataset.WindowWidth = 127.5, 256
        dataset.VOILUTFunction = "LINEAR_EXACT"
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    dataset.PixelData = frames.tobytes()
    dataset.save_as(path)
    return path


def stream(frames: NDArray[np.uint8], container: str, codec: str = "libx264") -> bytes:
    """The frames as a film; its B-frames make the order of decoding another than of showing."""
    target = BytesIO()
    with av.open(target, "w", format=container) as film:
        film.metadata["title"] = "CITIZEN^JAN"
        track = film.add_stream(codec, rate=10)
        track.height, track.width = frames.shape[1:3]
        track.pix_fmt = "yuv420p"
        if codec == "libx264":
            track.options = {"qp": "8", "bf": "2", "g": "6"}
        for frame in frames:
            picture = av.VideoFrame.from_ndarray(frame, format="gray").reformat(format="yuv420p")
            film.mux(track.encode(picture))
        film.mux(track.encode())
    return target.getvalue()


def film_instance(
    path: Path, content: bytes, count: int, rows: int, columns: int, uid: str
) -> Path:
    """An instance that holds this film in one fragment (PS3.5 A.4)."""
    multi_frame(path, np.zeros((1, 2, 2, 3), np.uint8), "YBR_PARTIAL_420", FrameTime=100)
    dataset = pydicom.dcmread(path)
    dataset.NumberOfFrames, dataset.Rows, dataset.Columns = count, rows, columns
    dataset.file_meta.TransferSyntaxUID = uid
    dataset.PixelData = encapsulate([content])
    dataset["PixelData"].is_undefined_length = True
    dataset.save_as(path)
    return path


def psnr(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """Peak signal-to-noise ratio in dB; infinite where they are equal."""
    error = float(np.mean((one.astype(float) - other.astype(float)) ** 2))
    return float("inf") if error == 0 else float(10 * np.log10(255**2 / error))
