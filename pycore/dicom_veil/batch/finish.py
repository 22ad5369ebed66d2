"""After the last instance: the report, the way back, what was set aside, ZIP or DICOMDIR."""

import argparse
import csv
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

from dicom_veil.audit import baseline
from dicom_veil.audit.manifest import build, sums
from dicom_veil.audit.spot import METHOD, sample
from dicom_veil.batch.media import NAME as DIRECTORY
from dicom_veil.batch.media import directory
from dicom_veil.batch.packing import pack
from dicom_veil.batch.pictures import Pictures
from dicom_veil.batch.prepare import ACCOUNTED, Batch
from dicom_veil.batch.run import Outcome
from dicom_veil.batch.work import Refusal
from dicom_veil.errors import Usage, VeilError
from dicom_veil.exits import DONE, SOME_REFUSED
from dicom_veil.identity import Identity
from dicom_veil.intake.source import Reader
from dicom_veil.naming import called
from dicom_veil.paths import write_whole
from dicom_veil.patients import encrypted, links_csv
from dicom_veil.profile import Profile
from dicom_veil.report import report, state_of
from dicom_veil.report_forms import as_html, csv_lines
from dicom_veil.storage import joined, write

REPORT, SUMS = "report.json", "SHA256SUMS"


def report_form(path: Path | None) -> Callable[[str], Iterator[bytes]]:
    """What makes the form of report that a file's ending asks for, piece by piece."""
    ending = path.suffix if path else ".json"
    if ending == ".json":
        return lambda text: iter([text.encode("utf-8")])
    if ending == ".csv":
        return lambda text: (line.encode("utf-8") for line in csv_lines(json.loads(text)))
    if ending == ".html":
        return lambda text: iter([as_html(json.loads(text)).encode("utf-8")])
    raise Usage("A report ends in .json, .csv or .html.")


def name_of(batch: Batch, number: int, options: argparse.Namespace) -> str:
    """What an input is called in a message."""
    return called(number, len(batch.labels), batch.labels[number], options)


def say_refused(
    batch: Batch, refused: Mapping[int, Refusal], options: argparse.Namespace, said: int = 0
) -> int:
    """Names each refused input, after the first `said`, with its reason; answers how many."""
    for number, refusal in list(refused.items())[said:]:
        print(f"{name_of(batch, number, options)}: {refusal.reason}", file=sys.stderr)
    return len(refused)


def finish(
    options: argparse.Namespace, batch: Batch, outcome: Outcome, profile: Profile, secret: str,
    identity: Identity,
) -> int:  # fmt: skip
    """Writes what goes with the instances; answers with the exit status."""
    replace = options.force or options.resume
    pictures = outcome.pictures or Pictures()
    if outcome.stopped is None:
        text = report(
            [outcome.rows[number] for number in sorted(outcome.rows)],
            [outcome.refused[number].row(number) for number in sorted(outcome.refused)],
            profile,
            build(),
            audit(batch, outcome, identity.label("sample", "")),
        )
        digests = {batch.names[n]: one.sha256 for n, one in outcome.written.items()}
        digests |= pictures.digests()
        if options.dicomdir:
            digests[DIRECTORY] = _directory(options.output, batch, outcome, identity)
        digests[REPORT] = write(joined(options.output, REPORT), [text.encode("utf-8")]).sha256
        write(joined(options.output, SUMS), [sums(digests).encode("utf-8")])
        if options.report:
            write_whole(options.report, report_form(options.report)(text), force=replace)
        if options.zip is not None:
            tree = [one for number, name in batch.names.items() if number in outcome.rows
                    for one in (name, *pictures.files.get(number, ()))]  # fmt: skip
            made = pack(Path(options.output), [*tree, REPORT, SUMS], options.zip)
            print(f"Packed as {', '.join(made)}.", file=sys.stderr)
    if options.reidentification:
        content = encrypted(links_csv(outcome.links), secret)
        write_whole(options.reidentification, [content], force=replace)
    if options.quarantine:
        quarantine(options.quarantine, batch, outcome, options)
    return _say(batch, outcome)


def _directory(output: str, batch: Batch, outcome: Outcome, identity: Identity) -> str:
    """Writes the DICOMDIR; answers with its SHA-256."""
    names = [name for number, name in batch.names.items() if number in outcome.rows]
    made = directory(Path(output), names, identity)
    for name in made.without:
        print(f"{name}: No DICOMDIR record can be made for this kind of instance.", file=sys.stderr)
    return write(joined(output, DIRECTORY), [made.content]).sha256


def audit(batch: Batch, outcome: Outcome, seed: str) -> dict[str, Any]:
    """What the report says of the run as a whole; `seed` is what the spot check is drawn by."""
    strata = {n: (row.get("device", 0), row.get("modality", "")) for n, row in outcome.rows.items()}
    after = {number: batch.headers[number] for number in outcome.rows}
    return {
        "date": date.today().isoformat(),
        "baseline": {
            "before": baseline.counts(batch.headers.values()),
            "after": baseline.counts(after.values()),
        },
        "flagged": baseline.flagged(list(outcome.rows.values())),
        "questions": [
            {"kind": one.kind, "sentence": one.sentence(), "numbers": list(one.numbers),
             "pseudonyms": list(one.pseudonyms)}
            for one in batch.questions
        ],
        "sample": {
            "method": METHOD,
            "seed": seed,
            "numbers": list(sample(strata, seed)),
            "seen": [],
        },
        **({"pictures": outcome.pictures.told()} if outcome.pictures else {}),
    }  # fmt: skip


def _say(batch: Batch, outcome: Outcome) -> int:
    states = list(outcome.states().values())
    written, aside = states.count("written"), states.count("quarantined")
    more = f" ({outcome.resumed} of them before)" if outcome.resumed else ""
    out = f", {states.count('left out')} left out" if "left out" in states else ""
    print(f"{written} de-identified{more}, {aside} quarantined{out}.", file=sys.stderr)
    if outcome.pictures:
        print(outcome.pictures.sentence(), file=sys.stderr)
    if outcome.stopped is not None:
        left = len(batch.labels) - len(states)
        what = f"{left} inputs" if left else "Pictures"
        print(f"dicom-veil: {outcome.stopped} {what} are still to be done; what is "
              "finished is kept, --resume goes on.", file=sys.stderr)  # fmt: skip
        return SOME_REFUSED
    accounted = all(one.code in ACCOUNTED for one in outcome.refused.values())
    return DONE if accounted else SOME_REFUSED


def quarantine(folder: Path, batch: Batch, outcome: Outcome, options: argparse.Namespace) -> None:
    """A list of what was not written, for the person who has the files: it names their paths.

    With --quarantine-originals those files too, as they are, by number. They identify.
    """
    lines: list[tuple[object, ...]] = [("number", "state", "code", "reason", "where", "path")]
    for number, refusal in sorted(outcome.refused.items()):
        where = "; ".join(hit[0] for hit in refusal.hits)
        state = state_of(refusal.code)
        lines.append((number, state, refusal.code, refusal.reason, where, batch.labels[number]))
        if options.quarantine_originals and state == "quarantined":
            _copy(Path(folder, f"{number:05d}"), batch, number, options)
    table = StringIO()
    csv.writer(table, lineterminator="\r\n").writerows(lines)
    write(str(folder / "quarantine.csv"), [table.getvalue().encode("utf-8", "surrogateescape")])


def _copy(target: Path, batch: Batch, number: int, options: argparse.Namespace) -> None:
    try:
        with Reader() as reader, reader.opened(batch.sources[number]) as file:
            write(str(target), iter(lambda: file.read(1 << 20), b""))
    except VeilError as error:
        print(f"{name_of(batch, number, options)}: {error}", file=sys.stderr)
