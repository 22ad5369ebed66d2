"""How large a pixel is: in mm for rulers, as a ratio for pictures with square pixels.

Without numpy: headers are looked at before any picture is.
"""

from dataclasses import dataclass

from pydicom.dataset import Dataset

from dicom_veil.attributes import frame_item, items, numbers, text, whole

IN_THE_PLANE = ("PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing")
REGIONS = "SequenceOfUltrasoundRegions"
TWO_DIMENSIONAL, CENTIMETRES = 1, 3  # C.8.5.5.1.1, C.8.5.5.1.15
ALIKE = 1e-3  # regions of one picture whose scales differ by less show the same scale
# A ratio beyond this is a slip of a writer, not a picture that someone made.
MOST_OBLONG = 50.0
SMALLEST, LARGEST = 1e-6, 1e6


@dataclass(frozen=True)
class Spacing:
    """Distance between the centers of neighbouring pixels, in mm.

    `source` is the attribute that says it. `ImagerPixelSpacing` is at the detector, where things
    are drawn larger than they are (PS3.3 10.7.1.3).
    """

    vertical: float
    horizontal: float
    source: str


def spacing_of(dataset: Dataset, frame_index: int) -> Spacing | None:
    """The spacing of a frame: its own or the shared one (C.7.6.16.2.1), else the instance's.

    Rows come first in every one of these attributes (10.7.1.1).
    """
    measures = frame_item(dataset, frame_index, "PixelMeasuresSequence")
    for holder in (measures, dataset):
        for keyword in IN_THE_PLANE:
            pair = _pair(holder, keyword)
            if pair is not None:
                return Spacing(*pair, _meant(dataset, keyword, pair))
    return _of_regions(dataset)


def _pair(dataset: Dataset, keyword: str) -> tuple[float, float] | None:
    found = numbers(dataset, keyword)
    return (found[0], found[1]) if len(found) == 2 and _can_be(*found) else None


def _can_be(vertical: float, horizontal: float) -> bool:
    small, large = sorted((vertical, horizontal))
    return SMALLEST <= small <= large <= min(LARGEST, MOST_OBLONG * small)


def _meant(dataset: Dataset, keyword: str, pair: tuple[float, float]) -> str:
    """Pixel Spacing that only repeats the detector's spacing is at the detector (10.7.1.3)."""
    if keyword != "PixelSpacing" or text(dataset, "PixelSpacingCalibrationType"):
        return keyword
    return "ImagerPixelSpacing" if _pair(dataset, "ImagerPixelSpacing") == pair else keyword


def _of_regions(dataset: Dataset) -> Spacing | None:
    """The scale of an ultrasound picture whose regions all have the same one (C.8.5.5).

    A region that is no tissue in cm by cm (M-mode, a spectrum) leaves the picture without one:
    a ruler there would measure seconds.
    """
    found: list[tuple[float, float]] = []
    for region in items(dataset, REGIONS):
        units = whole(region, "PhysicalUnitsXDirection"), whole(region, "PhysicalUnitsYDirection")
        deltas = numbers(region, "PhysicalDeltaY")[:1] + numbers(region, "PhysicalDeltaX")[:1]
        flat = whole(region, "RegionSpatialFormat") == TWO_DIMENSIONAL
        if not flat or units != (CENTIMETRES, CENTIMETRES) or len(deltas) != 2 or 0 in deltas:
            return None
        found.append((abs(deltas[0]) * 10, abs(deltas[1]) * 10))
    if not found or any(
        abs(one - first) > ALIKE * first
        for pair in found
        for one, first in zip(pair, found[0], strict=True)
    ):
        return None
    return Spacing(*found[0], REGIONS) if _can_be(*found[0]) else None


def aspect_of(dataset: Dataset, frame_index: int) -> tuple[float, float]:
    """How high and how wide one pixel is, in whatever measure; (1, 1) where nobody says.

    A spacing goes before Pixel Aspect Ratio, which is for images without one (C.7.6.3.1.7).
    """
    spacing = spacing_of(dataset, frame_index)
    if spacing is not None:
        return spacing.vertical, spacing.horizontal
    return _pair(dataset, "PixelAspectRatio") or (1.0, 1.0)


def square_size(rows: int, columns: int, aspect: tuple[float, float]) -> tuple[int, int]:
    """Rows and columns of the picture with square pixels: the coarser direction gets more.

    Nothing is thrown away, and a difference that makes no whole pixel is none.
    """
    vertical, horizontal = aspect
    side = min(vertical, horizontal)
    return round(rows * (vertical / side)), round(columns * (horizontal / side))
