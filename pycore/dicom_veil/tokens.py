"""What must not be found in an output: the identifying values of an original as tokens.

Every attribute that a plan removes, empties or replaces gives tokens, by what it is:

uid     a UID that the standard did not register. Found whole, with any separators.
day     a date (DA, DT). Found in the usual notations; with a year of two digits as `short day`.
time    a time of day (TM) with seconds, unless it is a common value (`shorthand`).
name    the components of a person's name (PN) together, in either order, joined or apart.
word    one component of a name, from three letters on: found as a whole word, in any case, with
        or without diacritics. Titles and suffixes give none.
code    an ID (also AE titles, serial and phone numbers). From six characters on it is found
        anywhere, with or without punctuation; from three on only as a whole value, and a number
        of less than four digits, or one that reads as a year, is not looked for. One of less
        than three characters is a `short code`.
text    other text of eight letters or more, whole or by line, and a CS of six characters or
        more with a digit. Numbers of six digits in a text are looked for as codes.
blob    bytes that nobody reads (icons, overlays, documents, profiles): a sample of them.
hash    MD5, SHA-1, SHA-256, SHA-512 of an ID, a name or a UID, in hexadecimal, decimal or
        base 64: only where the output of another program is searched, since anybody can
        compute them again.

How a match is weighed, once one is found, is said in `weigh`.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple
from unicodedata import normalize

from pydicom._uid_dict import UID_dictionary
from pydicom.charset import decode_bytes
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.tag import BaseTag

from dicom_veil.common import placeholders
from dicom_veil.document import MEDIA_TYPES, STATEMENT, document
from dicom_veil.dummy import TEXT as DUMMIES
from dicom_veil.notation import (
    WORD,
    Day,
    day_of,
    fold,
    spelled,
    squash,
    words,
    written,
)
from dicom_veil.plan import Path, Plan, Step, is_sequence, vr_of_element
from dicom_veil.quiet import quietly
from dicom_veil.read import Instance
from dicom_veil.shorthand import short_day_needles, time_of, whole_value_needles
from dicom_veil.standard import keyword_of, structural_uids, vr_of

TEXT_VRS = frozenset({"LO", "SH", "ST", "LT", "UT", "UC", "AE", "UR"})
BYTES_VRS = frozenset({"OB", "OW", "UN", "OD", "OF", "OL", "OV"})
ONE_VALUE = frozenset({"ST", "LT", "UT", "UR"})
CODE_KEYWORDS = ("ID", "IDs", "Number", "Numbers", "Identifier", "UID", "AETitle", "AET")
PLACE_WORDS = ("Institution", "Station", "Address", "Department", "Facility", "Organization",
               "Location", "Residence", "Telephone", "Telecom", "Issuer", "Hospital")  # fmt: skip
# Say which code, of which scheme, in which context group or template: Code Value, Coding Scheme
# Designator and Version, Mapping Resource, Context Identifier, Template Identifier.
CODING = frozenset({0x00080100, 0x00080102, 0x00080103, 0x00080105, 0x0008010F, 0x0040DB00})
# Methods that keep what identifies nobody of a value, or what a person's own rule says.
PARTIAL = frozenset({"text", "code", "meaning", "zip3", "regex", "truncate", "lowercase",
                     "uppercase", "set", "whole"})  # fmt: skip
LONG_KINDS = frozenset({"time", "code", "label", "place", "text", "blob"})
ICC_PROFILE = 0x00282000
# Earlier years (0001) stand where a date was removed.
EARLIEST_YEAR = 1500
SHORTEST_TEXT, LONGEST_TEXT, SHORTEST_LABEL = 8, 4096, 6
SAMPLE, LEAST_DISTINCT = 24, 6
DELIMITERS = set(map(ord, "\\^=\r\n\f\t"))


Element = DataElement | RawDataElement


# How a date ends that was cut down to its year or month by a method of that name.
FIRST_DAYS = {"year": (1, 1), "month": (1,)}


class Token(NamedTuple):
    """One value to look for.

    `text` is folded, the spellings of a name by line; `needles` are its squashed encodings, any
    of which says that a closer look is needed; `tag` is the attribute of the original. `plain`: the
    value itself is ASCII, whatever its needles.
    """

    kind: str
    text: str
    needles: tuple[bytes, ...]
    day: Day | None = None
    tag: int = 0
    plain: bool = False


class Tokens(NamedTuple):
    """The tokens of one original: `by_needle` for the search, days apart, by their year.

    `wide`: some are in letters that ASCII does not have. `short`: IDs of less than three
    characters, whose needles are not squashed (`shorthand.whole_value_needles`).
    """

    by_needle: dict[bytes, tuple[Token, ...]]
    days: dict[bytes, dict[Day, Token]]
    wide: bool = False
    short: tuple[Token, ...] = ()

    def __repr__(self) -> str:
        return f"Tokens({len(self.by_needle)} needles, {sum(map(len, self.days.values()))} days)"


def tokens_of(
    instance: Instance,
    steps: Plan,
    extra: Iterable[Token] = (),
    own: Callable[[Token], bool] = lambda _token: False,
) -> Tokens:
    """The tokens of every attribute that `steps` does not keep, and `extra` ones.

    `own` tells those that may stay: what the same key made before (`seal`).
    """
    by_needle: dict[bytes, tuple[Token, ...]] = {}
    days: dict[bytes, dict[Day, Token]] = {}
    wide = False
    short: dict[str, Token] = {}
    with quietly():
        found = [*step_tokens(instance.dataset, steps), *_doubled(instance, steps), *extra]
    for token in found:
        if own(token):
            continue
        if token.kind == "day" and token.day is not None:
            days.setdefault(token.needles[0], {}).setdefault(token.day, token)
            continue
        if token.kind == "short code":
            short.setdefault(token.text, token)
            continue
        wide = wide or not (token.plain or all(map(bytes.isascii, token.needles)))
        for needle in token.needles:
            # Kinds are weighed differently: a word that is also a code is looked for as both.
            same = by_needle.get(needle, ())
            if all(one.kind != token.kind or one.day != token.day for one in same):
                by_needle[needle] = (*same, token)
    return Tokens(by_needle, days, wide, tuple(short.values()))


def step_tokens(dataset: Dataset, steps: Plan) -> Iterator[Token]:
    """The tokens of what each step removes or changes, nested attributes included."""
    for element, here, step in stepped(dataset, steps):
        cleaned = step.action == "C" and step.method not in FIRST_DAYS
        found = element_tokens(element, here, cleaned=cleaned)
        if step.method in FIRST_DAYS:
            # The first of January is what the year itself is written as.
            first = FIRST_DAYS[step.method]
            found = (
                token for token in found if token.day is None or token.day[-len(first) :] != first
            )
        yield from found


def _doubled(instance: Instance, steps: Plan) -> Iterator[Token]:
    """The tokens of values that others of the same tag took the place of."""
    if not instance.doubled:
        return
    here = Level(instance.dataset, encodings_of(instance.dataset))
    touched = {step.tag for step in steps if not step.path}
    for element in instance.doubled:
        if element.tag in touched:
            yield from element_tokens(element, here)


class Level(NamedTuple):
    """A data set with Python's names of its character sets, which are costly to ask for."""

    dataset: Dataset
    encodings: tuple[str, ...]


def stepped(dataset: Dataset, steps: Plan) -> Iterator[tuple[Element, Level, Step]]:
    """Every element that a step is about, with the data set that it stands in."""
    path: Path | None = None
    for step in steps:
        if step.path != path:
            path = step.path
            inner = at(dataset, path)
            here = Level(inner, encodings_of(inner))
            elements = {int(tag): element for tag, element in inner._dict.items()}
        element = elements.get(step.tag)
        if element is not None:
            yield element, here, step


def at(dataset: Dataset, path: Path) -> Dataset:
    """The data set that a path leads to."""
    for sequence, index in path:
        items: Any = dataset._dict[BaseTag(sequence)].value
        dataset = items[index]
    return dataset


def items_of(element: Element) -> tuple[Dataset, ...]:
    """The items of a sequence; none of what is not one."""
    value: Any = element.value
    return tuple(value or ()) if is_sequence(element) else ()


def element_tokens(element: Element, here: Level, *, cleaned: bool = False) -> Iterator[Token]:
    """The tokens of one element, or of all that a sequence holds.

    `cleaned`: only part of the value has to go; dates, names and UIDs still go whole.
    """
    if is_sequence(element):
        for item in items_of(element):
            inner = Level(item, encodings_of(item))
            for one in item._dict.values():
                yield from element_tokens(one, inner, cleaned=cleaned)
        return
    tag = int(element.tag)
    for kind in kinds_of(tag, vr_of_element(element)):
        if not (cleaned and kind in LONG_KINDS):
            raw = raw_of(element, here.encodings)
            if raw:
                yield from value_tokens(kind, tag, raw, here.encodings)


def raw_of(element: Element, encodings: tuple[str, ...]) -> bytes:
    """The value of an element as bytes, as the file has or would have them."""
    value: Any = element.value
    if isinstance(value, bytes) or value is None:
        return value or b""
    parts = value if isinstance(value, MultiValue | list | tuple) else [value]
    text = "\\".join(str(part) for part in parts)
    return text.encode() if text.isascii() else text.encode(encodings[0], "replace")


def encodings_of(dataset: Dataset) -> tuple[str, ...]:
    """Python's names of the character sets of a data set (0008,0005)."""
    encodings = dataset._character_set
    return (encodings,) if isinstance(encodings, str) else tuple(encodings)


@lru_cache(maxsize=8192)
def kinds_of(tag: int, vr: str) -> tuple[str, ...]:
    """By the VR that the file has, and by the dictionary's: a name written as LO is one still."""
    found = (kind_of(tag, vr), kind_of(tag, vr_of(tag) or vr))
    return tuple(kind for kind in dict.fromkeys(found) if kind)


@lru_cache(maxsize=8192)
def kind_of(tag: int, vr: str) -> str:
    """What an attribute identifies by, or an empty string when nothing can be looked for."""
    if vr == "PN":
        return "name"
    if vr == "UI":
        return "" if tag in structural_uids() else "uid"
    if vr in ("DA", "DT"):
        return "day"
    if vr == "TM":
        return "time"
    if vr in BYTES_VRS:
        # What is left of an ICC profile are its numbers (`icc`).
        return "" if tag == ICC_PROFILE else "blob"
    if vr == "CS":
        return "label"
    if vr not in TEXT_VRS:
        return ""
    if tag in CODING:
        return ""
    keyword = keyword_of(tag)
    if any(word in keyword for word in PLACE_WORDS) and not keyword.endswith("ID"):
        return "place"
    return "code" if vr == "AE" or keyword.endswith(CODE_KEYWORDS) else "text"


@lru_cache(maxsize=8192)
def value_tokens(kind: str, tag: int, raw: bytes, encodings: tuple[str, ...]) -> tuple[Token, ...]:
    """The tokens of one value. Remembered: a patient's instances repeat most of them."""
    if kind == "blob":
        printable = raw.rstrip(b"\0 ")
        if not (printable.isascii() and printable.decode("ascii").isprintable()):
            return tuple(_blob(tag, raw))
        kind = "text"
    text = decode(raw, encodings)
    if kind == "name":
        found = list(_name(tag, text, raw, encodings))
    else:
        found = []
        for one in [text] if kind == "text" else text.split("\\"):
            found += _single(kind, tag, one.strip("\0 "), encodings)
    return tuple(token for token in found if token.text not in _own_words())


def decode(raw: bytes, encodings: tuple[str, ...]) -> str:
    """Text of an original in its character sets; what cannot be decoded becomes U+FFFD."""
    if raw.isascii() and b"\x1b" not in raw:
        return raw.decode("ascii")
    try:
        return decode_bytes(raw, encodings, DELIMITERS)
    except (LookupError, UnicodeError):
        return raw.decode("latin-1")


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


def _name(tag: int, text: str, raw: bytes, encodings: tuple[str, ...]) -> Iterator[Token]:
    """PS3.5 6.2.1: values, each of up to three groups, each of family, given, middle, …."""
    for group in text.replace("=", "\\").split("\\"):
        # Prefixes and suffixes (Dr., Jr.) are no names; a name without ^ is one of its words.
        components = [part.strip() for part in group.strip("\0 ").split("^")]
        # Without a family name, it may be what stands where a title should.
        components = components[:3] if components[0] else components
        if len(components) == 1:
            components = components[0].replace(",", " ").split()
        parts = [part for part in components if part]
        if len(parts) > 1:
            for ordered in (parts, [*parts[1:], parts[0]], [parts[0], *parts[:0:-1]], parts[:2],
                            parts[1::-1]):  # fmt: skip
                joined = " ".join(ordered)
                # Four letters of an alphabet; of Han and Hangul two are a whole name.
                if len("".join(ordered).encode("utf-8")) >= 4:
                    yield _named("name", joined, tag, encodings)
        for part in parts:
            if len("".join(words(fold(part)))) < 3 and part.isascii():
                continue
            pieces = {part, *WORD.findall(part)}
            for word in pieces:
                folded = fold(word)
                if _names_somebody(folded):
                    yield _named("word", word, tag, encodings)
    # Bytes as they stand: the only needle where a name cannot be decoded.
    if not raw.isascii() or b"\x1b" in raw:
        for piece in raw.replace(b"=", b"^").replace(b"\\", b"^").split(b"^"):
            needle = squash(piece)
            if len(needle) >= 4 and (not piece.isascii() or b"\x1b" in piece):
                yield Token("word", fold(decode(piece, encodings)), (needle,), None, tag)


def _named(kind: str, text: str, tag: int, encodings: tuple[str, ...]) -> Token:
    forms = written(text)
    folded = dict.fromkeys(one for form in forms for one in spelled(form))
    found = {needle for form in forms for needle in needles(form, encodings)}
    return Token(kind, "\n".join(folded), tuple(sorted(found)), None, tag, text.isascii())


def _names_somebody(folded: str) -> bool:
    if folded in placeholders() or not folded.strip("0123456789"):
        return False
    return len(folded) >= 3 or (len(folded) == 2 and not folded.isascii())


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


# Ranges of letters, and in which character sets other than those of DICOM programs write them.
OTHERS = (
    (re.compile("[\u0400-\u04ff]"), ("cp1251", "koi8-r", "iso8859-5")),
    (re.compile("[\u0370-\u03ff]"), ("cp1253",)),
    (re.compile("[\u0590-\u05ff]"), ("cp1255",)),
    (re.compile("[\u0600-\u06ff]"), ("cp1256",)),
    (re.compile("[\u3040-\u30ff\u3400-\u9fff]"),
     ("shift_jis", "euc_jp", "iso2022_jp", "gb18030", "big5")),
    (re.compile("[\uac00-\ud7a3]"), ("cp949",)),
)  # fmt: skip


def others_of(text: str) -> tuple[str, ...]:
    """Character sets that text may stand in although its data set says another."""
    return tuple(one for letters, several in OTHERS if letters.search(text) for one in several)


@lru_cache(maxsize=8192)
def needles(text: str, encodings: tuple[str, ...]) -> tuple[bytes, ...]:
    """The squashed encodings of a text in the file's character sets, UTF-8 and Latin-1.

    ASCII is one and the same in all of them, and in UTF-16, once it is squashed.
    """
    if text.isascii():
        only = squash(text.encode("ascii"))
        return (only,) if only else ()
    found = {squash(one.encode("utf-8")) for one in spelled(text)}
    for encoding in {*encodings, "utf-8", "latin-1", *others_of(text)}:
        for cased in (text, text.upper(), text.lower(), text.title()):
            try:
                found.add(squash(cased.encode(encoding)))
            except (LookupError, UnicodeError):
                continue
    # Letters and their accents apart, as some systems have them.
    found |= {
        squash(normalize(form, cased).encode("utf-8"))
        for form in ("NFC", "NFD")
        for cased in (text, text.upper(), text.lower(), text.title())
    }
    return tuple(sorted(needle for needle in found if len(needle) >= 3))
