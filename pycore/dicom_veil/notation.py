"""The many ways in which one value is written: what a search for it has to recognise.

Two views of the same thing. `squash` reduces bytes to their letters and digits, lower case, so
that one needle stands for every punctuation, for UTF-16 and for padding: fast, and it forgets
boundaries. `fold` reduces text to letters without case and diacritics: exact, with boundaries.
"""

import re
import unicodedata
from datetime import date
from functools import lru_cache

# Bytes that no squashed text holds: all of ASCII but letters and digits. Deleting byte by byte
# keeps substrings substrings, in every character set of PS3.3 C.12.1.1.2, ISO 2022 included.
DROPPED = bytes(byte for byte in range(0x80) if not chr(byte).isalnum())
LOWERED = bytes(byte + 32 if 65 <= byte <= 90 else byte for byte in range(256))
KATAKANA = {letter: letter - 0x60 for letter in range(0x30A1, 0x30F7)}
HIRAGANA = {small: large for large, small in KATAKANA.items()}
# Nobody sees them: soft hyphen, no width, byte order mark.
UNSEEN = (0xAD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF)
# Letters that Unicode does not decompose, and what a search need not tell apart.
PLAIN: dict[int, str | int | None] = {
    **KATAKANA,
    **dict.fromkeys(UNSEEN),
    **dict(zip(map(ord, "øłđðħı"), "olddhi", strict=True)),
    ord("æ"): "ae",
    ord("œ"): "oe",
    ord("þ"): "th",
}
# Two letters that stand for an umlaut where there is none: not in Bauer, nor in Quelle.
TWO_LETTERS = re.compile(r"ae|oe|(?<![aeq])ue", re.IGNORECASE)
SHORTEST_UMLAUT = 4
ONE_LETTER = {"ae": "ä", "oe": "ö", "ue": "ü"}
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae"})
WORD = re.compile(r"[^\W_]+")
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
DATE = re.compile(r"\s*(\d{4})([-./]?)(\d{2})\2(\d{2})(?:\D|\d{2,}|$)")
Day = tuple[int, int, int]


def squash(data: bytes) -> bytes:
    """The letters, digits and non-ASCII bytes of `data`, ASCII in lower case."""
    return data.translate(LOWERED, DROPPED)


def fold(text: str) -> str:
    """Text without case and diacritics; separators stay.

    >>> fold("Müller-ŁUKASZ")
    'muller-lukasz'
    """
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).translate(PLAIN)


def spelled(text: str) -> tuple[str, ...]:
    """Folded text, and the same with umlauts as two letters where it has any.

    >>> spelled("Müller")
    ('muller', 'mueller')
    """
    folded = fold(text)
    two = fold(unicodedata.normalize("NFC", text.casefold()).translate(UMLAUTS))
    return (folded,) if two == folded else (folded, two)


def written(name: str) -> tuple[str, ...]:
    """A name, and how else the same name is written: with umlauts, ß, in the other kana.

    >>> written("Mueller"), written("Strauss"), written("Anna")
    (('Mueller', 'Müller'), ('Strauss', 'Strauß'), ('Anna',))
    """
    found = [name]
    if TWO_LETTERS.search(name):
        shorter = TWO_LETTERS.sub(lambda two: ONE_LETTER[two[0].lower()], name)
        # Doe is no Dö.
        if min(map(len, WORD.findall(shorter)), default=0) >= SHORTEST_UMLAUT:
            found.append(shorter)
    found += [one.replace("ss", "ß").replace("SS", "ß") for one in found if "ss" in one.lower()]
    if not name.isascii():
        found += [name.translate(KATAKANA), name.translate(HIRAGANA)]
    return tuple(dict.fromkeys(found))


def words(folded: str) -> list[str]:
    """The runs of letters and digits of folded text."""
    return WORD.findall(folded)


def day_of(text: str) -> Day | None:
    """Year, month and day at the start of a DA or DT value, also with `-`, `.` or `/`.

    >>> day_of("2019-08-17"), day_of("20190230"), day_of("20190817123000")
    ((2019, 8, 17), None, (2019, 8, 17))
    """
    match = DATE.match(text)
    if match is None:
        return None
    year, month, day = int(match[1]), int(match[3]), int(match[4])
    try:
        date(year, month, day)
    except ValueError:
        return None
    return (year, month, day)


@lru_cache(maxsize=1024)
def day_needles(day: Day) -> tuple[bytes, ...]:
    """The squashed forms of a date in the usual notations, years in four digits."""
    y, m, d = day
    year, name = str(y), MONTHS[m - 1]
    numbers = {f"{a}{b}" for a, b in ((f"{m:02d}", f"{d:02d}"), (str(m), str(d)))}
    turned = {f"{b}{a}" for a, b in ((f"{m:02d}", f"{d:02d}"), (str(m), str(d)))}
    forms = {year + one for one in numbers} | {one + year for one in numbers | turned}
    forms |= {f"{n}{month}{year}" for n in {f"{d:02d}", str(d)} for month in (name, name[:3])}
    forms |= {f"{month}{n}{year}" for n in {f"{d:02d}", str(d)} for month in (name, name[:3])}
    forms |= {f"{d}{suffix}{name}{year}" for suffix in ("st", "nd", "rd", "th")}
    forms |= {f"{name}{d}{suffix}{year}" for suffix in ("st", "nd", "rd", "th")}
    forms |= {f"{year}年{a}月{b}日" for a, b in ((f"{m:02d}", f"{d:02d}"), (str(m), str(d)))}
    return tuple(sorted(form.encode("utf-8") for form in forms))


@lru_cache(maxsize=1024)
def day_pattern(day: Day) -> re.Pattern[str]:
    """Finds a date in folded text: 20190817, 2019-8-17, 17.08.2019, 8/17/2019, 17 Aug 2019, ….

    Compact forms have two digits for month and day; single digits need separators. What follows
    YYYYMMDD may be the digits of a time (DT).
    """
    y, m, d = day
    full, short = MONTHS[m - 1], MONTHS[m - 1][:3]
    month, number = f"(?:{full}|{short})", f"0?{d}(?:st|nd|rd|th)?"
    gap, any_gap = r"[-./:_\\ ]{1,2}", r"[-./:_\\, ]{0,3}"
    forms = (
        rf"(?<!\d){y}{m:02d}{d:02d}",
        rf"(?<!\d){d:02d}{m:02d}{y}(?!\d)",
        rf"(?<!\d){m:02d}{d:02d}{y}(?!\d)",
        rf"(?<!\d){y}{gap}0?{m}{gap}0?{d}(?!\d)",
        rf"(?<!\d){y}年\s?0?{m}月\s?0?{d}日",
        rf"(?<!\d)0?{d}{gap}0?{m}{gap}{y}(?!\d)",
        rf"(?<!\d)0?{m}{gap}0?{d}{gap}{y}(?!\d)",
        rf"(?<!\d){number}{any_gap}{month}{any_gap}{y}(?!\d)",
        rf"{month}{any_gap}{number}{any_gap}{y}(?!\d)",
        rf"(?<!\d){y}{any_gap}{month}{any_gap}0?{d}(?!\d)",
    )
    return re.compile("|".join(forms))


@lru_cache(maxsize=4096)
def code_pattern(text: str) -> re.Pattern[str]:
    """Finds an ID in folded text, with or without its punctuation, or with punctuation added.

    A number is not found inside a longer number, a short ID not inside a longer word.
    """
    parts = words(text)
    loose = "[-./ _]?" if sum(map(len, parts)) >= 6 else ""
    inner = r"[\W_]{0,3}".join(loose.join(part) for part in parts)
    return re.compile(_before(text) + inner + _after(text))


def _before(text: str) -> str:
    first = words(text)[0][0]
    if first.isdigit():
        return r"(?<!\d)(?<!\d\.)"
    return "" if len(text) >= 8 else r"(?<![^\W_])"


def _after(text: str) -> str:
    if text.rstrip()[-1].isdigit():
        return r"(?!\d)" if len(text) >= 6 else r"(?![^\W_])"
    return "" if len(text) >= 8 else r"(?![^\W_])"


@lru_cache(maxsize=4096)
def uid_pattern(uid: str) -> re.Pattern[str]:
    """Finds a UID whole, also with other separators (as file names have them)."""
    return re.compile(r"(?<![0-9])(?<![0-9]\.)" + r"[.\-_ ]".join(uid.split(".")) + r"(?![0-9])")
