"""The output of any program against its input: `dicom-veil verify OUTPUT --against INPUT`.

Nothing is known of how the output was made, so more is looked for than in an output of our own:
what the file meta information and the preamble held, comments inside compressed pixels, and
hashes that anybody can compute again.
"""

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from hashlib import md5, sha1, sha256, sha512
from typing import BinaryIO

from pydicom.dataset import Dataset
from pydicom.tag import Tag

from dicom_veil.codestream import looked, segments
from dicom_veil.decoded import value_of
from dicom_veil.errors import NotDicom
from dicom_veil.excess import excess
from dicom_veil.needles import Token
from dicom_veil.notation import squash
from dicom_veil.others import without_own
from dicom_veil.plan import plan
from dicom_veil.profile import Profile
from dicom_veil.quiet import quietly
from dicom_veil.read import Instance, read
from dicom_veil.tokens import Tokens, element_tokens, step_tokens, tokens_of
from dicom_veil.value_tokens import value_tokens
from dicom_veil.values import Level
from dicom_veil.verify import (
    PREAMBLE_BYTES,
    Hit,
    bytes_places,
    candidates,
    meta_of,
    weighed,
    weighed_in,
)
from dicom_veil.weigh import Place

# Name the program that wrote a file, not a person or a place: both sides may use the same.
PROGRAM = frozenset({0x00020012, 0x00020013})
# Comments that encoders write into every codestream.
ENCODER = re.compile(rb"(?i)kakadu|openjpeg|jasper|lead tech|libjpeg|lavc|gdcm|adobe|aware")
HASHED = ("PatientName", "PatientID", "AccessionNumber", "StudyInstanceUID", "SeriesInstanceUID",
          "SOPInstanceUID")  # fmt: skip
HERE = Level(Dataset(), ("latin-1",))
HEX_DIGITS, DECIMAL_DIGITS, BASE64_LETTERS = 16, 16, 14


def verify_files(
    output: BinaryIO,
    source: BinaryIO,
    profile: Profile,
    name: str = "",
    others: Tokens | None = None,
) -> tuple[Hit, ...]:
    """What of the input `source` its de-identified `output` still holds, by the rules of

    `profile`. `name` is the output's file name, `others` are tokens of other inputs,
    looked for in an instance as well (`others`). An output that is no DICOM (a table, a picture,
    a report) is searched as bytes. Raises `VeilError` where either cannot be read.
    """
    with quietly():
        instance = read(source)
        steps = plan(instance, profile)
        tokens = tokens_of(
            instance, steps, (*file_tokens(instance, source), *hash_tokens(instance))
        )
        try:
            made = read(output)
        except NotDicom:
            return verify_bytes(output, tokens, name)
        beside = _beside(made)
        found = _suspects(made, output, beside, tokens, name)
        if others is not None:
            found += without_own(_suspects(made, output, beside, others, name), tokens)
        if not found:
            return ()
        extra = _places_of(beside)
        return weighed(found, output, instance, steps, name, extra, thorough=True)


def verify_others(
    output: BinaryIO, profile: Profile, others: Tokens, name: str = ""
) -> tuple[Hit, ...]:
    """What an instance whose input nobody knows holds of any: what `profile` keeps is taken for its

    own. Raises `VeilError` where it cannot be read.
    """
    with quietly():
        made = read(output)
        beside = _beside(made)
        found = _suspects(made, output, beside, others, name)
        if not found:
            return ()
        steps = plan(made, profile)
        return weighed(found, output, made, steps, name, _places_of(beside), thorough=True)


def _beside(made: Instance) -> tuple[tuple[str, bytes], ...]:
    return (*segments(made), *looked(made).rest, *excess(made))


def _places_of(beside: Iterable[tuple[str, bytes]]) -> list[Place]:
    return [
        place for where, content in beside for place in bytes_places(where, content, thorough=True)
    ]


def suspects(output: BinaryIO, tokens: Tokens, name: str = "") -> list[Token]:
    """Of `tokens`, whosever they are, those that an instance may hold: none is missed."""
    made = read(output)
    return _suspects(made, output, _beside(made), tokens, name)


def _suspects(
    made: Instance, output: BinaryIO, beside: Iterable[tuple[str, bytes]], tokens: Tokens, name: str
) -> list[Token]:
    found = candidates(name.encode("utf-8", "replace"), tokens, thorough=True)
    for content in (_outside_pixels(made, output), *(content for _where, content in beside)):
        found += candidates(content, tokens, thorough=True)
    return found


def verify_bytes(output: BinaryIO, tokens: Tokens, name: str) -> tuple[Hit, ...]:
    """What of `tokens` a file that is no instance holds, or its name."""
    output.seek(0)
    content = output.read()
    found = candidates(content + b" " + name.encode("utf-8", "replace"), tokens, thorough=True)
    return weighed_in(bytes_places("the file", content, vr="UT", thorough=True), found, name)


def _outside_pixels(made: Instance, output: BinaryIO) -> bytes:
    """All bytes of a file but those of its pixels; of a deflated one, inflated."""
    pieces = []
    for stream in {id(output): output, id(made.body): made.body}.values():
        stream.seek(0)
        if made.pixels is None or stream is not made.body:
            # Of a deflated file only what stands before its data set can be read as it is.
            pieces.append(stream.read() if stream is made.body else stream.read(4096))
            continue
        pieces.append(stream.read(made.pixels.offset))
        stream.seek(made.pixels.element_end)
        pieces.append(stream.read())
    return b" ".join(pieces)


def identifying_tokens(
    instance: Instance, source: BinaryIO, profile: Profile
) -> Iterator[Token]:  # fmt: skip
    """All that an input identifies by, wherever it says it."""
    yield from step_tokens(instance.dataset, plan(instance, profile))
    yield from file_tokens(instance, source)
    yield from hash_tokens(instance)


def file_tokens(instance: Instance, source: BinaryIO) -> Iterator[Token]:
    """What the input says outside its data set: preamble, file meta, comments in pixels."""
    source.seek(0)
    preamble = source.read(PREAMBLE_BYTES)
    meta = meta_of(source)
    if meta:
        yield from value_tokens("blob", 0, preamble.strip(b"\0"), ("latin-1",))
    for tag, element in meta._dict.items():
        if tag not in PROGRAM:
            yield from element_tokens(element, HERE)
    for _where, content in (*segments(instance), *excess(instance)):
        if not ENCODER.search(content):
            yield from value_tokens("blob", 0, content.strip(b"\0"), ("latin-1",))


def hash_tokens(instance: Instance) -> Iterator[Token]:
    """Hashes without a key of what identifies, as other programs write them.

    Hexadecimal, decimal (UIDs, CTP's @hash) and base 64; the first characters are enough.
    """
    for keyword in HASHED:
        text = str(value_of(instance.dataset, keyword) or "").strip("\0 ")
        if not text:
            continue
        forms: set[bytes] = set()
        for one in {text, text.upper(), text.lower()}:
            for algorithm in (md5, sha1, sha256, sha512):
                digest = algorithm(one.encode("utf-8"), usedforsecurity=False).digest()
                forms.add(digest.hex()[:HEX_DIGITS].encode())
                forms.add(str(int.from_bytes(digest, "big"))[:DECIMAL_DIGITS].encode())
                forms.add(squash(b64encode(digest))[:BASE64_LETTERS])
        yield Token("hash", "", tuple(sorted(forms)), None, int(Tag(keyword)))
