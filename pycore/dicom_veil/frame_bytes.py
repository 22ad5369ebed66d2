"""How many bytes the frames of native pixel data take up, and how many behind them are no frame's.

What writes pixels, what scans their codestreams and what searches them all ask here.
"""

from dicom_veil.decoded import value_of
from dicom_veil.read import Instance


def padding(instance: Instance) -> int:
    """How many bytes at the end of native pixel data belong to no frame, where that is known.

    Zeros do not count, nor does the one byte that makes an odd length even.
    """
    pixels = instance.pixels
    if pixels is None or pixels.encapsulated:
        return 0
    expected = expected_bytes(instance)
    over = pixels.length - expected
    if expected <= 0 or over <= 1 or over >= expected // _number(instance, "NumberOfFrames", 1):
        return 0
    instance.body.seek(pixels.offset + expected)
    return over if instance.body.read(over).strip(b"\0") else 0


def expected_bytes(instance: Instance) -> int:
    """Bytes that the frames take up; 0 where the header does not say."""
    samples = _number(instance, "SamplesPerPixel", 1)
    bits = _number(instance, "BitsAllocated", 0)
    frame = _number(instance, "Rows", 0) * _number(instance, "Columns", 0)
    cells = frame * _number(instance, "NumberOfFrames", 1)
    if str(value_of(instance.dataset, "PhotometricInterpretation") or "").strip().endswith("_422"):
        samples = 2
    return (cells * samples * bits + 7) // 8


def _number(instance: Instance, keyword: str, default: int) -> int:
    try:
        return int(str(value_of(instance.dataset, keyword) or default))
    except ValueError:
        return 0
