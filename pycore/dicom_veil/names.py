"""The tokens of a person's name (PS3.5 6.2.1): together, in either order, and word by word."""

from collections.abc import Iterator

from dicom_veil.common import placeholders
from dicom_veil.needles import Token, needles
from dicom_veil.notation import WORD, fold, spelled, squash, words, written
from dicom_veil.values import decode

BACKWARDS = 6  # letters of a name that is looked for in its mirror, too


def name_tokens(tag: int, text: str, raw: bytes, encodings: tuple[str, ...]) -> Iterator[Token]:
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
                    if len(folded) >= BACKWARDS and folded.isascii() and folded.isalpha():
                        yield _named("word", folded[::-1], tag, encodings)
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
