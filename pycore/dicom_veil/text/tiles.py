"""A picture in parts that overlap, so that memory stays bounded whatever its size."""

from dicom_veil.text.boxes import Box

TILE = 512  # pixels of the picture that the model sees at once
OVERLAP = 96  # of neighbouring tiles: a letter of 40 pixels is whole in one of them


def tiles(rows: int, columns: int) -> list[Box]:
    """Overlapping parts that cover a picture."""
    return [
        Box(left, top, right, bottom)
        for top, bottom in _spans(rows)
        for left, right in _spans(columns)
    ]


def _spans(length: int) -> list[tuple[int, int]]:
    count = max(1, -(-(length - OVERLAP) // (TILE - OVERLAP)))
    size = -(-(length + (count - 1) * OVERLAP) // count)
    starts = [min(number * (size - OVERLAP), max(0, length - size)) for number in range(count)]
    return [(start, min(start + size, length)) for start in starts]
