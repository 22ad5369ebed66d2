"""What of a header a rule asks for, as plain data and as an answer.

    {"attribute": "Manufacturer", "contains": "PHILIPS"}      letters of either case
    {"attribute": "Rows", "is": "600"}                         the whole value
    {"attribute": "ImageType", "matches": "SAVE|SCREEN"}       a regular expression, either case
    {"attribute": "ImageType", "empty": true}                  missing or without a value
    {"all": [...]}, {"any": [...]}, {"not": {...}}

Several values of an attribute are one text, joined by a backslash.
"""

import re
from functools import lru_cache
from typing import Any

from pydicom.datadict import tag_for_keyword
from pydicom.dataset import Dataset

from dicom_veil.apply import values_of
from dicom_veil.attributes import element_of, items
from dicom_veil.errors import Usage
from dicom_veil.read import Instance

Condition = dict[str, Any]
TAG = re.compile(r"\[?\(?([0-9A-Fa-f]{4}),?([0-9A-Fa-f]{4})\)?\]?")
TESTS = ("is", "contains", "matches", "empty")
CODE_MEANING = 0x00080104
DEVICE = ("Manufacturer", "ManufacturerModelName", "Modality")
SIZE = ("Rows", "Columns")
LONGEST = 300  # letters of an expression: a rule file is read from anywhere


def checked(condition: object) -> Condition:
    """A condition of the known form. Raises `Usage` with what is wrong."""
    if not isinstance(condition, dict) or len(condition) not in (1, 2):
        raise Usage('A condition is {"attribute": …, "contains": …}, {"all": […]}, …')
    for word in ("all", "any"):
        if isinstance(condition.get(word), list) and len(condition) == 1:
            return {word: [checked(one) for one in condition[word]]}
    if "not" in condition and len(condition) == 1:
        return {"not": checked(condition["not"])}
    name = condition.get("attribute")
    test = next((one for one in TESTS if one in condition), None)
    if not isinstance(name, str) or test is None or _tag(name) is None:
        raise Usage(f"A condition names an attribute by keyword or tag, and one of {TESTS}.")
    wanted = condition[test]
    if test == "empty":
        if not isinstance(wanted, bool):
            raise Usage('"empty" is true or false.')
    elif not isinstance(wanted, str) or len(wanted) > LONGEST:
        raise Usage(f'"{test}" is a text.')
    if test == "matches":
        _expression(wanted)
    return {"attribute": name, test: wanted}


def holds(condition: Condition, instance: Instance) -> bool:
    """Whether an instance is one that a checked condition asks for."""
    if "all" in condition:
        return all(holds(one, instance) for one in condition["all"])
    if "any" in condition:
        return any(holds(one, instance) for one in condition["any"])
    if "not" in condition:
        return not holds(condition["not"], instance)
    value = _value(instance, condition["attribute"])
    if "empty" in condition:
        return bool(condition["empty"]) == (not value)
    if "is" in condition:
        return value.casefold() == str(condition["is"]).strip().casefold()
    if "contains" in condition:
        return str(condition["contains"]).casefold() in value.casefold()
    return _expression(condition["matches"]).search(value) is not None


def of_device(instance: Instance, *, sized: bool) -> Condition:
    """What holds for the instances of this one's device, and of its size where `sized`."""
    asked = (*DEVICE, *(SIZE if sized else ()))
    values = ((name, _value(instance, name)) for name in asked)
    return {"all": [
        {"attribute": name, "is": value} if value else {"attribute": name, "empty": True}
        for name, value in values
    ]}  # fmt: skip


def _value(instance: Instance, name: str) -> str:
    tag = _tag(name)
    if tag is None:
        return ""
    found = _texts(instance.dataset, tag)
    if tag == CODE_MEANING:  # the rules mean that of the phantom of a dose report
        sequence = items(instance.dataset, "CTDIPhantomTypeCodeSequence")
        found += [text for item in sequence for text in _texts(item, tag)]
    return "\\".join(found)


def _texts(dataset: Dataset, tag: int) -> list[str]:
    element = element_of(dataset, tag)
    return [] if element is None else [text.strip(" \0") for text in values_of(element, dataset)]


@lru_cache(maxsize=512)
def _tag(name: str) -> int | None:
    if match := TAG.fullmatch(name.strip()):
        return int(match[1] + match[2], 16)
    # Of a repeating group, its first.
    return 0x60000022 if name == "OverlayDescription" else tag_for_keyword(name)


@lru_cache(maxsize=512)
def _expression(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text, re.IGNORECASE)
    except re.error:
        raise Usage(f"{text!r} is no regular expression.") from None
