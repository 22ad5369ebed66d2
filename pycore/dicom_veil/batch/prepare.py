"""The whole plan of a run before a byte is written: what there is, what it becomes, what is asked.

`prepare` reads every header (on the workers), leaves out what is no instance or there twice, and
gives every output its name. Numbers count the inputs from 1 in the order in which they are found.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from dicom_veil.batch.tree import Namer, names
from dicom_veil.batch.work import Digest, Job, Refusal, Survey, Task, refusal_of
from dicom_veil.identity import Identity
from dicom_veil.intake.find import Found
from dicom_veil.intake.grouping import ordered, same, twice
from dicom_veil.intake.header import Header
from dicom_veil.intake.questions import Question, questions
from dicom_veil.intake.source import Source
from dicom_veil.report import state_of

# Nothing is lost with these: nobody has to look at them.
ACCOUNTED = frozenset({"directory", "repeated"})


class Executor(Protocol):
    """How jobs are done; each comes back once, in any order."""

    def __call__(self, task: Task[Any], jobs: Iterable[Job]) -> Iterator[tuple[Job, Any]]: ...


Progress = Callable[[str, Iterator[tuple[Job, Any]], int, int], Iterator[tuple[Job, Any]]]


@dataclass
class Batch:
    """Everything by input number; `names` are those of the outputs, in their order."""

    sources: dict[int, Source] = field(default_factory=dict)
    labels: dict[int, str] = field(default_factory=dict)
    headers: dict[int, Header] = field(default_factory=dict)
    refused: dict[int, Refusal] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Bytes of all that is to be written."""
        return sum(self.sources[number].size for number in self.names)

    def counts(self) -> dict[str, int]:
        """How much there is of everything; the last three add up to the inputs."""
        headers = [self.headers[number] for number in self.names]
        states = Counter(state_of(one.code) for one in self.refused.values())
        return {
            "inputs": len(self.labels),
            "patients": len({one.pseudonym for one in headers}),
            "studies": len({(one.pseudonym, one.study) for one in headers}),
            "series": len({(one.pseudonym, one.study, one.series) for one in headers}),
            "instances": len(self.names),
            "quarantined": states["quarantined"],
            "left_out": states["left out"],
        }


def prepare(
    found: Iterable[Found], identity: Identity, executor: Executor, namer: Namer,
    progress: Progress = lambda _what, answers, _count, _size: answers,
) -> Batch:  # fmt: skip
    """Reads all headers and makes the plan."""
    batch = Batch()
    for number, one in enumerate(found, 1):
        batch.labels[number], batch.sources[number] = one.label, one.source
        if one.error is not None:
            batch.refused[number] = refusal_of(one.error)
    jobs = [Job(n, source) for n, source in batch.sources.items() if n not in batch.refused]
    answers = executor(Survey(identity), jobs)
    texts: dict[str, str] = {}
    for job, answer in progress("Reading", answers, len(jobs), 0):
        if isinstance(answer, Refusal):
            batch.refused[job.number] = answer
        else:
            batch.headers[job.number] = _shared(answer, texts)
    batch.headers = dict(sorted(batch.headers.items()))
    _leave_out_repeated(batch, executor)
    batch.questions = questions(batch.headers)
    batch.names = names(ordered(batch.headers, identity), batch.headers, namer)
    return batch


def _shared(header: Header, texts: dict[str, str]) -> Header:
    """The same header, its texts those of earlier ones where they are equal: less memory."""
    same = (texts.setdefault(one, one) if isinstance(one, str) else one for one in header)
    return Header._make(same)


def _leave_out_repeated(batch: Batch, executor: Executor) -> None:
    groups = twice(batch.headers)
    jobs = [Job(number, batch.sources[number]) for group in groups for number in group]
    digests = {job.number: answer for job, answer in executor(Digest(), jobs)}
    for number, answer in digests.items():
        if isinstance(answer, Refusal):
            batch.refused[number] = answer
    sums = {n: one.sha256 for n, one in digests.items() if not isinstance(one, Refusal)}
    batch.refused |= repeated(groups, sums)
    for number in batch.refused:
        batch.headers.pop(number, None)


def repeated(groups: Iterable[Iterable[int]], sums: Mapping[int, str]) -> dict[int, Refusal]:
    """What is not written of inputs that share a SOPInstanceUID, by the SHA-256 of each."""
    refused: dict[int, Refusal] = {}
    for group in groups:
        found = same([number for number in group if number in sums], sums.__getitem__)
        for number in found.repeats:
            sentence = "The same instance is there already, identical to the byte."
            refused[number] = Refusal("repeated", sentence)
        for number in found.differing:
            sentence = (
                "Another input has the same SOPInstanceUID and other content; nobody can tell "
                "from the files which of them is right."
            )
            refused[number] = Refusal("same-uid", sentence)
    return refused
