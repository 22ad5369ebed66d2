"""What a worker does with one input: a task is begun once per worker, then asked job by job.

Tasks, jobs and answers travel between processes and machines; a refusal travels as plain data.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeVar

from dicom_veil.audit.baseline import describe
from dicom_veil.deidentify import deidentify_instance
from dicom_veil.errors import Quarantined, VeilError
from dicom_veil.identity import Identity
from dicom_veil.intake.find import checked
from dicom_veil.intake.header import Header, header_of
from dicom_veil.intake.source import Reader, Source
from dicom_veil.patients import Link
from dicom_veil.profile import Profile
from dicom_veil.read import read
from dicom_veil.redact.search import PixelPlan, Search
from dicom_veil.report import Hit, RefusedRow, Row
from dicom_veil.storage import Written, digest_of, write

Alive = Callable[[], None]


class Job(NamedTuple):
    """One input by its number; `target` is where its result goes, if it has one."""

    number: int
    source: Source
    target: str = ""


class Refusal(NamedTuple):
    """Why there is no answer: a `VeilError` as plain data."""

    code: str
    reason: str
    hits: tuple[tuple[str, str], ...] = ()

    def row(self, number: int) -> RefusedRow:
        row: RefusedRow = {"number": number, "code": self.code, "reason": self.reason}
        if self.hits:
            row["hits"] = [Hit(where=where, kind=kind) for where, kind in self.hits]
        return row


class Done(NamedTuple):
    """One instance that was written; `link` alone holds original values."""

    row: Row
    written: Written
    link: Link


Answer = TypeVar("Answer", covariant=True)
Handler = Callable[[Job, Alive], Answer]


class Task(Protocol[Answer]):
    """What is to be done; `begin` is called in the worker."""

    def begin(self) -> Handler[Answer]: ...


def refusal_of(error: Exception) -> Refusal:
    """An error for the journey; of one that nobody foresaw only its kind: it may quote values."""
    if not isinstance(error, VeilError):
        kind = type(error).__name__
        return Refusal("internal", f"Something went wrong that nobody foresaw ({kind}).")
    hits = tuple(hit[:2] for hit in error.hits) if isinstance(error, Quarantined) else ()
    return Refusal(error.code, str(error), hits)


@dataclass(frozen=True)
class Survey:
    """Reads headers; no pixel is read where the input lies by itself."""

    identity: Identity

    def begin(self) -> Handler[Header]:
        reader = Reader()

        def survey(job: Job, _alive: Alive) -> Header:
            checked(reader, job.source)
            with reader.opened(job.source) as file:
                return header_of(read(file), self.identity)

        return survey


@dataclass(frozen=True)
class Digest:
    """SHA-256 of inputs, or, where there is one, of outputs."""

    def begin(self) -> Handler[Written]:
        reader = Reader()

        def digest(job: Job, alive: Alive) -> Written:
            if job.target:
                return digest_of(job.target, alive)
            with reader.opened(job.source) as file:
                return digest_of(file, alive)

        return digest


@dataclass(frozen=True)
class Deidentify:
    """Reads, searches pixels where a plan for them is given, de-identifies, verifies, writes."""

    profile: Profile
    identity: Identity
    pixels: PixelPlan | None = None

    def begin(self) -> Handler[Done]:
        reader = Reader()
        search = Search(self.pixels) if self.pixels else None

        def deidentify(job: Job, alive: Alive) -> Done:
            with reader.opened(job.source, whole=True) as file:
                instance = read(file)
                alive()
                cleaning = search.cleaning(instance, alive) if search else None
                done = deidentify_instance(
                    instance, self.profile, self.identity, job.number, cleaning
                )
                describe(done.row, instance, done.treatment)
                alive()
                written = write(job.target, done.stream(instance), alive)
            return Done(done.row, written, done.link)

        return deidentify
