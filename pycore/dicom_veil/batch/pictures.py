"""Pictures of what was written, beside the tree: 8-bit PNG, one for each frame.

They are made of the results as they lie in the output, so what was removed from those cannot be
in them. A run that goes on makes all of them again, to the same bytes: no journal knows them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from dicom_veil.batch.drawing import Draw, endings
from dicom_veil.batch.prepare import Executor, Progress
from dicom_veil.batch.work import Job, Refusal
from dicom_veil.errors import CannotWrite
from dicom_veil.intake.source import Source
from dicom_veil.storage import Written, joined, names_below, prune, remove, sweep

FOLDER, FORMAT = "PICTURES", "png"
MADE = re.compile(r"(.+?)(?:-frame-[0-9]+)?\.png")


def stem(name: str) -> str:
    """What the pictures of an output begin with, by the output's name."""
    return name.removesuffix(".dcm")


def picture_names(name: str, frames: int) -> list[str]:
    """Names of the pictures of an output, in the order in which its frames belong."""
    return [f"{FOLDER}/{stem(name)}{ending}" for ending in endings(frames)]


@dataclass
class Pictures:
    """The pictures of a run: SHA-256 by name by the number of their instance.

    `without`: instances with pixels that have no picture; `partly`: those of which a frame has
    none.
    """

    files: dict[int, dict[str, str]] = field(default_factory=dict)
    without: list[int] = field(default_factory=list)
    partly: list[int] = field(default_factory=list)

    def digests(self) -> dict[str, str]:
        """All of them."""
        return {name: digest for one in self.files.values() for name, digest in one.items()}

    def told(self) -> dict[str, Any]:
        """What the report says."""
        partly = {"partly": sorted(self.partly)} if self.partly else {}
        without = sorted(self.without)
        return {"format": FORMAT, "files": len(self.digests()), "without": without, **partly}

    def sentence(self) -> str:
        """How many there are, for a person."""
        without = f"; {len(self.without)} with pixels have none" if self.without else ""
        partly = f"; of {len(self.partly)} some frames have none" if self.partly else ""
        count = len(self.digests())
        return f"{count} pictures of {len(self.files)} instances{without}{partly}."


def draw(
    names: Mapping[int, str], written: Mapping[int, Written], output: str, executor: Executor,
    progress: Progress = lambda _what, answers, _count, _size: answers,
) -> Pictures:  # fmt: skip
    """Pictures of the results of these names, by input number. Raises `CannotWrite`.

    What cannot be drawn, or ends its worker, costs its own pictures and nothing else.
    """
    jobs = [
        Job(number, Source(joined(output, name), written[number].size),
            joined(output, f"{FOLDER}/{stem(name)}"))
        for number, name in names.items()
    ]  # fmt: skip
    made, lost = Pictures(), set[str]()
    size = sum(job.source.size for job in jobs)
    for job, answer in progress("Drawing", executor(Draw(), jobs), len(jobs), size):
        number = job.number
        if isinstance(answer, Refusal):
            if answer.code == CannotWrite.code:
                raise CannotWrite(answer.reason)
            lost.add(names[number])
            made.without.append(number)
        elif answer.files:
            start = f"{FOLDER}/{stem(names[number])}"
            made.files[number] = {start + end: one.sha256 for end, one in answer.files}
            if len(answer.files) < answer.frames:
                made.partly.append(number)
        elif answer.frames:
            made.without.append(number)
    if lost:
        sweep(joined(output, FOLDER))
        clear(output, lost)
    return made


def of_outputs(output: str, names: Iterable[str]) -> Iterator[str]:
    """Names of the pictures that are there of outputs of these names."""
    stems = set(map(stem, names))
    for one in names_below(joined(output, FOLDER)):
        found = MADE.fullmatch(one)
        if found and found[1] in stems:
            yield f"{FOLDER}/{one}"


def clear(output: str, names: Iterable[str]) -> None:
    """Removes the pictures that are there of outputs of these names."""
    found = list(of_outputs(output, names))
    for one in found:
        remove(joined(output, one))
    if found:
        prune(output)
