"""Stage *verify*: the output's bytes against what identified in the original.

First a search over all bytes but those of pixels; it forgets boundaries, so that nothing is
missed, and in nearly every file it finds nothing. Only what it finds is looked up in the output,
read back as anybody would read it, and weighed (`weigh`). A hit names places, never a value.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from typing import BinaryIO, NamedTuple, cast

from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.filereader import _read_file_meta_info
from pydicom.tag import BaseTag

from dicom_veil.excess import excess
from dicom_veil.joined import Joined
from dicom_veil.needles import Token
from dicom_veil.notation import Day, day_needles, day_of, fold, squash
from dicom_veil.plan import Path, Plan, Step, is_sequence, path_text, vr_of_element
from dicom_veil.quiet import quietly
from dicom_veil.read import Instance, read
from dicom_veil.shorthand import time_of
from dicom_veil.standard import keyword_of
from dicom_veil.tokens import HEAD, Tokens
from dicom_veil.values import decode, encodings_of, items_of, raw_of
from dicom_veil.views import views
from dicom_veil.weigh import DATES, Place, counts
from dicom_veil.write import Part

TEXTUAL = frozenset({"AE", "AS", "CS", "DA", "DS", "DT", "IS", "LO", "LT", "PN", "SH", "ST", "TM",
                     "UC", "UI", "UR", "UT"})  # fmt: skip
PREAMBLE_BYTES = 128
# Methods after which the first day of a year or month says no more than year or month.
COARSE = frozenset({"year", "month", "birth-year", "date-parts"})
Steps = dict[tuple[Path, int], Step]
ABOVE_ASCII = bytes(range(128)) + b" " * 128


class Hit(NamedTuple):
    """Something of the original in the output: where, of what kind, and whose value it was.

    `where` is a place of the output; `attribute` the keyword or tag in the original, and that it
    is another's where it is (`trees`).
    """

    where: str
    kind: str
    attribute: str


def verify(
    instance: Instance, steps: Plan, parts: Sequence[Part], tokens: Tokens, name: str = "",
    rest: Iterable[tuple[str, bytes]] = (),
) -> tuple[Hit, ...]:  # fmt: skip
    """What of `tokens` the output `parts` of `instance` still holds; empty when it is clean.

    `name` is the output's own file name. Ranges of the input are pixel data that `codestream`
    has looked through, and `rest` is what it found there beside image; of native pixels, only
    what follows the last frame is searched.
    """
    with quietly():
        header = b"".join(part for part in parts if isinstance(part, bytes))
        found: list[Token] = []
        if instance.transfer_syntax == "1.2.840.10008.1.2.1.99":
            body = read(BytesIO(header)).body
            body.seek(0)
            found += candidates(body.read(), tokens)
        found += candidates(header + b" " + name.encode(), tokens)
        behind = (*excess(instance), *rest)
        for _where, content in behind:
            found += candidates(content, tokens)
        if not found:
            return ()
        output = cast(BinaryIO, Joined(parts, instance.body))
        extra = [place for where, content in behind for place in bytes_places(where, content)]
        return weighed(found, output, instance, steps, name, extra)


def candidates(data: bytes, tokens: Tokens, *, thorough: bool = False) -> list[Token]:
    """Tokens that may be in `data`: fast, and never misses one that is."""
    found = _search(squash(data), tokens)
    found += (
        token
        for token in tokens.short
        if thorough or any(needle in data for needle in token.needles)
    )
    for view in views(data, wide=tokens.wide, thorough=thorough):
        found += _search(squash(view), tokens)
    return found


def _search(squashed: bytes, tokens: Tokens) -> list[Token]:
    found = [
        token
        for needle in _likely(squashed, tokens)
        if needle in squashed
        for token in tokens.by_needle[needle]
    ]
    for year, days in tokens.days.items():
        if year in squashed:
            found += [
                token
                for day, token in days.items()
                if any(needle in squashed for needle in day_needles(day))
            ]
    return found


def _likely(squashed: bytes, tokens: Tokens) -> Iterable[bytes]:
    """The needles that may be there: of many, those whose first bytes are."""
    if not tokens.by_head:
        return tokens.by_needle
    heads = {squashed[at : at + HEAD] for at in range(len(squashed) - HEAD + 1)}
    begun = heads & tokens.by_head.keys()
    return (needle for head in (b"", *begun) for needle in tokens.by_head.get(head, ()))


def weighed(
    found: Iterable[Token],
    output: BinaryIO,
    instance: Instance,
    steps: Plan,
    name: str = "",
    extra: Iterable[Place] = (),
    *,
    thorough: bool = False,
) -> tuple[Hit, ...]:
    """Of the tokens `found`, those that count somewhere in `output`, with the place."""
    kept = _without_kept_dates(list(found), instance.dataset, steps)
    everywhere = (*places(output, instance, steps, thorough=thorough), *extra)
    return weighed_in(everywhere, kept, name)


def weighed_in(looked: Iterable[Place], found: Iterable[Token], name: str = "") -> tuple[Hit, ...]:
    """Of the tokens `found`, those that count in the places `looked` at or in the file's name."""
    suspects = tuple(dict.fromkeys(found))
    hits: dict[Hit, None] = {}
    for place in (*looked, *_name_places(name)):
        for token in suspects:
            if counts(token, place):
                hits[Hit(place.where, token.kind, _whose(token))] = None
    return tuple(hits)


def _whose(token: Token) -> str:
    return _attribute(token.tag) + (" of another input" if token.other else "")


def _attribute(tag: int) -> str:
    return keyword_of(tag) or f"({tag >> 16:04X},{tag & 0xFFFF:04X})"


def _without_kept_dates(found: list[Token], dataset: Dataset, steps: Plan) -> list[Token]:
    """Days and times that an attribute keeps by the plan identify nobody more elsewhere."""
    if all(token.day is None and token.kind != "time" for token in found):
        return found
    top = (step for step in steps if not step.path)
    methods = {step.tag: step.method for step in top}
    days: set[Day | None] = set()
    times: set[str | None] = set()
    for tag, element in dataset._dict.items():
        if vr_of_element(element) not in DATES:
            continue
        text = decode(raw_of(element, encodings_of(dataset)), ("latin-1",))
        if int(tag) not in methods:
            days.add(day_of(text))
        # Where a date is moved by whole days, its time of day stays.
        if methods.get(int(tag), "shift") == "shift":
            times.add(time_of(text))
    return [
        token
        for token in found
        if (token.day is None or token.day not in days)
        and (token.kind != "time" or token.text not in times)
    ]


class Compared(NamedTuple):
    """A value of the output beside the original's in the same place (see `weigh.Place`)."""

    unchanged: bool = False
    cleaned: bool = False
    coarse: bool = False
    day: Day | None = None


NOWHERE = Compared()


def _compared(raw: bytes, vr: str, before: Dataset | None, step: Step | None, tag: int) -> Compared:
    """`before`: the data set of the original; `step`: what the plan says of the attribute."""
    cleaned = step is not None and step.action == "C"
    element = None if before is None else before._dict.get(BaseTag(tag))
    if element is None or before is None or is_sequence(element):
        return Compared(cleaned=cleaned)
    old = raw_of(element, encodings_of(before))
    return Compared(
        unchanged=step is None and old.strip(b"\0 ") == raw.strip(b"\0 "),
        cleaned=cleaned,
        coarse=cleaned and step is not None and step.method.partition(":")[0] in COARSE,
        day=day_of(decode(old, ("latin-1",))) if vr in DATES else None,
    )


def places(
    output: BinaryIO, instance: Instance, steps: Plan, *, thorough: bool = False
) -> Iterator[Place]:
    """Every value of an output file but its pixels: preamble, file meta, all elements, the rest."""
    made = read(output)
    output.seek(0)
    yield from bytes_places("preamble", output.read(PREAMBLE_BYTES), thorough=thorough)
    by_place = {(step.path, step.tag): step for step in steps}
    yield from _walk(made.dataset, instance.dataset, (), by_place, thorough)
    yield from _meta_places(output, thorough)


def _meta_places(output: BinaryIO, thorough: bool) -> Iterator[Place]:
    for element in meta_of(output)._dict.values():
        where = f"file meta {_attribute(int(element.tag))}"
        value = raw_of(element, ("latin-1",))
        yield from _value_places(where, element, value, Dataset(), NOWHERE, thorough)


def meta_of(file: BinaryIO) -> Dataset:
    """The file meta information (PS3.10 7.1), which no `Instance` holds; empty without one."""
    for start in (PREAMBLE_BYTES, 0):
        file.seek(start)
        if file.read(4) == b"DICM":
            return _read_file_meta_info(file)
    return Dataset()


def _walk(
    dataset: Dataset, before: Dataset | None, path: Path, steps: Steps, thorough: bool
) -> Iterator[Place]:
    for tag, element in dataset._dict.items():
        if is_sequence(element):
            # Of a sequence that the plan removes nothing was meant to stay.
            gone = before is None or (path, int(tag)) in steps
            old = None if gone or before is None else before._dict.get(tag)
            old_items = () if old is None else items_of(old)
            for index, item in enumerate(items_of(element)):
                old_item = old_items[index] if index < len(old_items) else None
                inner = (*path, (int(tag), index))
                yield from _walk(item, old_item, inner, steps, thorough)
            continue
        raw = raw_of(element, encodings_of(dataset))
        if raw:
            vr = vr_of_element(element)
            step = steps.get((path, int(tag)))
            compared = _compared(raw, vr, before, step, int(tag))
            where = path_text(path, int(tag))
            yield from _value_places(where, element, raw, dataset, compared, thorough)


def _value_places(
    where: str,
    element: DataElement | RawDataElement,
    raw: bytes,
    dataset: Dataset,
    compared: Compared,
    thorough: bool,
) -> Iterator[Place]:
    vr, tag = vr_of_element(element), int(element.tag)
    if vr not in TEXTUAL:
        yield from bytes_places(where, raw, tag, vr, compared.unchanged, thorough=thorough)
        return
    text = fold(decode(raw, encodings_of(dataset)).replace("\0", ""))
    yield Place(where, tag, vr, text, squash(raw), False, *compared)
    for view in views(raw, wide=len(raw) > 7, thorough=thorough):
        yield _place(where, view, tag, vr, compared.unchanged, binary=True)


def bytes_places(
    where: str,
    raw: bytes,
    tag: int = 0,
    vr: str = "UN",
    unchanged: bool = False,
    *,
    thorough: bool = False,
) -> Iterator[Place]:
    """A value without a character set, read as Latin-1, as UTF-8, and in every hidden form."""
    yield _place(where, raw, tag, vr, unchanged, binary=True)
    for view in views(raw, wide=True, thorough=thorough):
        yield _place(where, view, tag, vr, unchanged, binary=True)


def _place(where: str, raw: bytes, tag: int, vr: str, unchanged: bool, *, binary: bool) -> Place:
    readable = raw.rstrip(b"\0 ")
    try:
        text, plain = readable.decode("utf-8"), True
    except UnicodeDecodeError:
        text, plain = readable.decode("latin-1"), False
    binary = binary and not (plain and text.isprintable())
    # UTF-16 without its NULs; what NULs separated stays apart.
    folded = fold(text)
    if "\0" in folded:
        folded = f"{folded}\n{_without_nuls(folded)}"
    if not plain:
        # Among bytes that are no text, those above ASCII are no letters beside a word either.
        folded += "\n" + readable.translate(ABOVE_ASCII).decode("ascii").lower()
    return Place(where, tag, vr, folded, squash(raw), binary, unchanged)


def _without_nuls(text: str) -> str:
    """UTF-16 read as single bytes, with what two NULs or more separate kept apart."""
    return re.sub("\0{2,}", "\n", text).replace("\0", "")


def _name_places(name: str) -> Iterator[Place]:
    if name:
        yield _place("file name", name.encode("utf-8", "replace"), 0, "LO", False, binary=False)
