"""What a run has finished, line by line, beside its output: how an interrupted one goes on.

`.veil-journal.jsonl` (in a store that cannot append: pieces `.veil-journal/n.jsonl`) begins with
what the run was made with; then, for each instance, its keyed UID, the output's name, size and
SHA-256, and its report row. No original value is in it: its UIDs are made with the key.
"""

import json
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple, cast

from dicom_veil import __version__
from dicom_veil.errors import CannotWrite, Damaged, Usage
from dicom_veil.identity import Identity
from dicom_veil.profile import Profile, profile_json
from dicom_veil.report import Row, Touched
from dicom_veil.storage import (
    Written,
    exists,
    files_below,
    is_url,
    joined,
    reading,
    reason,
    write,
)

NAME, FOLDER = ".veil-journal.jsonl", ".veil-journal"
AT_ONCE = 200


class Entry(NamedTuple):
    """One finished instance."""

    uid: str
    name: str
    written: Written
    row: Row


def made_with(
    profile: Profile, identity: Identity, layout: str, pixels: str = ""
) -> dict[str, str]:
    """What has to be the same for a run to go on: edition, profile, key and names of outputs.

    `pixels`: the plan for the pixels, if there is one, as one text.
    """
    settings = json.dumps(profile_json(profile), sort_keys=True)
    return {
        "version": __version__,
        "profile": sha256(settings.encode("utf-8")).hexdigest(),
        "key": identity.label("journal", settings),
        "layout": layout,
        **({"pixels": sha256(pixels.encode("utf-8")).hexdigest()} if pixels else {}),
    }


class Rows:
    """Rows that share what they have in common: slices of a series are treated alike."""

    def __init__(self) -> None:
        self._shapes: dict[bytes, list[Touched]] = {}

    def shared(self, row: Row) -> Row:
        """`row`, its `touched` the very list of an earlier row where it is equal."""
        key = sha256(json.dumps(row["touched"], sort_keys=True).encode("utf-8")).digest()
        row["touched"] = self._shapes.setdefault(key, row["touched"])
        return row


class Lines:
    """What stands in a journal; a treatment that instances share stands before the first of them.

    `shapes`: how many treatments stand there already.
    """

    def __init__(self, shapes: int = 0) -> None:
        self.shapes = shapes
        self._numbers: dict[int, int] = {}
        self._kept: list[list[Touched]] = []

    def header(self, header: dict[str, str]) -> str:
        """What comes first."""
        return _line({"journal": 1, **header})

    def entry(self, entry: Entry) -> str:
        """A finished instance; its row's `touched` is known by its identity (`Rows`)."""
        row: dict[str, Any] = {**entry.row}
        touched, lines = row.pop("touched"), ""
        if id(touched) not in self._numbers:
            self._numbers[id(touched)] = self.shapes
            self.shapes += 1
            self._kept.append(touched)  # so that its id stays its own
            lines = _line({"touched": touched})
        return lines + _line(
            {"uid": entry.uid, "name": entry.name, "written": list(entry.written),
             "shape": self._numbers[id(touched)], "row": row}
        )  # fmt: skip


def _line(line: dict[str, Any]) -> str:
    return json.dumps(line, ensure_ascii=False) + "\n"


def lines_of(file: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """Every whole line; the last one may have been cut off when the run was ended."""
    for line in file:
        try:
            yield json.loads(line)
        except ValueError:
            if not line.endswith(b"\n"):
                break
            raise Damaged("The journal of the output is damaged.") from None


def entries_of(lines: Iterator[dict[str, Any]], header: dict[str, str]) -> list[Entry]:
    """What an earlier run finished; raises `Usage` where it was another kind of run."""
    if next(lines, None) != {"journal": 1, **header}:
        raise Usage(
            "The output was begun with another key, profile or version; it can only be "
            "resumed with the same."
        )
    rows = Rows()
    shapes: list[list[Touched]] = []
    found: dict[str, Entry] = {}
    for line in lines:
        if "touched" in line:
            shapes.append(line["touched"])
            continue
        row = rows.shared(cast(Row, {**line["row"], "touched": shapes[line["shape"]]}))
        found[line["uid"]] = Entry(line["uid"], line["name"], Written(*line["written"]), row)
    return list(found.values())


class Journal:
    """The journal of one output; `entries` if it goes on, `begin`, then `add`, at last `close`."""

    def __init__(self, output: str, header: dict[str, str]) -> None:
        self._output, self._header = output, header
        self._writer = Lines()
        self._lines: list[str] = []
        self._pieces = 0
        self._file: Any = None

    def is_there(self) -> bool:
        """Whether an earlier run left one."""
        name = f"{FOLDER}/00000001.jsonl" if is_url(self._output) else NAME
        return exists(joined(self._output, name))

    def entries(self) -> list[Entry]:
        """What an earlier run finished; raises `Usage` where it was another kind of run."""
        return entries_of(self._read(), self._header)

    def names(self) -> list[str]:
        """Names of all outputs that an earlier run finished, whatever it was made with."""
        return [line["name"] for line in self._read() if "name" in line]

    def begin(self, finished: Iterable[Entry] = ()) -> None:
        """Begins anew, in the place of an earlier journal, with what is `finished` already."""
        self._lines.append(self._writer.header(self._header))
        self._lines.extend(map(self._writer.entry, finished))
        content = "".join(self._lines).encode("utf-8")
        self._lines = []
        if not is_url(self._output):
            write(self._path(), [content])
            return
        later = self._places()[1:]
        write(joined(self._output, f"{FOLDER}/{1:08d}.jsonl"), [content])
        self._pieces = 1
        for place in later:
            write(place, [b""])

    def add(self, entry: Entry) -> None:
        """One more finished instance."""
        self._lines.append(self._writer.entry(entry))
        if not is_url(self._output) or len(self._lines) >= AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Gives what is waiting to the system; raises `CannotWrite`."""
        content = "".join(self._lines).encode("utf-8")
        self._lines = []
        if not content:
            return
        if is_url(self._output):
            self._pieces += 1
            write(joined(self._output, f"{FOLDER}/{self._pieces:08d}.jsonl"), [content])
            return
        try:
            if self._file is None:
                self._file = Path(self._path()).open("ab", buffering=0)  # noqa: SIM115
            self._file.write(content)
        except OSError as error:
            raise CannotWrite(f"The output cannot be written: {reason(error)}.") from None

    def close(self) -> None:
        try:
            self.flush()
        finally:
            if self._file is not None:
                self._file.close()

    def _path(self) -> str:
        return joined(self._output, NAME)

    def _places(self) -> list[str]:
        folder = joined(self._output, FOLDER)
        if not is_url(self._output):
            return [self._path()]
        return list(files_below(folder)) if exists(folder) else []

    def _read(self) -> Iterator[dict[str, Any]]:
        for place in self._places():
            with reading(place) as file:
                yield from lines_of(file)
