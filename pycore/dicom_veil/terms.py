"""The allow-list of Clean Descriptors as data: which words may stay, and in whose company."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Terms:
    """All words are folded (`words.fold`).

    `words` may stay. `pairs` may stay only beside a given partner: `white` in `white matter`.
    `functions` are words that join others. `units` go with a number. After one of `labels`
    (`No 12`) a number is an identifier; after one of `titles` (`Dr. Hand`) words are a name.
    """

    edition: str
    words: frozenset[str]
    pairs: dict[str, frozenset[str]]
    functions: frozenset[str]
    units: frozenset[str]
    labels: frozenset[str]
    titles: frozenset[str]


@cache
def terms() -> Terms:
    """The list that `generate/terms.py` made; read once."""
    data = json.loads((files("dicom_veil") / "data" / "terms.json").read_text("utf-8"))
    pairs: dict[str, set[str]] = {}
    for pair in data["pairs"]:
        word, _, partner = pair.partition(":")
        pairs.setdefault(word, set()).add(partner)
    return Terms(
        edition=data["edition"],
        words=frozenset(word for words in data["words"].values() for word in words),
        pairs={word: frozenset(partners) for word, partners in pairs.items()},
        functions=frozenset(data["functions"]),
        units=frozenset(data["units"]),
        labels=frozenset(data["labels"]),
        titles=frozenset(data["titles"]),
    )
