"""Processes of this machine: one job each at a time, handed out when one is free.

A worker that dies, or gives no sign of life for `patience` seconds, is replaced; one that has yet
to start has `START` seconds where that is longer, as a busy machine needs. Its job waits
until all others are through, then gets one more chance in a fresh worker that runs alone; if that
fails too, it is refused as `crashed`. So a damaged codestream that kills the interpreter costs
one instance, and so does one that eats all memory.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from types import FrameType
from typing import Any, Generic, NoReturn, TypeVar

from dicom_veil.batch.work import Alive, Job, Refusal, Task, refusal_of

T = TypeVar("T")
Cleanup = Callable[[Job, int | None], None]
PATIENCE = 120.0
START = 60.0
BEAT = 1.0
GRACE = 5.0
ALIVE, END = None, object()


def default_workers() -> int:
    """The cores that this process may use, less one; at least one."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)) - 1)
    return max(1, (os.cpu_count() or 2) - 1)


def run(
    task: Task[T], jobs: Iterable[Job], *, workers: int, patience: float = PATIENCE,
    cleanup: Cleanup = lambda _job, _process: None,
) -> Iterator[tuple[Job, T | Refusal]]:  # fmt: skip
    """Does every job; yields each with its answer, once, in the order in which they end.

    `cleanup` is called for the job of a worker that ended in the middle of it, with the process
    that left something behind; with None when the job is given up.
    """
    crashed: list[Job] = []
    for job, answer in _through(task, jobs, workers, patience, cleanup):
        if answer is END:
            crashed.append(job)
        else:
            yield job, answer
    for once_more in crashed:
        for job, answer in _through(task, [once_more], 1, patience, cleanup):
            if answer is END:
                cleanup(job, None)
                sentence = "What worked on it died or gave no sign of life, twice."
                yield job, Refusal("crashed", sentence)
            else:
                yield job, answer


def _through(
    task: Task[Any], jobs: Iterable[Job], workers: int, patience: float, cleanup: Cleanup
) -> Iterator[tuple[Job, Any]]:
    """One pass; the answer of a job whose worker died is `END`."""
    waiting = iter(jobs)
    crew: list[_Worker[Any]] = []
    try:
        more = True
        while True:
            while more and len([one for one in crew if one.job]) < workers:
                job = next(waiting, None)
                if job is None:
                    more = False
                    break
                _give(task, job, crew)
            busy = [one for one in crew if one.job]
            if not busy:
                return
            ends = [end for one in busy for end in (one.link, one.process.sentinel)]
            wait(ends, max(0.0, min(one.until(patience) for one in busy) - time.monotonic()))
            for worker in busy:
                answer = worker.answer(patience)
                if answer is ALIVE:
                    continue
                assert worker.job  # noqa: S101  # it is busy
                job, worker.job = worker.job, None
                if answer is END:
                    crew.remove(worker)
                    worker.end(kill=True)
                    cleanup(job, worker.process.pid)
                yield job, answer
    finally:
        for worker in crew:
            worker.stop()
        for worker in crew:
            worker.end()


def _give(task: Task[Any], job: Job, crew: "list[_Worker[Any]]") -> None:
    """Gives a job to a free worker, or to a new one where none is left alive."""
    for worker in [one for one in crew if not one.job]:
        if worker.give(job):
            return
        crew.remove(worker)
        worker.end(kill=True)
    while not (worker := _Worker(task)).give(job):
        worker.end(kill=True)
    crew.append(worker)


class _Worker(Generic[T]):
    """One process, its connection, its job and when it last gave a sign of life."""

    def __init__(self, task: Task[T]) -> None:
        # Copying this process is quick, but not safe once it has threads.
        fork = sys.platform == "linux" and threading.active_count() == 1
        context: Any = get_context("fork" if fork else "spawn")
        self.link, theirs = context.Pipe()
        self.process = context.Process(
            target=_serve, args=(theirs, task, os.getpid()), daemon=True, name="dicom-veil worker"
        )
        self.process.start()
        theirs.close()
        self.job: Job | None = None
        self.since = 0.0
        self.started = False

    def give(self, job: Job) -> bool:
        """Whether the worker was there to take the job."""
        try:
            self.link.send(job)
        except OSError:
            return False
        self.job, self.since = job, time.monotonic()
        return True

    def until(self, patience: float) -> float:
        """When it is given up unless it gives a sign of life before, on the monotonic clock."""
        return self.since + (patience if self.started else max(patience, START))

    def answer(self, patience: float) -> Any:
        """The answer if there is one; `ALIVE` while there is none yet; `END` when none comes."""
        try:
            if self.link.poll():
                message = self.link.recv()
                self.since, self.started = time.monotonic(), True
                return message
        except (EOFError, OSError):
            return END
        if not self.process.is_alive() or time.monotonic() >= self.until(patience):
            return END
        return ALIVE

    def stop(self) -> None:
        """Asks the process to end; what it was writing is taken away by itself."""
        if self.process.is_alive():
            self.process.terminate()

    def end(self, *, kill: bool = False) -> None:
        if kill:
            self.process.kill()
        self.process.join(GRACE)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.link.close()


def _serve(link: Connection, task: Task[Any], parent: int) -> None:
    """The life of a worker: until it is told to end, or whoever started it is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one who was interrupted decides
    signal.signal(signal.SIGTERM, _leave)
    alive = _beat(link)
    handle = task.begin()
    link.send(ALIVE)
    while True:
        while not link.poll(BEAT):
            if os.getppid() != parent:
                return
        try:
            job = link.recv()
        except EOFError:
            return
        try:
            answer = handle(job, alive)
        except MemoryError:
            # Alone, a fresh process may have enough.
            sys.exit(1)
        except Exception as error:  # noqa: BLE001  # one bad input ends no other
            answer = refusal_of(error)
        link.send(answer)


def _beat(link: Connection) -> Alive:
    """What a job calls now and then: a sign of life at most once a second."""
    last = time.monotonic()

    def alive() -> None:
        nonlocal last
        if time.monotonic() - last >= BEAT:
            last = time.monotonic()
            link.send(ALIVE)

    return alive


def _leave(_signal: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(0)
