"""Words that stand in headers whoever the patient is: data, loaded when a match is weighed."""

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def _data() -> dict[str, Any]:
    text = (files("dicom_veil") / "data" / "common_words.json").read_text(encoding="utf-8")
    data: dict[str, Any] = json.loads(text)
    return data


@cache
def common_words() -> frozenset[str]:
    """Words of attribute names, of anatomic regions, of makers, and stand-ins for names."""
    return frozenset(_data()["words"])


@cache
def placeholders() -> frozenset[str]:
    """Words that stand where a name was removed or never known; they identify nobody."""
    return frozenset(_data()["placeholders"])
