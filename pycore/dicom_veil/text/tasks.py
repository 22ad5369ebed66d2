"""A scan whose models run elsewhere, several at a time."""

from collections import deque
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Generic, TypeVar

from dicom_veil.text.ask import Ask, Asking, Tensor, Together

BETWEEN = 4  # steps of what can wait, before one can tell it of an answer
AT_ONCE = 4  # runs asked for and not answered; the input of one has 10 MB at most
T = TypeVar("T")


@dataclass
class _Task:
    """One asking, and whose result at which place it is part of."""

    asking: Asking[Any]
    parent: "_Task | None" = None
    place: int = 0
    results: list[Any] = field(default_factory=list)
    left: int = 0


class Tasks(Generic[T]):
    """An asking and all that it wants done together, each going on as soon as it can.

    What came last goes on first, so that little is begun and not ended.
    """

    def __init__(self, asking: Asking[T]) -> None:
        self.result: T | None = None  # once all is done
        self._ready: list[tuple[_Task, Any]] = [(_Task(asking), None)]
        self._later: deque[_Task] = deque()
        self._asked: dict[int, tuple[_Task, Ask]] = {}
        self._numbers = count(1)

    def asked(self, number: int) -> Ask | None:
        """What was asked for by this number and is not answered yet."""
        return self._asked[number][1] if number in self._asked else None

    def answer(self, number: int, output: Tensor) -> None:
        task, _ = self._asked.pop(number)
        self._ready.append((task, output))

    @property
    def more(self) -> bool:
        """Whether `go_on` has more to do without an answer before."""
        return self._may_ask or bool(self._later)

    @property
    def _may_ask(self) -> bool:
        return bool(self._ready) and len(self._asked) < AT_ONCE

    def go_on(self) -> tuple[int, Ask] | None:
        """What is to be run next, by number, or None. Raises what the scan raises."""
        waited = 0
        while self.result is None:
            if self._may_ask:
                wanted = self._step(*self._ready.pop())
            elif self._later and (waited < BETWEEN or not self._asked):
                waited += 1
                wanted = self._step(self._later.popleft(), None)
            else:
                break
            if wanted is not None:
                return wanted, self._asked[wanted][1]
        return None

    def _step(self, task: _Task, told: Any) -> int | None:
        """The number of what it asks for, if it asks for a model."""
        try:
            next_one = task.asking.send(told)
        except StopIteration as stop:
            self._end(task, stop.value)
            return None
        if isinstance(next_one, Ask):
            number = next(self._numbers)
            self._asked[number] = (task, next_one)
            return number
        if isinstance(next_one, Together):
            self._begin(task, next_one.askings)
        else:
            self._later.append(task)
        return None

    def _begin(self, task: _Task, askings: tuple[Asking[Any], ...]) -> None:
        task.results, task.left = [None] * len(askings), len(askings)
        if not askings:
            self._ready.append((task, []))
        children = [_Task(one, task, place) for place, one in enumerate(askings)]
        self._ready += [(one, None) for one in reversed(children)]

    def _end(self, task: _Task, result: Any) -> None:
        parent = task.parent
        if parent is None:
            self.result = result
            return
        parent.results[task.place] = result
        parent.left -= 1
        if parent.left == 0:
            self._ready.append((parent, parent.results))
