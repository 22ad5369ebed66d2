"""The plan through the workers: every input ends as written, quarantined or left out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from dicom_veil.audit.baseline import devices
from dicom_veil.batch.journal import Entry, Journal, Rows
from dicom_veil.batch.pictures import Pictures
from dicom_veil.batch.prepare import Batch, Executor, Progress
from dicom_veil.batch.work import Deidentify, Digest, Done, Job, Refusal
from dicom_veil.errors import CannotWrite, Usage, VeilError
from dicom_veil.identity import Identity
from dicom_veil.intake.header import Header
from dicom_veil.patients import Link
from dicom_veil.profile import Profile
from dicom_veil.redact.search import PixelPlan
from dicom_veil.report import Row, state_of
from dicom_veil.storage import Written, joined


@dataclass
class Outcome:
    """What became of every input, by number; `links` alone hold original values.

    `stopped`: why the run ended before its end, if it did. `pictures`: if they were asked for.
    """

    rows: dict[int, Row] = field(default_factory=dict)
    written: dict[int, Written] = field(default_factory=dict)
    refused: dict[int, Refusal] = field(default_factory=dict)
    links: dict[Link, None] = field(default_factory=dict)
    resumed: int = 0
    stopped: VeilError | None = None
    pictures: Pictures | None = None

    def states(self) -> dict[int, str]:
        """`written`, `quarantined` or `left out` of every input that has come to an end."""
        ends = {number: state_of(one.code) for number, one in self.refused.items()}
        return {**dict.fromkeys(self.rows, "written"), **ends}


def perform(
    batch: Batch, output: str, profile: Profile, identity: Identity, journal: Journal,
    executor: Executor, *, finished: list[Entry], pixels: PixelPlan | None = None,
    progress: Progress = lambda _what, answers, _count, _size: answers,
) -> Outcome:  # fmt: skip
    """Writes what the plan says, but not again what is `finished` and still as it was.

    Ends early, with what is finished kept, when the output cannot be written any more.
    """
    outcome = Outcome(refused=dict(batch.refused))
    done = _still_there(batch, output, finished, executor)
    try:
        journal.begin(done.values())
    except CannotWrite as error:
        raise Usage(str(error)) from None  # nothing was done
    for number, entry in done.items():
        outcome.rows[number] = {**entry.row, "number": number}
        outcome.written[number] = entry.written
        outcome.links[link_of(batch.headers[number], profile, identity)] = None
    outcome.resumed = len(done)
    jobs = [
        Job(number, batch.sources[number], joined(output, name))
        for number, name in batch.names.items()
        if number not in done
    ]
    size = sum(job.source.size for job in jobs)
    answers = progress("De-identifying", executor(Deidentify(profile, identity, pixels), jobs),
                       len(jobs), size)  # fmt: skip
    rows, device = Rows(), devices(batch.headers)
    try:
        for job, answer in answers:
            if isinstance(answer, Done):
                answer.row["device"] = device[job.number]
                answer.row["size"], answer.row["sha256"] = answer.written
            _take(job, answer, batch, outcome, journal, rows)
    except CannotWrite as error:
        outcome.stopped = error
    return outcome


def _take(
    job: Job, answer: Done | Refusal, batch: Batch, outcome: Outcome, journal: Journal, rows: Rows
) -> None:
    if isinstance(answer, Refusal):
        if answer.code == CannotWrite.code:
            raise CannotWrite(answer.reason)
        outcome.refused[job.number] = answer
        return
    name, row = batch.names[job.number], rows.shared(answer.row)
    row["file"] = name
    journal.add(Entry(batch.headers[job.number].new_uid, name, answer.written, row))
    outcome.rows[job.number], outcome.written[job.number] = row, answer.written
    outcome.links[answer.link] = None


def link_of(header: Header, profile: Profile, identity: Identity) -> Link:
    """The way back of an instance that an earlier run wrote."""
    kept = "retain_uids" in profile.options
    new = header.study if kept else identity.uid(header.study) if header.study else ""
    return Link(header.patient_id, header.patient_name, header.pseudonym, header.study, new)


def numbered(entry: Entry, by_uid: Mapping[str, int], names: Mapping[int, str]) -> int:
    """The input that was finished; raises `Usage` where there is none of its UID and name."""
    number = by_uid.get(entry.uid)
    if number is None or names[number] != entry.name:
        raise Usage(
            "The inputs are not those that the output was begun with, so it cannot be "
            "resumed; --force begins anew, or choose another output."
        )
    return number


def _still_there(
    batch: Batch, output: str, finished: list[Entry], executor: Executor
) -> dict[int, Entry]:
    """Which of the finished outputs are there with the bytes that they had, by input number."""
    by_uid = {batch.headers[number].new_uid: number for number in batch.names}
    entries: dict[int, Entry] = {}
    for entry in finished:
        entries[numbered(entry, by_uid, batch.names)] = entry
    jobs = [Job(n, batch.sources[n], joined(output, one.name)) for n, one in entries.items()]
    answers: Iterator[tuple[Job, Written | Refusal]] = executor(Digest(), jobs)
    return {
        job.number: entries[job.number]
        for job, answer in answers
        if answer == entries[job.number].written
    }
