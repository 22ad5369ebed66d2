"""Pixels that only fill the picture up (PS3.3 C.7.5.1.1.2): no image, shown dark.

Without numpy.
"""

from pydicom.dataset import Dataset

from dicom_veil.attributes import number, whole

Range = tuple[float, float]
FLOATS = (
    ("FloatPixelPaddingValue", "FloatPixelPaddingRangeLimit"),
    ("DoubleFloatPixelPaddingValue", "DoubleFloatPixelPaddingRangeLimit"),
)


def padding_of(dataset: Dataset, *, floats: bool) -> Range | None:
    """The stored values that are padding, both ends included, or None.

    Pixel Padding Value to Pixel Padding Range Limit, whichever is lower. For integers both are
    words with the sign that Pixel Representation gives them, whatever VR their writer chose;
    `floats` asks for the attributes of Float and Double Float Pixel Data (C.7.6.24, C.7.6.25).
    """
    if floats:
        return next(filter(None, (_float_range(dataset, *pair) for pair in FLOATS)), None)
    signed = whole(dataset, "PixelRepresentation") == 1
    value = _word(dataset, "PixelPaddingValue", signed=signed)
    if value is None:
        return None
    limit = _word(dataset, "PixelPaddingRangeLimit", signed=signed)
    return _range(value, limit)


def _float_range(dataset: Dataset, value: str, limit: str) -> Range | None:
    found = number(dataset, value)
    return None if found is None else _range(found, number(dataset, limit))


def _range(value: float, limit: float | None) -> Range:
    other = value if limit is None else limit
    return min(value, other), max(value, other)


def _word(dataset: Dataset, keyword: str, *, signed: bool) -> int | None:
    found = whole(dataset, keyword, signed=signed)
    if found is None:
        return None
    word = found & 0xFFFF
    return word - 0x10000 if signed and word >= 0x8000 else word
