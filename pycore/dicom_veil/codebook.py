"""The codes that the standard knows (PS3.16), what they mean, and how those of others look."""

import gzip
import json
import re
from functools import cache
from importlib.resources import files
from typing import Any

# SNOMED RT codes under the names that it has had.
RETIRED = frozenset({"SRT", "SNM3", "99SDM"})


@cache
def _data() -> dict[str, Any]:
    packed = (files("dicom_veil") / "data" / "codes.json.gz").read_bytes()
    data: dict[str, Any] = json.loads(gzip.decompress(packed))
    return data


def current(scheme: str, code: str) -> tuple[str, str]:
    """A code as the present edition writes it: SNOMED CT for SNOMED RT.

    >>> current("SRT", "T-D4000")
    ('SCT', '113345001')
    """
    if scheme in RETIRED and code in _data()["srt"]:
        return "SCT", str(_data()["srt"][code])
    return scheme, code


@cache
def meaning(scheme: str, code: str) -> str | None:
    """What PS3.16 says that a code means; None for a code that it does not have."""
    scheme, code = current(scheme, code)
    found = _data()["meanings"].get(scheme, {}).get(code)
    return None if found is None else str(found)


@cache
def looks_public(scheme: str, code: str) -> bool:
    """Whether a code has the form that the codes of a public scheme have."""
    pattern = _data()["schemes"].get(scheme)
    return pattern is not None and re.fullmatch(pattern, code) is not None


def is_public(scheme: str) -> bool:
    """Whether a coding scheme is one that PS3.16 knows."""
    data = _data()
    return scheme in RETIRED or scheme in data["schemes"] or scheme in data["meanings"]
