"""How far a reading is from what stands in a header, when readings err."""

import re
from functools import lru_cache

from dicom_veil.words import fold, spellings

# Letters and digits that are read for one another cost little.
CONFUSED = 0.3
GROUPS = ("0odqc", "1il7t", "5s", "8b3", "2z", "6g9", "4a", "uv", "nhm", "ce", "ij", "vy", "kx")
PAIRS = frozenset((one, other) for group in GROUPS for one in group for other in group)
NOT_WORD = re.compile(r"[\W_]+")
WORD_BEFORE = re.compile(r"([^\W\d_]*)[\W_]*$")
WORD_AFTER = re.compile(r"^\s*([^\W\d_]+|[%°]?)")
SHORTEST = 3  # from so many characters on a reading may err
INSIDE = 5  # from so many characters on it is also looked for inside other letters
ALLOWED = 0.2  # of its length may differ; in short words one confusion or two


@lru_cache(maxsize=4096)
def letters(text: str) -> str:
    """Letters and digits alone, without case and diacritics."""
    return NOT_WORD.sub("", fold(text))


def tokens(text: str) -> tuple[str, ...]:
    """The words of a text as `letters`."""
    return tuple(one for one in NOT_WORD.split(fold(text)) if one)


def holds(text: str, wanted: str, *, short: bool = True) -> bool:
    """Whether a reading holds a word or a number, nearly.

    Words under five characters are only found as a whole word, those under three to the letter,
    without `short` never.

    >>> holds("SM1TH J0HN", "Smith"), holds("Smythe", "Smith"), holds("SMALL", "Smith")
    (True, True, False)
    >>> holds("MA, PI", "Ma"), holds("MAP", "Ma")
    (True, False)
    """
    pattern = letters(wanted)
    if len(pattern) < SHORTEST:
        return short and bool({letters(form) for form in spellings(wanted)} & {*tokens(text)})
    most = 2 * CONFUSED if len(pattern) < INSIDE else ALLOWED * len(pattern)
    if pattern.isdigit():
        most = min(most, 1.0)  # another number is another number
    if any(distance(token, pattern) <= most for token in tokens(text)):
        return True
    return len(pattern) >= INSIDE and distance(letters(text), pattern, inside=True) <= most


def runs(text: str, number: str) -> tuple[tuple[str, str], ...]:
    """The words before and after each place where a text has a number whole, zeros before it apart.

    >>> runs("L47", "47"), runs("MI 0.47", "47"), runs("Gain: 47 dB", "47")
    ((('l', ''),), (), (('gain', 'db'),))
    """
    folded = fold(text)
    return tuple(
        (
            WORD_BEFORE.findall(folded[: found.start()])[0],
            WORD_AFTER.findall(folded[found.end() :])[0],
        )
        for found in re.finditer(rf"(?<![\d.,])0*{re.escape(number)}(?![.,]?\d)", folded)
    )


def shapes(text: str) -> int:
    """How many of a text's letters and digits are not read for one another.

    >>> shapes("doocco"), shapes("anna"), shapes("1963")
    (1, 2, 3)
    """
    found: list[str] = []
    for one in letters(text):
        if not any(one == other or (one, other) in PAIRS for other in found):
            found.append(one)
    return len(found)


def distance(text: str, pattern: str, *, inside: bool = False) -> float:
    """What it costs to turn `pattern` into `text`; with `inside`, into the best part of `text`."""
    row = [0.0 if inside else float(column) for column in range(len(text) + 1)]
    for number, letter in enumerate(pattern, 1):
        before, row = row, [float(number)]
        for column, other in enumerate(text, 1):
            swap = 0.0 if letter == other else CONFUSED if (letter, other) in PAIRS else 1.0
            row.append(min(before[column - 1] + swap, before[column] + 1, row[-1] + 1))
    return min(row) if inside else row[-1]
