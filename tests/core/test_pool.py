"""The pool of processes: what dies or hangs is replaced, tried once more alone, then refused."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from dicom_veil.batch import pool
from dicom_veil.batch.work import Alive, Handler, Job, Refusal
from dicom_veil.errors import Refused
from dicom_veil.intake.source import Source


@dataclass(frozen=True)
class Trouble:
    """Dies, hangs or fails at the numbers that it is given; `once`: only the first time."""

    marks: str
    dies: tuple[int, ...] = ()
    hangs: tuple[int, ...] = ()
    fails: tuple[int, ...] = ()
    once: bool = False
    beats: int = 0
    starts: float = 0.0

    def begin(self) -> Handler[int]:
        time.sleep(self.starts)
        return self._do

    def _do(self, job: Job, alive: Alive) -> int:
        mark = Path(self.marks, str(job.number))
        first = not mark.exists()
        with mark.open("a") as file:
            file.write(f"{os.getpid()}\n")
        bad = first or not self.once
        for _ in range(self.beats):
            time.sleep(0.3)
            alive()
        if job.number in self.dies and bad:
            os.kill(os.getpid(), signal.SIGKILL)
        if job.number in self.hangs and bad:
            time.sleep(60)
        if job.number in self.fails:
            raise Refused("Not this one.")
        if job.number < 0:
            raise KeyError("Quisquilia^Zenobia")
        return job.number * 2


def jobs(*numbers: int) -> Iterator[Job]:
    return (Job(number, Source("", 0)) for number in numbers)


def run(task: Trouble, numbers: range, **options: float) -> dict[int, int | Refusal]:
    answers = list(pool.run(task, jobs(*numbers), workers=3, **options))  # type: ignore[arg-type]
    assert len(answers) == len(numbers)
    return {job.number: answer for job, answer in answers}


def tries(task: Trouble, number: int) -> int:
    return len(Path(task.marks, str(number)).read_text().split())


def test_every_job_once_and_answers_for_all(tmp_path: Path) -> None:
    task = Trouble(str(tmp_path), fails=(3,))
    answers = run(task, range(-1, 40))
    assert answers.pop(3) == Refusal("refused", "Not this one.")
    unforeseen = answers.pop(-1)
    assert isinstance(unforeseen, Refusal)
    assert unforeseen.code == "internal"
    assert "Quisquilia" not in unforeseen.reason
    assert answers == {number: number * 2 for number in range(40) if number != 3}
    assert all(tries(task, number) == 1 for number in range(40))


def test_a_death_that_was_an_accident_costs_nothing(tmp_path: Path) -> None:
    task = Trouble(str(tmp_path), dies=(2, 7, 8), once=True)
    assert run(task, range(12)) == {number: number * 2 for number in range(12)}
    assert tries(task, 7) == 2


def test_what_kills_twice_is_given_up_and_harms_no_other(tmp_path: Path) -> None:
    given_up: list[tuple[int, bool]] = []
    task = Trouble(str(tmp_path), dies=(2, 7))
    answers = run(
        task, range(12), cleanup=lambda job, process: given_up.append((job.number, process is None))
    )  # type: ignore[arg-type]
    refused = {number for number, answer in answers.items() if isinstance(answer, Refusal)}
    assert refused == {2, 7}
    assert sorted(given_up) == [(n, last) for n in (2, 7) for last in (False, False, True)]
    assert tries(task, 2) == tries(task, 7) == 2


def test_what_gives_no_sign_of_life_is_given_up(tmp_path: Path) -> None:
    task = Trouble(str(tmp_path), hangs=(1,))
    answers = run(task, range(4), patience=0.5)
    assert isinstance(answers[1], Refusal)
    assert answers[1].code == "crashed"


def test_a_sign_of_life_is_enough(tmp_path: Path) -> None:
    """Six seconds of work with a patience of four: a busy machine may lose three between signs."""
    task = Trouble(str(tmp_path), beats=20)
    assert run(task, range(2), patience=4.0) == {0: 0, 1: 2}


def test_a_worker_that_starts_slowly_is_waited_for(tmp_path: Path) -> None:
    """Starting costs imports, on a busy machine seconds: that is no silence of a job's."""
    task = Trouble(str(tmp_path), starts=3.0)
    assert run(task, range(2), patience=2.0) == {0: 0, 1: 2}


def test_from_a_process_with_threads(tmp_path: Path) -> None:
    """It cannot be copied safely: workers are started anew."""
    task, end = Trouble(str(tmp_path), dies=(1,), once=True), threading.Event()
    thread = threading.Thread(target=end.wait)
    thread.start()
    try:
        assert run(task, range(3)) == {0: 0, 1: 2, 2: 4}
    finally:
        end.set()
        thread.join()


@pytest.mark.parametrize("count", [0, 1])
def test_few_jobs_need_few_workers(tmp_path: Path, count: int) -> None:
    assert len(run(Trouble(str(tmp_path)), range(count))) == count


def test_whoever_stops_asking_leaves_no_process(tmp_path: Path) -> None:
    task = Trouble(str(tmp_path), hangs=(1, 2))
    answers = pool.run(task, jobs(*range(9)), workers=2)
    next(answers)
    answers.close()  # type: ignore[attr-defined]
    pids = {int(one) for path in tmp_path.iterdir() for one in path.read_text().split()}
    assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]


def test_jobs_are_taken_as_they_are_needed(tmp_path: Path) -> None:
    """A queue that is longer than memory: only what is under way has been asked for."""
    asked = 0

    def many() -> Iterator[Job]:
        nonlocal asked
        while True:
            asked += 1
            yield Job(asked, Source("", 0))

    answers = pool.run(Trouble(str(tmp_path)), many(), workers=2)
    for _ in range(10):
        next(answers)
    assert asked <= 13
    answers.close()  # type: ignore[attr-defined]
