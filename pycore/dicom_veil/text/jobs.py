"""Scans for the page: each goes on with the answers of whoever runs the models."""

from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np

from dicom_veil import errors
from dicom_veil.read import Instance
from dicom_veil.text.instance import Scanned, scan_instance
from dicom_veil.text.read import characters
from dicom_veil.text.tasks import Tasks

Answer = tuple[dict[str, Any], list[Any]]
MOST_JOBS = 8
GONE = "The worker does not know this search for text any more."
SIZES = {"detect": 4, "read": 3}  # dimensions of a model's output


@dataclass
class _Progress:
    """How many frames were begun, of how many."""

    done: int = 0
    total: int = 0

    def tell(self, done: int, total: int) -> None:
        self.done, self.total = done, total


@dataclass(frozen=True)
class _Job:
    """A scan that waits for outputs of models."""

    tasks: Tasks[Scanned]
    progress: _Progress


_jobs: dict[str, _Job] = {}
_numbers = count(1)


def start(instance: Instance, frames: tuple[int, ...]) -> Answer:
    """Begins a scan. The oldest is given up when there are too many: its page has gone on."""
    while len(_jobs) >= MOST_JOBS:
        cancel(next(iter(_jobs)))
    number = str(next(_numbers))
    progress = _Progress()
    tasks = Tasks(scan_instance(instance, characters(), frames, progress.tell))
    _jobs[number] = _Job(tasks, progress)
    return _go_on(number)


def answer(number: str, asked: int, shape: list[int], content: bytes) -> Answer:
    """Goes on with a model's output: float32, little endian, of that shape."""
    job = _jobs.get(number)
    ask = job.tasks.asked(asked) if job else None
    if job is None or ask is None:
        raise errors.NoJob(GONE)
    if len(shape) != SIZES[ask.model] or int(np.prod(shape)) * 4 != len(content):
        cancel(number)
        raise errors.Usage("The model's answer has another shape than it says.")
    job.tasks.answer(asked, np.frombuffer(content, "<f4").reshape(shape))
    return _go_on(number)


def go_on(number: str) -> Answer:
    """What else is to be run before an answer comes."""
    if number not in _jobs:
        raise errors.NoJob(GONE)
    return _go_on(number)


def cancel(number: str) -> None:
    _jobs.pop(number, None)


def _go_on(number: str) -> Answer:
    job = _jobs[number]
    try:
        wanted = job.tasks.go_on()
    except BaseException:
        del _jobs[number]
        raise
    if (found := job.tasks.result) is not None:
        del _jobs[number]
        return {"job": number, "done": found.as_json()}, []
    told: dict[str, Any] = {
        "job": number,
        "more": job.tasks.more,
        "progress": {"done": job.progress.done, "total": job.progress.total},
    }
    if wanted is None:
        return told, []
    asked, ask = wanted
    shape = list(ask.tensor.shape)
    return {**told, "ask": asked, "model": ask.model, "shape": shape}, [ask.tensor]
