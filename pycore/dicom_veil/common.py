"""Words that stand in headers whoever the patient is: data, loaded when a match is weighed."""

import json
from functools import cache, lru_cache
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


@lru_cache(maxsize=4096)
def is_common(word: str) -> bool:
    """Whether a word is common, or made of two that are (HEADNECK)."""
    known = common_words()
    return word in known or any(
        word[:split] in known and word[split:] in known for split in range(3, len(word) - 2)
    )
