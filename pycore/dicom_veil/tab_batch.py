"""Methods of the tab about whole studies: the command line's names, journal, audit and DICOMDIR.

Nothing is remembered between calls, since any worker may be asked and any may die: the page holds
headers and gives them back by input number (`headers_of`). Only a DICOMDIR in the making stays in
its worker. What is large is imported by the first call.
"""

from collections.abc import Callable, Mapping
from io import BufferedReader
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol, cast

from dicom_veil import errors
from dicom_veil.identity import Identity
from dicom_veil.intake.header import Header, joined
from dicom_veil.profile import Profile
from dicom_veil.report import Row

if TYPE_CHECKING:
    from dicom_veil.batch.journal import Entry
    from dicom_veil.batch.media import Directory

Answer = tuple[dict[str, Any], list[Any]]


class Asked(Protocol):
    """One message, with what the worker was started with."""

    params: dict[str, Any]

    def identity(self) -> Identity: ...
    def profile(self) -> Profile: ...
    def content(self, at_once: int = ...) -> BufferedReader: ...
    def size(self) -> int: ...


def headers_of(asked: Asked) -> dict[int, Header]:
    """The headers that the page gives back, by input number.

    {common, numbers, of, uids, new_uids, places}: what series have in common, each once; then, of
    each instance, its number, which of `common` is its own, and the rest of what `split` gave.
    """
    given = asked.params["headers"]
    own = zip(given["of"], given["uids"], given["new_uids"], given["places"], strict=True)
    found = (joined(given["common"][of], *more) for of, *more in own)
    return dict(zip(map(int, given["numbers"]), found, strict=True))


def _layout(asked: Asked) -> "Callable[..., str]":
    from dicom_veil.batch.tree import media_name, tree_name

    return media_name if asked.params.get("layout") == "media" else tree_name


def _twice(asked: Asked) -> Answer:
    """Numbers of inputs that share a SOPInstanceUID; the page then asks for their `digest`."""
    from dicom_veil.intake.grouping import twice

    return {"groups": twice(headers_of(asked))}, []


def _digest(asked: Asked) -> Answer:
    """Size and SHA-256 of a file, which is never whole in memory."""
    from dicom_veil.storage import digest_of

    return digest_of(cast(BinaryIO, asked.content()))._asdict(), []


def _plan(asked: Asked) -> Answer:
    """A name for every output, in order; what is not written since it is there twice."""
    from dicom_veil.audit.baseline import devices
    from dicom_veil.batch.prepare import repeated
    from dicom_veil.batch.tree import names
    from dicom_veil.intake.grouping import ordered, twice

    headers = headers_of(asked)
    sums = {int(n): str(one) for n, one in asked.params["sums"].items()}
    refused = repeated(twice(headers), sums)
    kept = {number: one for number, one in headers.items() if number not in refused}
    found = names(ordered(kept, asked.identity()), kept, _layout(asked))
    return {
        "names": list(found.items()),
        "refused": {n: {"code": one.code, "message": one.reason} for n, one in refused.items()},
        "devices": devices(kept),
    }, []


def _made_with(asked: Asked) -> dict[str, str]:
    from dicom_veil.batch.journal import made_with

    pixels = str(asked.params.get("pixels", ""))
    return made_with(asked.profile(), asked.identity(), _layout(asked).__name__, pixels)


def _journal_write(asked: Asked) -> Answer:
    """Lines for a piece of the journal; `shapes`: how many treatments stand in earlier pieces."""
    from dicom_veil.batch.journal import Entry, Lines
    from dicom_veil.storage import Written

    lines = Lines(int(asked.params["shapes"]))
    text = [lines.header(_made_with(asked))] if asked.params["begin"] else []
    for row, uid in zip(rows_of(asked.params), asked.params["uids"], strict=True):
        written = Written(row["size"], row["sha256"])
        text.append(lines.entry(Entry(uid, row["file"], written, row)))
    return {"shapes": lines.shapes}, ["".join(text).encode("utf-8")]


def _journal_read(asked: Asked) -> Answer:
    """What an earlier run finished, by input number; raises `Usage` where it was another run."""
    from dicom_veil.batch.journal import entries_of, lines_of
    from dicom_veil.batch.run import link_of, numbered

    headers = headers_of(asked)
    names = {int(n): str(name) for n, name in asked.params["names"]}
    entries = entries_of(lines_of(asked.content()), _made_with(asked))
    by_uid = {headers[number].new_uid: number for number in names}
    found = [(numbered(entry, by_uid, names), entry) for entry in entries]
    links = [link_of(headers[n], asked.profile(), asked.identity()) for n, _entry in found]
    return {**_shared(found), "links": [list(one) for one in links]}, []


def _shared(found: "list[tuple[int, Entry]]") -> dict[str, Any]:
    """Rows that refer to their treatments by number, as the page holds them."""
    numbers: dict[int, int] = {}
    touched: list[Any] = []
    rows: list[dict[str, Any]] = []
    for number, entry in found:
        row: dict[str, Any] = {**entry.row, "number": number}
        mine = row.pop("touched")
        if id(mine) not in numbers:
            numbers[id(mine)] = len(touched)
            touched.append(mine)
        rows.append({**row, "shape": numbers[id(mine)]})
    return {"touched": touched, "rows": rows}


def rows_of(params: Mapping[str, Any]) -> list[Row]:
    """Report rows of the page, each with the very list of its treatment.

    {alike, of, numbers, files, sizes, sums}: what rows have in common, each once, with its `shape`
    among the treatments; then, of each row, which of `alike` is its own, and the rest of it.
    """
    touched, given = params.get("touched"), params["rows"]
    if touched is None:
        return list(given)
    alike = [{**one, "touched": touched[one["shape"]]} for one in given["alike"]]
    for one in alike:
        del one["shape"]
    names = ("number", "file", "size", "sha256")
    own = zip(*(given[name] for name in ("numbers", "files", "sizes", "sums")), strict=True)
    return [
        cast(Row, alike[of] | dict(zip(names, values, strict=True)))
        for of, values in zip(given["of"], own, strict=True)
    ]


def _audit(asked: Asked) -> Answer:
    """What a report says of a run as a whole."""
    from dicom_veil.batch.finish import audit
    from dicom_veil.batch.prepare import Batch
    from dicom_veil.batch.run import Outcome
    from dicom_veil.intake.questions import questions

    headers = headers_of(asked)
    batch = Batch(headers=headers, questions=questions(headers))
    rows = {int(row["number"]): cast(Row, row) for row in asked.params["rows"]}
    found = audit(batch, Outcome(rows=rows), asked.identity().label("sample", ""))
    if decisions := asked.params.get("decisions"):
        # What was answered takes the place of what the command line accepts.
        found |= {"questions": [], "decisions": decisions}
    return found, []


def _sums(asked: Asked) -> Answer:
    """SHA256SUMS out of names and SHA-256."""
    from dicom_veil.audit.manifest import sums

    return {}, [sums(asked.params["digests"]).encode("utf-8")]


_directory: "Directory | None" = None


def _directory_add(asked: Asked) -> Answer:
    """One result for the DICOMDIR; `first` begins another."""
    from dicom_veil.batch.media import Directory

    global _directory  # one in the making at a time, in this worker
    if asked.params["first"]:
        _directory = Directory()
    _begun().add(str(asked.params["name"]), cast(BinaryIO, asked.content()))
    return {}, []


def _directory_finish(asked: Asked) -> Answer:
    """The DICOMDIR; names of results that it cannot hold."""
    made = _begun().made(asked.identity())
    return {"without": list(made.without)}, [made.content]


def _begun() -> "Directory":
    """The DICOMDIR in the making; NoJob in a worker that has replaced the one that began it."""
    if _directory is None:
        raise errors.NoJob("The worker does not know this DICOMDIR any more.")
    return _directory


METHODS: dict[str, Callable[[Asked], Answer]] = {
    "batch_twice": _twice,
    "batch_plan": _plan,
    "batch_audit": _audit,
    "batch_sums": _sums,
    "digest": _digest,
    "journal_write": _journal_write,
    "journal_read": _journal_read,
    "directory_add": _directory_add,
    "directory_finish": _directory_finish,
}
