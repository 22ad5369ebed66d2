"""The tokens of one value, by the kind of its attribute (`tokens` says what each kind is)."""

import re
from collections.abc import Iterator
from functools import lru_cache

from pydicom._uid_dict import UID_dictionary

from dicom_veil.common import placeholders
from dicom_veil.document import MEDIA_TYPES, STATEMENT, document
from dicom_veil.dummy import TEXT as DUMMIES
from dicom_veil.kinds import CODE_KEYWORDS
from dicom_veil.names import name_tokens
from dicom_veil.needles import Token, needles
from dicom_veil.notation import WORD, day_of, fold, squash, words
from dicom_veil.shorthand import short_day_needles, time_of, whole_value_needles
from dicom_veil.standard import keyword_of
from dicom_veil.values import decode
from dicom_veil.weigh import FEWEST_DIFFERENT

# Earlier years (0001) stand where a date was removed.
EARLIEST_YEAR = 1500
SHORTEST_TEXT, LONGEST_TEXT, SHORTEST_LABEL = 8, 4096, 6
SAMPLE, LEAST_DISTINCT = 24, 6
# Letters, and six digits or more behind them, as IDs of hospitals are made.
PREFIXED = re.compile(r"([^\W\d_]+)[\W_]*(\d(?:[-./ _]?\d){5,})")
SUBJECT = "SUBJ"  # what this program's own pseudonyms begin with
REMEMBERED = 1 << 10  # bytes of a value whose tokens are held; longer ones are made again


def value_tokens(kind: str, tag: int, raw: bytes, encodings: tuple[str, ...]) -> tuple[Token, ...]:
    """The tokens of one value."""
    return (_made if len(raw) > REMEMBERED else _remembered)(kind, tag, raw, encodings)


def _made(kind: str, tag: int, raw: bytes, encodings: tuple[str, ...]) -> tuple[Token, ...]:
    if kind == "blob":
        printable = raw.rstrip(b"\0 ")
        if not (printable.isascii() and printable.decode("ascii").isprintable()):
            return tuple(_blob(tag, raw))
        kind = "text"
    text = decode(raw, encodings)
    if kind == "name":
        found = list(name_tokens(tag, text, raw, encodings))
    else:
        found = []
        for one in [text] if kind == "text" else text.split("\\"):
            found += _single(kind, tag, one.strip("\0 "), encodings)
    return tuple(token for token in found if token.text not in _own_words())


# A patient's instances repeat most values.
_remembered = lru_cache(maxsize=8192)(_made)


@lru_cache(maxsize=1)
def _own_words() -> frozenset[str]:
    """What this program writes itself in the place of values."""
    return frozenset(fold(text) for text in (*DUMMIES.values(), STATEMENT))


def _single(kind: str, tag: int, text: str, encodings: tuple[str, ...]) -> Iterator[Token]:
    if kind == "uid":
        if len(text) >= 6 and text not in UID_dictionary and text.count(".") >= 2:
            yield Token("uid", text, (squash(text.encode("ascii", "replace")),), None, tag)
    elif kind == "day":
        day = day_of(text)
        if day is not None and day[0] >= EARLIEST_YEAR and text[:8] != DUMMIES["DA"]:
            yield Token("day", "{:04}{:02}{:02}".format(*day), (b"%d" % day[0],), day, tag)
            yield Token("short day", "", short_day_needles(day), day, tag)
    elif kind == "time":
        time = time_of(text)
        if time is not None:
            yield Token("time", time, (time[:6].encode("ascii"),), None, tag)
    elif kind == "code":
        yield from _code(tag, text, encodings)
        yield from _digits(tag, text, encodings)
    elif kind == "label":
        if len(text) >= SHORTEST_LABEL and any(map(str.isdigit, text)):
            yield Token("text", fold(text), needles(text, encodings), None, tag)
    else:
        yield from _text(kind, tag, text, encodings)


def _code(tag: int, text: str, encodings: tuple[str, ...]) -> Iterator[Token]:
    folded = fold(text)
    plain = "".join(words(folded))
    if folded in placeholders() or not plain.strip("0"):
        return
    if len(plain) < 3:
        if text.isascii() and len(text) < 3:
            yield Token("short code", folded, whole_value_needles(text), None, tag)
        return
    if plain.isdigit() and (len(plain) < 4 or (len(plain) == 4 and plain[:2] in ("19", "20"))):
        return
    yield Token("code", folded, needles(text, encodings), None, tag)


def _digits(tag: int, text: str, encodings: tuple[str, ...]) -> Iterator[Token]:
    """The digits of an ID whose letters say where it is from: 1234567 of HOSP-1234567.

    Enough of them to be no accident, and no date: a date is looked for by itself.
    """
    match = PREFIXED.fullmatch(text) if keyword_of(tag).endswith(CODE_KEYWORDS) else None
    if match is None or match[1].upper() == SUBJECT:
        return
    digits = "".join(filter(str.isdigit, match[2]))
    if len(set(digits)) >= FEWEST_DIFFERENT and day_of(digits) is None:
        yield Token("code", digits, needles(digits, encodings), None, tag)


def _text(kind: str, tag: int, text: str, encodings: tuple[str, ...]) -> Iterator[Token]:
    for line in {text, *text.splitlines(), *text.split("\\")}:
        line = line.strip()[:LONGEST_TEXT]
        plain = "".join(words(fold(line)))
        if len(plain) >= SHORTEST_TEXT and not plain.isdigit():
            yield Token(kind, fold(line), needles(line, encodings), None, tag)
        elif len(plain) >= (4 if kind == "place" else 5) and (
            kind == "place" or not (plain.isdigit() or plain.isalpha())
        ):
            yield from _code(tag, line, encodings)
    if tag >> 16 & 1 == 0 or any(c.isalpha() for c in text):
        for word in WORD.findall(text[:LONGEST_TEXT]):
            if sum(map(str.isdigit, word)) >= 6 and day_of(word) is None:
                yield from _code(tag, word, encodings)


def _blob(tag: int, raw: bytes) -> Iterator[Token]:
    """Samples from the start, the middle and the end, where the bytes differ enough."""
    for needle in _samples(raw):
        if needle not in _own_samples():
            yield Token("blob", "", (needle,), None, tag)


def _samples(raw: bytes) -> Iterator[bytes]:
    for start in sorted({0, len(raw) // 2, max(0, len(raw) - 4 * SAMPLE)}):
        sample = raw[start : start + 4 * SAMPLE].strip(b"\0 ")
        needle = squash(sample)[:SAMPLE]
        if len(needle) >= 8 and len(set(needle)) >= LEAST_DISTINCT:
            yield needle


@lru_cache(maxsize=1)
def _own_samples() -> frozenset[bytes]:
    """Samples of the documents that this program puts in the place of others."""
    return frozenset(needle for kind in MEDIA_TYPES for needle in _samples(document(kind)))
