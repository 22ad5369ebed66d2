"""Clean Graphics (PS3.15 E.3.3): shapes stay, whatever can be text goes.

*Overlay planes* (60xx, PS3.3 C.9.2) are pictures of one bit: text is burned into them. One stays
only when it says that it marks a region (Overlay Type R), lies on the picture, where text is looked
for, and is drawn like a region: filled, so that a row crosses it in few and long runs. Writing is
many short runs; so are outlines, which then go too. *Curves* (50xx) are retired and go. *Graphic
annotations* (C.10.5) keep their graphic objects and lose their texts; an annotation without
graphics goes.
"""

from collections.abc import Iterable

from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from dicom_veil.codes import text_of
from dicom_veil.decoded import value_of
from dicom_veil.rules import Rule
from dicom_veil.structured import Verdict

SOURCE = "E.1-1 clean_graphics"
ROWS, COLUMNS, TYPE, BITS, POSITION = 0x0010, 0x0011, 0x0040, 0x0100, 0x0102
DESCRIPTION, SUBTYPE, AREA, MEAN, DEVIATION = 0x0022, 0x0045, 0x1301, 0x1302, 0x1303
LABEL, DATA, COMMENTS, FRAMES, ORIGIN, FIRST = 0x1500, 0x3000, 0x4000, 0x0015, 0x0050, 0x0051
PLANE = frozenset({
    ROWS, COLUMNS, TYPE, BITS, POSITION, AREA, MEAN, DEVIATION, DATA, FRAMES, ORIGIN, FIRST
})  # fmt: skip
TEXTS = frozenset({DESCRIPTION, LABEL, COMMENTS})
# In a plane that is a region no more runs than this are in a row, and they are this long on
# average; the lines of a letter are thinner and more.
MOST_RUNS, SHORTEST_RUN = 6, 12
TEXT_OBJECTS, GRAPHIC_OBJECTS, COMPOUND_GRAPHICS = 0x00700008, 0x00700009, 0x00700209
LAYER, TICKS = 0x00700002, 0x00700287


def overlay_rules(dataset: Dataset) -> dict[int, Rule]:
    """What becomes of every element of the groups 50xx and 60xx of one data set, by tag."""
    rules: dict[int, Rule] = {}
    groups: dict[int, bool] = {}
    for tag in dataset._dict:
        group, element = tag >> 16, tag & 0xFFFF
        if group % 2 or group & 0xFF00 not in (0x5000, 0x6000):
            continue
        if group not in groups:
            groups[group] = group >= 0x6000 and is_region(dataset, group)
        if not groups[group] or element not in PLANE | TEXTS | {SUBTYPE}:
            rules[tag] = Rule("X", SOURCE)
        elif element in PLANE:
            rules[tag] = Rule("K", SOURCE)
        else:
            rules[tag] = Rule("C", SOURCE, "text", "X")
    return rules


def is_region(dataset: Dataset, group: int) -> bool:
    """Whether an overlay plane marks a filled region and holds nothing that could be writing."""
    at = group << 16
    rows, columns = (value_of(dataset, at | element) for element in (ROWS, COLUMNS))
    if not isinstance(rows, int) or not isinstance(columns, int) or not rows or not columns:
        return False
    data = _bytes(dataset._dict.get(at | DATA))  # type: ignore[call-overload]
    frames = value_of(dataset, at | FRAMES)
    pixels = rows * columns * int(str(frames or 1))
    if text_of(dataset, at | TYPE) != "R" or len(data) * 8 < pixels:
        return False
    return _on_picture(dataset, at, rows, columns) and _filled(data, columns, pixels // columns)


def _on_picture(dataset: Dataset, at: int, rows: int, columns: int) -> bool:
    """Whether a plane ends where the image does or before; a presentation state has no image."""
    image = [value_of(dataset, keyword) for keyword in ("Rows", "Columns")]
    if not all(isinstance(side, int) for side in image):
        return True
    origin = value_of(dataset, at | ORIGIN) or (1, 1)
    starts = list(origin) if isinstance(origin, Iterable) else []
    return len(starts) == 2 and all(
        start >= 1 and start - 1 + side <= most
        for start, side, most in zip(starts, (rows, columns), image, strict=True)
    )


def _bytes(element: DataElement | RawDataElement | None) -> bytes:
    value = None if element is None else element.value
    return value if isinstance(value, bytes) else b""


def _filled(data: bytes, columns: int, rows: int) -> bool:
    """Counts set bits and runs per row; bits are packed from the lowest (PS3.5 8.1.2)."""
    pixels = columns * rows
    if int.from_bytes(data[pixels >> 3 :], "little") >> (pixels & 7):
        return False  # bits behind the last pixel are no picture
    cells = runs = 0
    for row in range(rows):
        line = _line(data, row, columns)
        if line:
            here = (line & ~(line << 1)).bit_count()
            if here > MOST_RUNS:
                return False
            runs += here
            cells += line.bit_count()
    return not runs or cells >= SHORTEST_RUN * runs


def _line(data: bytes, row: int, columns: int) -> int:
    """The bits of one row, without touching the rest of a large plane."""
    start = row * columns
    part = int.from_bytes(data[start >> 3 : (start + columns + 7) >> 3], "little")
    return part >> (start & 7) & ((1 << columns) - 1)


def annotation_verdict(item: Dataset) -> Verdict:
    """What becomes of one item of Graphic Annotation Sequence (0070,0001).

    The name of its layer is text; so are the labels at the ticks of rulers and axes.
    """
    compound = value_of(item, COMPOUND_GRAPHICS)
    labelled = isinstance(compound, Sequence) and any(TICKS in one._dict for one in compound)
    rules = {
        TEXT_OBJECTS: Rule("X", SOURCE),
        COMPOUND_GRAPHICS: Rule("X" if labelled else "K", SOURCE),
        LAYER: Rule("C", SOURCE, "text", "D"),
    }
    drawn = value_of(item, GRAPHIC_OBJECTS) or (compound and not labelled)
    return Verdict(
        not drawn, SOURCE, {tag: rule for tag, rule in rules.items() if tag in item._dict}
    )
