"""What a header says about its pixels, read once and checked (PS3.3 C.7.6.3)."""

from dataclasses import dataclass

from pydicom.dataset import Dataset

from dicom_veil import errors
from dicom_veil.attributes import text, whole
from dicom_veil.pixel_element import bits_of_frame

# Above what any single frame in use needs (a whole-slide level stored as one frame of 16384²),
# and below what kills a tab: 2**28 samples of 16 bits are 512 MB.
MAX_SAMPLES = 1 << 28
FLOAT_PIXEL_DATA, DOUBLE_FLOAT_PIXEL_DATA, PIXEL_DATA = 0x7FE00008, 0x7FE00009, 0x7FE00010
KEYWORDS = {
    FLOAT_PIXEL_DATA: "FloatPixelData",
    DOUBLE_FLOAT_PIXEL_DATA: "DoubleFloatPixelData",
    PIXEL_DATA: "PixelData",
}


FOUR_SAMPLES = ("ARGB", "CMYK")  # retired
WHOLE_CELLS = (1, 8, 16, 32, 64)


@dataclass(frozen=True)
class ImagePixel:
    """The Image Pixel attributes of one instance; `keyword` names its pixel element."""

    keyword: str
    rows: int
    columns: int
    samples: int
    bits_allocated: int
    bits_stored: int
    high_bit: int
    signed: bool
    planar: int
    photometric: str
    frames: int

    @property
    def packed(self) -> bool:
        """Whether cells of other than 8, 16, 32 or 64 bits follow each other without a gap."""
        return self.bits_allocated not in WHOLE_CELLS

    @property
    def frame_bits(self) -> int:
        """Bits of one uncompressed frame; frames of 1-bit pixels need not end on a byte."""
        return bits_of_frame(
            self.rows, self.columns, self.samples, self.bits_allocated, self.photometric
        )


def frame_count(dataset: Dataset) -> int:
    """Number of Frames (0028,0008); 1 where it is absent or no number. Raises OutOfRange."""
    count = whole(dataset, "NumberOfFrames")
    if count is None or count == 0:
        return 1
    if count < 0:
        raise errors.OutOfRange("Number of Frames is negative.")
    return count


def image_pixel(dataset: Dataset, pixel_tag: int) -> ImagePixel:
    """The description of the pixels in the element `pixel_tag`.

    Raises `OutOfRange` for sizes that cannot be, `Unsupported` for pixel formats without a rule.
    """
    rows, columns = _size(dataset, "Rows"), _size(dataset, "Columns")
    samples = whole(dataset, "SamplesPerPixel") or 1
    photometric = text(dataset, "PhotometricInterpretation")
    if samples not in (1, 3) and not (samples == 4 and photometric in FOUR_SAMPLES):
        raise errors.Unsupported(f"Pixels of {samples} samples cannot be shown.", samples=samples)
    if rows * columns * samples > MAX_SAMPLES:
        raise errors.OutOfRange(
            f"A frame of {columns} × {rows} pixels is larger than can be decoded.",
            rows=rows,
            columns=columns,
        )
    keyword = KEYWORDS[pixel_tag]
    allocated = {FLOAT_PIXEL_DATA: 32, DOUBLE_FLOAT_PIXEL_DATA: 64}.get(
        pixel_tag, whole(dataset, "BitsAllocated") or 0
    )
    if not 1 <= allocated <= 32 and allocated != 64:
        raise errors.Unsupported(
            f"Pixels of {allocated} bits allocated cannot be decoded.", bits_allocated=allocated
        )
    stored = whole(dataset, "BitsStored") or allocated
    if not 0 < stored <= allocated:
        stored = allocated
    high_bit = whole(dataset, "HighBit")
    if high_bit is None or not stored - 1 <= high_bit < allocated:
        high_bit = stored - 1
    return ImagePixel(
        keyword=keyword,
        rows=rows,
        columns=columns,
        samples=samples,
        bits_allocated=allocated,
        bits_stored=stored,
        high_bit=high_bit,
        signed=whole(dataset, "PixelRepresentation") == 1 and keyword == "PixelData",
        planar=1 if whole(dataset, "PlanarConfiguration") == 1 else 0,
        photometric=photometric or ("RGB" if samples == 3 else "MONOCHROME2"),
        frames=frame_count(dataset),
    )


def _size(dataset: Dataset, keyword: str) -> int:
    size = whole(dataset, keyword)
    if size is None or size < 1:
        raise errors.OutOfRange(f"{keyword} is missing or 0: the picture has no size.")
    return size
