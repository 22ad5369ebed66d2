"""Rule files, and the regions that rules make of an instance.

A rule file is JSON: `{"format": 1, "rules": [{"name", "when", "rectangles", "bands",
"outside_regions"}]}`. `when` is a condition (`conditions`). `rectangles` are [left, top, width,
height] in pixels. `bands`: {"top": 50, "right": 200, …} whole rows or columns from an edge.
`outside_regions`: true blanks what no region of the ultrasound calibration covers (PS3.3
C.8.5.5). Every rule that fits contributes; so nothing that one of them knows stays.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

from dicom_veil.attributes import items, whole
from dicom_veil.devices.conditions import Condition, checked, holds
from dicom_veil.errors import Usage
from dicom_veil.read import Instance
from dicom_veil.redact.region import Region

FORMAT = 1
SIDES = ("top", "bottom", "left", "right")
LARGEST = 1 << 20
ENTRIES = frozenset({"name", "source", "when", "rectangles", "bands", "outside_regions"})
Rectangle = tuple[int, int, int, int]


@dataclass(frozen=True)
class DeviceRule:
    """One rule; `bands` are (side, rows or columns)."""

    name: str
    when: Condition
    rectangles: tuple[Rectangle, ...] = ()
    bands: tuple[tuple[str, int], ...] = ()
    outside_regions: bool = False

    def regions(self, rows: int, columns: int, instance: Instance) -> Iterator[Region]:
        for left, top, width, height in self.rectangles:
            yield Region(left, top, left + width, top + height)
        for side, count in self.bands:
            near = {"top": (0, 0, columns, count), "left": (0, 0, count, rows),
                    "bottom": (0, rows - count, columns, rows),
                    "right": (columns - count, 0, columns, rows)}  # fmt: skip
            yield Region(*near[side])
        if self.outside_regions:
            yield from outside(instance, rows, columns)


def regions_of(instance: Instance, rules: tuple[DeviceRule, ...]) -> tuple[Region, ...]:
    """What the rules that fit say is to go from every frame; clipped to the picture, each once."""
    rows, columns = (whole(instance.dataset, name) or 0 for name in ("Rows", "Columns"))
    found: dict[Region, None] = {}
    for rule in rules:
        if holds(rule.when, instance):
            for one in rule.regions(rows, columns, instance):
                clipped = Region(max(0, one.left), max(0, one.top),
                                 min(columns, one.right), min(rows, one.bottom))  # fmt: skip
                if clipped.left < clipped.right and clipped.top < clipped.bottom:
                    found[clipped] = None
    return tuple(found)


def outside(instance: Instance, rows: int, columns: int) -> Iterator[Region]:
    """Boxes around the regions of the ultrasound calibration; none where it has no regions."""
    inside = []
    for item in items(instance.dataset, "SequenceOfUltrasoundRegions"):
        corners = [whole(item, f"RegionLocation{name}")
                   for name in ("MinX0", "MinY0", "MaxX1", "MaxY1")]  # fmt: skip
        if None not in corners:
            left, top, right, bottom = (int(one or 0) for one in corners)
            inside.append((left, top, right + 1, bottom + 1))
    if not inside:
        return
    edges = {0, rows} | {min(max(y, 0), rows) for box in inside for y in (box[1], box[3])}
    cuts = sorted(edges)
    for top, bottom in pairwise(cuts):
        kept = sorted((box[0], box[2]) for box in inside if box[1] <= top and bottom <= box[3])
        position = 0
        for left, right in kept:
            if left > position:
                yield Region(position, top, left, bottom)
            position = max(position, right)
        if position < columns:
            yield Region(position, top, columns, bottom)


@cache
def known_rules() -> tuple[DeviceRule, ...]:
    """The rules of the open lists (`data/pixel_regions.json` names them)."""
    text = (files("dicom_veil") / "data" / "pixel_regions.json").read_text("utf-8")
    return from_json(text)


def load(path: Path) -> tuple[DeviceRule, ...]:
    """A person's own rule file. Raises `Usage`."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Usage(f"The rules cannot be read ({type(error).__name__}).") from None
    return from_json(text)


def from_json(text: str) -> tuple[DeviceRule, ...]:
    """Rules out of a rule file. Raises `Usage` with the rule's number."""
    try:
        content: Any = json.loads(text)
    except (ValueError, RecursionError):
        raise Usage("The rules are not JSON.") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise Usage(f'A file of pixel rules begins with "format": {FORMAT}.')
    if not isinstance(content.get("rules"), list):
        raise Usage('A file of pixel rules has a list "rules".')
    return tuple(_rule(one, number) for number, one in enumerate(content["rules"], 1))


def _rule(content: object, number: int) -> DeviceRule:
    try:
        return _made(content)
    except Usage as error:
        raise Usage(f"Pixel rule {number}: {error}") from None
    except (AttributeError, TypeError):
        raise Usage(f"Pixel rule {number}: it is not of the form of a rule.") from None


def _made(content: object) -> DeviceRule:
    if not isinstance(content, dict) or not set(content) <= ENTRIES:
        raise Usage(f"there are only {', '.join(sorted(ENTRIES))}.")
    when = checked(content.get("when", {"all": []}))
    rectangles = tuple(_numbers(one) for one in content.get("rectangles", ()))
    bands = tuple((side, _number(count)) for side, count in content.get("bands", {}).items())
    if any(side not in SIDES for side, _ in bands):
        raise Usage(f"a band is at one of {', '.join(SIDES)}.")
    outside_regions = content.get("outside_regions", False) is True
    if not (rectangles or bands or outside_regions):
        raise Usage("it removes nothing.")
    return DeviceRule(str(content.get("name", "")), when, rectangles, bands, outside_regions)


def _numbers(content: object) -> Rectangle:
    if not isinstance(content, list) or len(content) != 4:
        raise Usage("a rectangle is [left, top, width, height].")
    left, top, width, height = map(_number, content)
    return left, top, width, height


def _number(content: object) -> int:
    if isinstance(content, bool) or not isinstance(content, int) or not 0 <= content <= LARGEST:
        raise Usage("pixels are whole numbers from 0.")
    return content
