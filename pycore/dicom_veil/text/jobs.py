"""Scans for the page: each goes on with the answers of whoever runs the models."""

from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np

from dicom_veil import errors
from dicom_veil.read import Instance
from dicom_veil.text.ask import Ask, Asking
from dicom_veil.text.instance import Scanned, scan_instance
from dicom_veil.text.read import characters

Answer = tuple[dict[str, Any], list[Any]]
MOST_JOBS = 8
SIZES = {"detect": 4, "read": 3}  # dimensions of a model's output


@dataclass
class _Job:
    """A scan that waits for a model's output."""

    asking: Asking[Scanned]
    ask: Ask | None = None
    done: int = 0
    total: int = 0

    def tell(self, done: int, total: int) -> None:
        self.done, self.total = done, total


_jobs: dict[str, _Job] = {}
_numbers = count(1)


def start(instance: Instance, frames: tuple[int, ...]) -> Answer:
    """Begins a scan. The oldest is given up when there are too many: its page has gone on."""
    while len(_jobs) >= MOST_JOBS:
        cancel(next(iter(_jobs)))
    number = str(next(_numbers))
    heard = _Job(asking=iter(()))  # type: ignore[arg-type]
    heard.asking = scan_instance(instance, characters(), frames, heard.tell)
    _jobs[number] = heard
    return _go_on(number, None)


def answer(number: str, shape: list[int], content: bytes) -> Answer:
    """Goes on with a model's output: float32, little endian, of that shape."""
    job = _jobs.get(number)
    if job is None or job.ask is None:
        raise errors.NoJob("The worker does not know this search for text any more.")
    if len(shape) != SIZES[job.ask.model] or int(np.prod(shape)) * 4 != len(content):
        cancel(number)
        raise errors.Usage("The model's answer has another shape than it says.")
    return _go_on(number, np.frombuffer(content, "<f4").reshape(shape))


def cancel(number: str) -> None:
    if job := _jobs.pop(number, None):
        job.asking.close()


def _go_on(number: str, output: Any) -> Answer:
    job = _jobs[number]
    try:
        job.ask = job.asking.send(output)
    except StopIteration as stop:
        del _jobs[number]
        found: Scanned = stop.value
        return {"job": number, "done": found.as_json()}, []
    except BaseException:
        del _jobs[number]
        raise
    ask = {"model": job.ask.model, "shape": list(job.ask.tensor.shape)}
    progress = {"done": job.done, "total": job.total}
    tensor = job.ask.tensor.astype("<f4", copy=False).tobytes()
    return {"job": number, "ask": ask, "progress": progress}, [tensor]
