"""A tree of outputs against the inputs that they were made of (`verify OUT --against IN`).

Nobody says which output is of which input, since any program may have made them: one that has the
same pixels is. An output whose pixels were changed, or that has none, is held against every input
that has no output yet and of which it may hold something. In every one the patients of all inputs
are looked for (`others`). What is no DICOM (a report, a table, a DICOMDIR) is searched for what
identifies in any of them.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from pathlib import Path, PurePath
from typing import BinaryIO, NamedTuple

from dicom_veil.against import (
    identifying_tokens,
    suspects,
    verify_bytes,
    verify_files,
    verify_others,
)
from dicom_veil.attributes import whole
from dicom_veil.batch.tree import COUNTED
from dicom_veil.errors import VeilError
from dicom_veil.intake.find import Found, find
from dicom_veil.intake.source import Reader
from dicom_veil.needles import Token
from dicom_veil.others import says_who
from dicom_veil.profile import Profile
from dicom_veil.quiet import quietly
from dicom_veil.read import Instance, read
from dicom_veil.tokens import Tokens, tokens_of
from dicom_veil.verify import Hit

PIECE = 1 << 20
COUNTED_BYTES = re.compile(COUNTED.pattern.encode("ascii"))


class Looked(NamedTuple):
    """What was found in one output, of `place`; `error`: why it could not be looked into.

    `alone`: its input could not be told from the others.
    """

    place: str
    hits: tuple[Hit, ...] = ()
    error: str = ""
    alone: bool = False


@dataclass
class Inputs:
    """The originals. `by_pixels`, `owners`: their places in `found` by what their pixels are, and

    by what finds what they identify by. `people`: what says who their patients are.
    """

    found: list[Found]
    by_pixels: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    readable: list[int] = field(default_factory=list)
    numbers: dict[int, int | None] = field(default_factory=dict)
    tokens: dict[Token, None] = field(default_factory=dict)
    people: dict[tuple[str, object], Token] = field(default_factory=dict)
    owners: dict[object, set[int]] = field(default_factory=lambda: defaultdict(set))

    def taken(self, pixels: str, number: int | None) -> int | None:
        """The input of these pixels, given out once; of several that one of the same number."""
        several = self.by_pixels.get(pixels, [])
        if not several:
            return None
        same = [one for one in several if self.numbers[one] == number]
        chosen = (same or several)[0]
        several.remove(chosen)
        return chosen


def verify_trees(output: Path, against: Path, profile: Profile) -> Iterator[Looked]:
    """Every file below `output`, in the order of names, held against the inputs below `against`.

    Raises `VeilError` where there is no input that can be read. No pixel is looked at: text in
    pixels is what `scan` finds.
    """
    reader = Reader()
    try:
        with quietly():
            inputs = _inputs(list(find([str(against)])), reader, profile)
            yield from _all(list(find([str(output)])), output, inputs, reader, profile)
    finally:
        reader.close()


def _inputs(found: list[Found], reader: Reader, profile: Profile) -> Inputs:
    inputs = Inputs(found)
    for at, one in enumerate(found):
        if one.error is not None:
            continue
        try:
            with reader.opened(one.source, whole=True) as file:
                instance = read(file)
                for token in identifying_tokens(instance, file, profile):
                    inputs.tokens[token] = None
                    for key in _keys(token):
                        inputs.owners[key].add(at)
                    if says_who(token):
                        for key in _keys(token):
                            inputs.people.setdefault((token.kind, key), token._replace(other=True))
                inputs.by_pixels[_pixels_of(instance)].append(at)
                inputs.numbers[at] = whole(instance.dataset, "InstanceNumber")
        except VeilError:
            continue  # what can't be read is no original of anything
        inputs.readable.append(at)
    if not inputs.readable:
        raise VeilError("There is no input that can be read.")
    return inputs


def _keys(token: Token) -> tuple[object, ...]:
    """Of tokens that are found alike one stands for all, whatever attributes they are of."""
    return (token.day,) if token.day is not None else token.needles


def _pixels_of(instance: Instance) -> str:
    """SHA-256 of the pixel element's value; empty where there is none."""
    pixels = instance.pixels
    if pixels is None or not pixels.length:
        return ""
    found = sha256(str(instance.transfer_syntax).encode())
    instance.body.seek(pixels.offset)
    left = pixels.length
    while left and (piece := instance.body.read(min(left, PIECE))):
        found.update(piece)
        left -= len(piece)
    return found.hexdigest()


def _all(
    outputs: Sequence[Found], root: Path, inputs: Inputs, reader: Reader, profile: Profile
) -> Iterator[Looked]:
    mine: dict[int, int | None] = {}
    for at, one in enumerate(outputs):
        try:
            with reader.opened(one.source, whole=True) as file:
                made = read(file)
                pixels = _pixels_of(made)
                number = whole(made.dataset, "InstanceNumber")
                mine[at] = inputs.taken(pixels, number) if pixels else None
        except VeilError:
            continue  # searched as bytes
    given = {one for one in mine.values() if one is not None}
    rest = [at for at in inputs.readable if at not in given] or inputs.readable
    with reader.opened(inputs.found[inputs.readable[0]].source) as file:
        first = read(file)
        everything = tokens_of(first, (), inputs.tokens)
        people = tokens_of(first, (), dict.fromkeys(inputs.people.values()))
    for at, one in enumerate(outputs):
        yield _looked(at, one, root, inputs, reader, profile, mine, rest, everything, people)


def _looked(
    at: int, one: Found, root: Path, inputs: Inputs, reader: Reader, profile: Profile,
    mine: dict[int, int | None], rest: list[int], everything: Tokens, people: Tokens,
) -> Looked:  # fmt: skip
    place, name = one.label, _name(one, root)
    try:
        with reader.opened(one.source, whole=True) as file:
            if at not in mine:
                content = COUNTED_BYTES.sub(b"", file.read())
                return Looked(place, verify_bytes(BytesIO(content), everything, name))
            own = mine[at]
            held = [own] if own is not None else []
            if own is None:
                found = suspects(file, everything, name)
                keys = (key for token in found for key in _keys(token))
                owners = set().union(*(inputs.owners[key] for key in keys))
                held = [one for one in rest if one in owners]
            hits: dict[Hit, None] = {}
            for number in held:
                others = people if number == own else None
                these = _hits(file, inputs.found[number], profile, name, others)
                hits.update(dict.fromkeys(these))
            if own is None:
                told = {(hit.where, hit.kind) for hit in hits}
                these = verify_others(file, profile, people, name)
                hits.update((hit, None) for hit in these if (hit.where, hit.kind) not in told)
            return Looked(place, tuple(hits), alone=own is None)
    except VeilError as error:
        return Looked(place, error=str(error))


def _hits(
    file: BinaryIO, original: Found, profile: Profile, name: str, others: Tokens | None
) -> tuple[Hit, ...]:
    file.seek(0)
    # Of its own: the reader keeps one archive open, and the output may lie in another.
    with Reader() as reader, reader.opened(original.source, whole=True) as source:
        return verify_files(file, source, profile, name, others)


def _name(one: Found, root: Path) -> str:
    """The output's path below the tree; what a member of an archive is called is not known."""
    if one.source.at is not None:
        return ""
    path = PurePath(one.source.place)
    below = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    return COUNTED.sub("", below)
