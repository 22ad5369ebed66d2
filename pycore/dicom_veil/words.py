"""Words made comparable: `MÜLLER`, `Müller` and `muller` are one word."""

import unicodedata
from functools import lru_cache

# Letters that Unicode does not take apart into a base letter and a mark.
PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"}
)
SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})


@lru_cache(maxsize=8192)
def fold(word: str) -> str:
    """A word without case, diacritics and typographic width.

    >>> fold("SCHÄDEL"), fold("Ｓtraße")
    ('schadel', 'strasse')
    """
    if word.isascii():
        return word.lower()
    apart = unicodedata.normalize("NFKD", word).casefold().translate(PLAIN)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def spellings(word: str) -> set[str]:
    """The folded forms under which a word may be met: umlauts dropped, or spelled out."""
    composed = unicodedata.normalize("NFKC", word).casefold()
    return {fold(word), fold(composed.translate(SPELLED_OUT))}
