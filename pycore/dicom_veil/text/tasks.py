"""A scan whose models run elsewhere, several at a time."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any, Generic, TypeVar

from dicom_veil.text.ask import Ask, Asking, Tensor

AT_ONCE = 4  # runs asked for and not answered; the input of one has 40 MB at most
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
        self._asked: dict[int, tuple[_Task, Ask]] = {}
        self._numbers = count(1)

    def asked(self, number: int) -> Ask | None:
        """What was asked for by this number and is not answered yet."""
        return self._asked[number][1] if number in self._asked else None

    def answer(self, number: int, output: Tensor) -> None:
        task, _ = self._asked.pop(number)
        self._ready.append((task, output))

    def go_on(self) -> list[tuple[int, Ask]]:
        """What is to be run now, by number. Raises what the scan raises."""
        wanted: list[tuple[int, Ask]] = []
        while self._ready and len(self._asked) < AT_ONCE:
            task, told = self._ready.pop()
            try:
                next_one = task.asking.send(told)
            except StopIteration as stop:
                self._end(task, stop.value)
                continue
            if isinstance(next_one, Ask):
                number = next(self._numbers)
                self._asked[number] = (task, next_one)
                wanted.append((number, next_one))
            else:
                self._begin(task, next_one.askings)
        return wanted

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
