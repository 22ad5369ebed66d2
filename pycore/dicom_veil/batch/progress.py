"""How far a run is: a bar on a terminal, a plain line now and then elsewhere."""

import sys
import time
from collections.abc import Iterator
from typing import Any, TextIO

from dicom_veil.batch.work import Job, Refusal

EVERY = 10.0


def shown(
    what: str, answers: Iterator[tuple[Job, Any]], count: int, size: int, *,
    stream: TextIO | None = None, every: float = EVERY,
) -> Iterator[tuple[Job, Any]]:  # fmt: skip
    """Passes answers on and says on `stream` how many there were, of how many.

    `size`: bytes of all inputs, or 0 where they do not matter. No name and no value is shown.
    """
    stream = stream or sys.stderr
    if count < 2:
        return answers
    passing = _bar if stream.isatty() else _lines
    return passing(what, answers, count, size, stream, every)


def _bar(
    what: str, answers: Iterator[tuple[Job, Any]], count: int, size: int, stream: TextIO,
    _every: float,
) -> Iterator[tuple[Job, Any]]:  # fmt: skip
    from tqdm import tqdm

    tqdm.monitor_interval = 0  # its thread would keep workers from being copied from this process
    through = refused = 0
    with tqdm(total=count, desc=what, unit=" instances", file=stream, leave=False) as bar:
        for job, answer in answers:
            through += job.source.size
            refused += isinstance(answer, Refusal)
            bar.set_postfix_str(_more(through if size else 0, size, refused), refresh=False)
            bar.update()
            yield job, answer


def _lines(
    what: str, answers: Iterator[tuple[Job, Any]], count: int, size: int, stream: TextIO,
    every: float,
) -> Iterator[tuple[Job, Any]]:  # fmt: skip
    start = said = time.monotonic()
    through = refused = 0
    for done, (job, answer) in enumerate(answers, 1):
        through += job.source.size
        refused += isinstance(answer, Refusal)
        now = time.monotonic()
        if now - said >= every:
            said = now
            left = round((now - start) / done * (count - done))
            more = _more(through if size else 0, size, refused)
            print(f"{what}: {done} of {count}{more and ', '}{more}, about {left} s left.",
                  file=stream, flush=True)  # fmt: skip
        yield job, answer


def _more(through: int, size: int, refused: int) -> str:
    parts = [f"{through / 1e6:.0f} of {size / 1e6:.0f} MB"] if size else []
    return ", ".join([*parts, f"{refused} set aside"] if refused else parts)
