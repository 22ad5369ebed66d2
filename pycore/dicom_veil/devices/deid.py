"""Recipes of `deid` → rules: the labels of their filters that have coordinates.

A label is `LABEL name`, lines of criteria (`contains|notcontains|equals|notequals Attribute
value`, `missing|empty|present Attribute`), joined by `+` (and) and `||` (or, which here binds more
tightly), and lines `coordinates left,top,right,bottom`, `ctpcoordinates left,top,width,height`,
`keepcoordinates from:SequenceOfUltrasoundRegions`.
"""

import re
from typing import Any

from dicom_veil.devices.conditions import Condition, checked
from dicom_veil.devices.ctp import Imported
from dicom_veil.errors import Usage

CRITERION = re.compile(
    r"(contains|notcontains|equals|notequals|missing|empty|present|notmissing|notempty)"
    r"\s+(\S+)\s*(.*)",
    re.IGNORECASE,
)
COORDINATES = re.compile(r"(ctp)?(keep)?coordinates\s+(.*)", re.IGNORECASE)
CALIBRATION = "from:sequenceofultrasoundregions"
EVERYTHING = [0, 0, 1 << 20, 1 << 20]


def is_recipe(text: str) -> bool:
    """Whether a text is such a recipe: it has a section of filters."""
    return re.search(r"^%filter\b", text, re.MULTILINE | re.IGNORECASE) is not None


def import_recipe(text: str) -> Imported:
    """The rules of a recipe. Raises `Usage` where it has no label."""
    result, section, label = Imported(), "", _Label()
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.partition("#")[0].strip()
        if line.startswith("%"):
            label.finish(result)
            label, section = _Label(), line[1:].split()[0].lower() if line[1:].split() else ""
            if section != "filter":
                said = "This section is about the header: see the profiles."
                result.problems.append((number, said))
        elif line.upper().startswith("LABEL"):
            label.finish(result)
            label = _Label(line[5:].strip() or f"line {number}", number)
        elif line and section == "filter":
            label.take(line, number, result)
    label.finish(result)
    if not result.rules and not any("rule is left out" in said for _, said in result.problems):
        raise Usage("The file is no recipe of deid with labels that remove pixels.")
    return result


def condition_of(expression: str) -> Condition:
    """Criteria on one line as a condition. Raises `Usage`."""
    parts = [
        [_criterion(one) for one in re.split(r"\|\|", group) if one.strip()]
        for group in re.split(r"(?:^|\s)\+\s", expression)
    ]
    groups = [one[0] if len(one) == 1 else {"any": one} for one in parts if one]
    return groups[0] if len(groups) == 1 else {"all": groups}


def _criterion(text: str) -> Condition:
    match = CRITERION.fullmatch(text.strip())
    if match is None:
        raise Usage("a criterion is not known.")
    word, name, value = match[1].lower(), match[2], match[3].strip()
    if word in ("missing", "empty", "present", "notmissing", "notempty"):
        return checked({"attribute": name, "empty": word in ("missing", "empty")})
    if word.endswith("contains"):
        found = checked({"attribute": name, "matches": value})
    else:
        found = checked({"attribute": name, "is": value})
    return {"not": found} if word.startswith("not") else found


class _Label:
    """One label while its lines are read."""

    def __init__(self, name: str = "", line: int = 0) -> None:
        self.name, self.line = name, line
        self.groups: list[list[Condition]] = []
        self.rule: dict[str, Any] = {"rectangles": []}
        self.broken = ""

    def take(self, line: str, number: int, result: Imported) -> None:
        if match := COORDINATES.fullmatch(line):
            if not self._coordinates(match):
                result.problems.append((number, "These coordinates cannot be said in a rule."))
            return
        joins = line.startswith("||")
        try:
            found = condition_of(re.sub(r"^(\+|\|\|)\s*", "", line))
        except Usage as error:
            self.broken = str(error)
            return
        if joins and self.groups:
            self.groups[-1].append(found)
        else:
            self.groups.append([found])

    def _coordinates(self, match: re.Match[str]) -> bool:
        is_size, keeps, value = bool(match[1]), bool(match[2]), match[3].strip().lower()
        if value == CALIBRATION and keeps:
            self.rule["outside_regions"] = True
            # What the regions of the calibration do not cover is all that was meant to go.
            self.rule["rectangles"] = [one for one in self.rule["rectangles"] if one != EVERYTHING]
            return True
        if keeps:
            return False
        if value == "all":
            self.rule["rectangles"].append(EVERYTHING)
            return True
        numbers = [part.strip() for part in value.split(",")]
        if len(numbers) != 4 or not all(re.fullmatch(r"\d{1,6}", part) for part in numbers):
            return False
        left, top, third, fourth = map(int, numbers)
        size = (third, fourth) if is_size else (max(0, third - left), max(0, fourth - top))
        self.rule["rectangles"].append([left, top, *size])
        return True

    def finish(self, result: Imported) -> None:
        """Adds the rule; labels without coordinates only sort pictures, and are no rules."""
        if not (self.rule["rectangles"] or self.rule.get("outside_regions")):
            if self.name:
                said = "The label has no coordinates: it removes nothing, and is left out."
                result.problems.append((self.line, said))
            return
        if self.broken:
            result.problems.append((self.line, f"The rule is left out: {self.broken}"))
            return
        groups = [one[0] if len(one) == 1 else {"any": one} for one in self.groups]
        when = groups[0] if len(groups) == 1 else {"all": groups}
        rule = {name: value for name, value in self.rule.items() if value}
        result.rules.append({"name": self.name, "when": when, **rule})
