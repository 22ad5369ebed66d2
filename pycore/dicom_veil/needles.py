"""One value to look for, and the bytes by which it is found at first sight."""

import re
from functools import lru_cache
from typing import NamedTuple
from unicodedata import normalize

from dicom_veil.notation import Day, spelled, squash

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


class Token(NamedTuple):
    """One value to look for.

    `text` is folded, the spellings of a name by line; `needles` are its squashed encodings, any
    of which says that a closer look is needed; `tag` is the attribute of the original. `plain`: the
    value itself is ASCII, whatever its needles. `other`: it is another input's (`trees`).
    """

    kind: str
    text: str
    needles: tuple[bytes, ...]
    day: Day | None = None
    tag: int = 0
    plain: bool = False
    other: bool = False


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
