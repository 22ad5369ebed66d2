"""How the scan asks for models to be run without knowing by whom, or how many at a time."""

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

ModelName = Literal["detect", "read"]
Tensor = NDArray[np.float32]
T = TypeVar("T")


@dataclass(frozen=True)
class Ask:
    """One run of a model: its input, shape (1, 1 or 3, height, width)."""

    model: ModelName
    tensor: NDArray[np.uint8]


@dataclass(frozen=True)
class Later:
    """Nothing is wanted: what others have to do comes first, and this while models run."""


@dataclass(frozen=True)
class Together:
    """Askings that need nothing of one another, so that they may go on at the same time."""

    askings: tuple["Asking[Any]", ...]


# Yields what is to be run and is sent the model's output, or the results of `Together` in their
# order; returns the result.
Asking = Generator[Ask | Together | Later, Any, T]


def together(askings: Iterable[Asking[T]]) -> Asking[list[T]]:
    """The results of askings that need nothing of one another."""
    results: list[T] = yield Together(tuple(askings))
    return results


def answered(asking: Asking[T], run: Callable[[Ask], Tensor]) -> T:
    """Runs a scan to its end, one thing after the other, with `run` as who runs the models."""
    told: Any = None
    try:
        while True:
            wanted = asking.send(told)
            if isinstance(wanted, Ask):
                told = run(wanted)
            elif isinstance(wanted, Together):
                told = [answered(one, run) for one in wanted.askings]
    except StopIteration as stop:
        result: T = stop.value
        return result


def tensor_of(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A gray or RGB (height, width, 3) picture as models take it: (1, 1 or 3, height, width)."""
    channels = picture[np.newaxis] if picture.ndim == 2 else picture.transpose(2, 0, 1)
    return np.ascontiguousarray(channels[np.newaxis])
