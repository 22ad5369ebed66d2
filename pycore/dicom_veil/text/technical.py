"""What a scanner prints and what tells of nobody: labels, markers, measurements, known terms."""

import json
import re
from functools import cache
from importlib.resources import files

from dicom_veil.descriptors import clean
from dicom_veil.terms import terms
from dicom_veil.text.own import Own
from dicom_veil.words import fold

LONGEST_BARE = 4  # digits: a number beside a label of a scanner; longer ones may be an ID
LONGEST_LETTER = 3  # before the point, beside a single letter or a label that is a name too
NUMBER = re.compile(r"[-+<>=~]*\d+(?:[.,]\d+)?%?")
LABELLED = re.compile(r"(\d*[^\W\d_]+|\d[a-z])([-+<>=~.,:/]*\d*(?:[.,]\d+)?%?)")
WORD = re.compile(r"[^\W\d_]+")
# A comma, which is read as a semicolon too, or a caret between two words: a name is written so.
AS_NAMES = re.compile(r"[^\W\d_]\.?\s*[,;^]\s*[^\W\d_]")


def is_technical(text: str, own: Own) -> bool:
    """Whether every word of a text is a scanner's label, a marker, a measurement or a known term.

    What may be a stranger's name is none of it, nor is what may be a number of theirs.

    >>> [is_technical(text, Own()) for text in ("120 kV", "MI 0.8", "L", "W 1500 L -600")]
    [True, True, True, True]
    >>> [is_technical(text, Own()) for text in ("ANNA", "HAND", "MAP, LAT", "P 1234")]
    [False, False, False, False]
    """
    folded = fold(text)
    words = folded.split()
    if AS_NAMES.search(folded) or _may_name(words):
        return False
    window = _is_window(words)
    left: list[str] = []
    spoken = counted = False
    for place, word in enumerate(words):
        label, number = _label(word)
        unit = counted and word in terms().units
        counted = bool(NUMBER.fullmatch(word)) and _is_labelled(words, place, window=window)
        fits = bool(label) and (not number or _takes(label, number, window=window))
        spoken |= fits
        if not (fits or counted or unit):
            left.append(word)
    if not left:
        return spoken
    rest = clean(" ".join(left), own.words())
    return bool(rest.kept) and not rest.dropped


def is_measured(before: str, after: str) -> bool:
    """Whether a number between two folded words is a scanner's: behind a label, before a unit.

    A single letter is neither, nor is a label that is a name too.
    """
    return any(
        len(word) > 1 and word not in screen_terms()["names"] and word in known
        for word, known in ((before, _labels()), (after, terms().units))
    ) or after in ("%", "°")


def _may_name(words: list[str]) -> bool:
    """Whether a word is a name too and no number beside it makes it a label or a unit."""
    names, counted = screen_terms()["names"], _labels() | terms().units
    for place, word in enumerate(words):
        for part in WORD.findall(word):
            if part in names and not (part in counted and _is_counted(words, place)):
                return True
    return False


def _is_counted(words: list[str], place: int) -> bool:
    around = (*words[max(0, place - 1) : place], *words[place + 1 : place + 2])
    return any(letter.isdigit() for letter in words[place]) or any(map(_is_number, around))


def _is_number(word: str) -> bool:
    """Whether a word is a number, with its unit or without."""
    number = NUMBER.match(word)
    return number is not None and word[number.end() :] in ("", *terms().units)


def _is_window(words: list[str]) -> bool:
    """Whether width and center are both told: each is then a number as long as pixels have it."""
    labels = {_label(word)[0] for word in words}
    return "w" in labels and bool(labels & {"l", "c"})


def _label(word: str) -> tuple[str, str]:
    """The label that a word is, and the number that is written to it without a space."""
    match = LABELLED.fullmatch(word)
    return (match[1], match[2]) if match and match[1] in _labels() else ("", "")


def _is_labelled(words: list[str], place: int, *, window: bool) -> bool:
    """Whether the label of a number takes it: the word before it, or if that is none, after it."""
    before = _label(words[place - 1])[0] if place else ""
    after = _label(words[place + 1])[0] if place + 1 < len(words) else ""
    label = before or after
    return bool(label) and _takes(label, words[place], window=window)


def _takes(label: str, number: str, *, window: bool) -> bool:
    """Whether a label has numbers of this length. `P 1234` may be somebody and their ID."""
    if len(re.sub(r"\D", "", number)) > LONGEST_BARE:
        return False
    if window and label in ("w", "l", "c"):
        return True
    whole = re.split(r"(?<=\d)[.,]", number)[0]
    doubtful = len(label) == 1 or label in screen_terms()["names"]
    return not doubtful or len(re.sub(r"\D", "", whole)) <= LONGEST_LETTER


@cache
def _labels() -> frozenset[str]:
    return screen_terms()["labels"] | screen_terms()["markers"]


@cache
def screen_terms() -> dict[str, frozenset[str]]:
    """The lists of `data/screen_terms.json`, each by its name."""
    data = json.loads((files("dicom_veil") / "data" / "screen_terms.json").read_text("utf-8"))
    return {name: frozenset(words) for name, words in data.items() if isinstance(words, list)}
