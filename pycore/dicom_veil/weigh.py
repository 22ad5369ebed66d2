"""Whether what was found says who the patient is: every match is weighed by kind and by place.

A place is one value of the output. It is *unchanged* when the original has the very same value
there and the plan keeps it. What is said of a kind holds in text, and in what should be a number
or a UID and has letters. A number (DS, IS) can only be a code or a day, as a whole, or hide a
name; one that is kept as it was, only a code of three different digits or more.

uid     counts everywhere.
day     counts, but not in a date attribute where the original had another day (a shifted date may
        meet another date of the same patient, and a first of the month is what a coarser date
        looks like), nor if a date attribute that is kept has that day.
short   a date with a year of two digits counts in text, as `shorthand` describes it; with points
day     it is a version where the value is unchanged. Six digits that are the birth date (YYMMDD,
        DDMMYY, MMDDYY), three of them different, count as a word of their own in a text, but not
        where the plan cleans it, nor in a number, a time or a UID.
time    counts in text as `shorthand` describes it, as the whole of a value, and in a TM, but not
        where that is unchanged.
name    counts, with word boundaries if it has less than eight letters.
word    counts as a whole word; with digits glued to it from four letters on, and with letters
        too from seven letters on (KAUFMANSCAN). A word that stands in headers anyway (attribute
        names, anatomic regions, makers: data/common_words.json) does not count where the value
        is unchanged (a patient called Head, an image of the head), nor in what the
        de-identification says of itself. Among bytes that are no text, from five letters on.
code    of six characters or more counts anywhere, shorter only as a whole value of text. One
        without digits, or with less than four characters, or a number of less than six digits,
        does not count where the value is unchanged.
short   of less than three characters counts as the whole of a text that the original did not have
code    there, and that the plan does not clean.
place,  count, but not where the value is unchanged and the same, nor where the plan cleans text
text    word by word: there the words have been judged one by one.
blob    counts where it is not unchanged.
hash    counts.

What another input says of its patient (`others`) counts in the same way, but for what chance finds:
one word of a name, or a number, where the value is unchanged; the word among bytes that are no
text, and number and day in a date attribute.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from dicom_veil.common import is_common
from dicom_veil.kinds import CODING
from dicom_veil.needles import Token
from dicom_veil.notation import Day, code_pattern, day_pattern, uid_pattern, words
from dicom_veil.shorthand import (
    short_day_pattern,
    six_digits_pattern,
    time_of,
    time_pattern,
)
from dicom_veil.standard import structural_uids

# Scripts without spaces: kana, Han, and Hangul (decomposed, as folded text has it).
SPACELESS = re.compile("[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
NUMBERS = frozenset({"DS", "IS", "FD", "FL", "SS", "US", "SL", "UL", "SV", "UV", "AT"})
LETTERS = re.compile(r"[^\W\d_]")
# A number without what says nothing: +0123.0 is 123.
WHOLE_NUMBER = re.compile(r"\+?0*(\d+)(?:\.0*)?")
# Of an ID that a number is: fewer digits, or the same ones again, are an accident.
FEWEST_DIGITS, FEWEST_DIFFERENT = 6, 3
# Letters of a word of a name that is found with digits, and with anything, glued to it.
WITH_DIGITS, UNMISTAKABLE = 4, 7
DATES = frozenset({"DA", "DT", "TM"})
SAYS_ITSELF = frozenset({0x00120062, 0x00120063, 0x00120064, 0x00280303, 0x00280301, 0x00280302})
# Where an ID of less than three characters can stand alone.
WHOLE_TEXTS = frozenset({"LO", "LT", "PN", "SH", "ST", "UC", "UT"})
BIRTH_DATE = 0x00100030
# Enough of a needle for it to be no accident where it cannot be read as text.
ENOUGH_BYTES, ENOUGH_HIGH_BYTES = 5, 4


class Place(NamedTuple):
    """One value of the output.

    `text` is folded, `squashed` holds its bytes. `cleaned`: the plan cleans it; `coarse`: down to
    the year or the month; `day`: the day that the original had there.
    """

    where: str
    tag: int
    vr: str
    text: str
    squashed: bytes
    binary: bool = False
    unchanged: bool = False
    cleaned: bool = False
    coarse: bool = False
    day: Day | None = None


def counts(token: Token, place: Place) -> bool:
    """Whether `token` identifies in `place`; `place` may not hold it at all."""
    if token.other and _by_chance(token, place):
        return False
    if token.kind == "blob":
        return not place.unchanged and _holds(token, place)
    if token.kind == "hash":
        return _holds(token, place)
    if token.kind not in ("name", "word") and _is_number(place):
        return _in_number(token, place)
    if place.vr == "UI" and token.kind != "uid" and not LETTERS.search(place.text):
        return token.kind in ("code", "day") and _in_uid(token, place)
    return KINDS[token.kind](token, place)


def _by_chance(token: Token, place: Place) -> bool:
    """Whether it would be an accident if `place` held a token of another input."""
    if token.kind == "word":
        return place.binary or place.unchanged
    number = token.kind == "day" or (token.kind == "code" and not LETTERS.search(token.text))
    return number and (place.unchanged or place.vr in DATES)


def _is_number(place: Place) -> bool:
    """Whether a value of a numeric VR is one; text in its place is text."""
    if place.vr in ("DS", "IS"):
        return not LETTERS.search(place.text.replace("e", ""))
    return place.vr in NUMBERS and place.binary


def _in_number(token: Token, place: Place) -> bool:
    """An ID, or a date as YYYYMMDD, as the whole of one of the numbers that a text says."""
    if token.kind not in ("code", "day") or len(token.text) < FEWEST_DIGITS:
        return False
    if token.kind == "code" and place.unchanged and len(set(token.text)) < FEWEST_DIFFERENT:
        return False
    if token.kind == "day" and place.coarse:
        return False
    values = [one.strip() for one in place.text.split("\\")]
    whole = [found[1] for one in values if (found := WHOLE_NUMBER.fullmatch(one))]
    return token.text in (*values, *whole)


def _holds(token: Token, place: Place) -> bool:
    return any(needle in place.squashed for needle in token.needles)


def _in_bytes(token: Token, place: Place) -> bool:
    """A needle in a character set other than the one that the output declares."""
    return any(
        not needle.isascii()
        and (len(needle) >= ENOUGH_BYTES or sum(b >= 0x80 for b in needle) >= ENOUGH_HIGH_BYTES)
        and needle in place.squashed
        for needle in token.needles
    )


def _in_uid(token: Token, place: Place) -> bool:
    """An ID or a date as a component of a UID, or at the start of one."""
    if place.tag in structural_uids() or len(token.text) < 8:
        return False
    components = re.split(r"[.\\]", place.text)
    if token.kind == "code":
        return token.text in components
    return any(component.startswith(token.text) and len(component) in (8, 12, 14, 17, 18, 20)
               for component in components)  # fmt: skip


def _uid(token: Token, place: Place) -> bool:
    return bool(uid_pattern(token.text).search(place.text))


def _day(token: Token, place: Place) -> bool:
    if token.day is None or not day_pattern(token.day).search(place.text):
        return False
    if place.vr in DATES:
        if place.coarse and token.day[2] == 1:
            return False
        return not place.unchanged and place.day in (None, token.day)
    return True


def _short_day(token: Token, place: Place) -> bool:
    if token.day is None or place.binary or place.vr in DATES or place.tag in SAYS_ITSELF:
        return False
    found = short_day_pattern(token.day).search(place.text)
    if found is not None and not (place.unchanged and "." in found[0]):
        return True
    birth = token.tag == BIRTH_DATE and place.vr in WHOLE_TEXTS and not place.cleaned
    return birth and bool(six_digits_pattern(token.day).search(place.text))


def _time(token: Token, place: Place) -> bool:
    if place.binary or place.tag in SAYS_ITSELF or (place.vr == "TM" and place.unchanged):
        return False
    if any(time_of(value) == token.text for value in place.text.split("\\")):
        return True
    return place.vr not in DATES and bool(time_pattern(token.text).search(place.text))


def _short_code(token: Token, place: Place) -> bool:
    if place.unchanged or place.cleaned or place.tag in CODING:
        return False
    return place.vr in WHOLE_TEXTS and place.text.strip() == token.text


def _name(token: Token, place: Place) -> bool:
    return bool(_words_pattern(token.text).search(place.text)) or _in_bytes(token, place)


def _word(token: Token, place: Place) -> bool:
    word = token.text.partition("\n")[0]
    if place.binary and len(word) < 5 and word.isascii():
        return False
    if not (_words_pattern(token.text).search(place.text) or _in_bytes(token, place)):
        return False
    if is_common(word):
        return not (place.unchanged or place.tag in SAYS_ITSELF)
    return True


@lru_cache(maxsize=4096)
def _words_pattern(spellings: str) -> re.Pattern[str]:
    """Words one after the other, in any spelling; at their ends a boundary, where the script has

    spaces between words at all and the match is short enough to be an accident.
    """
    return re.compile("|".join(map(_spelling, spellings.splitlines())))


def _spelling(text: str) -> str:
    parts = words(text)
    inner = r"[\W_]{0,3}".join(map(re.escape, parts))
    if len(text) >= (8 if len(parts) > 1 else UNMISTAKABLE) or SPACELESS.match(text):
        return inner
    # Digits are glued to names (KAUFMAN01), letters to words that only look like one (Leeds).
    beside = r"[^\W\d_]" if len(text) >= WITH_DIGITS else r"[^\W_]"
    return rf"(?<!{beside}){inner}(?!{beside})"


def _code(token: Token, place: Place) -> bool:
    plain = "".join(words(token.text))
    weak = plain.isalpha() or len(plain) < 4 or (plain.isdigit() and len(plain) < 6)
    if weak and (place.unchanged or place.cleaned):
        return False
    if len(plain) < 6:
        values = place.text.split("\\")
        return not place.binary and any("".join(words(value)) == plain for value in values)
    if place.binary and len(plain) < 8 and plain.isdigit():
        return False
    return bool(code_pattern(token.text).search(place.text)) or _in_bytes(token, place)


def _text(token: Token, place: Place) -> bool:
    if place.cleaned or not _holds(token, place):
        return False
    if place.unchanged:
        # A place inside a longer text that is kept was not meant to be kept.
        return token.kind == "place" and not any(n == place.squashed for n in token.needles)
    return True


KINDS = {"uid": _uid, "day": _day, "short day": _short_day, "time": _time,
         "short code": _short_code, "name": _name, "word": _word, "code": _code, "place": _text,
         "text": _text}  # fmt: skip
