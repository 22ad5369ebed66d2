"""How the scan asks for a model to be run without knowing by whom."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

ModelName = Literal["detect", "read"]
Tensor = NDArray[np.float32]
T = TypeVar("T")


@dataclass(frozen=True)
class Ask:
    """One run of a model: its input, float32, shape (1, 3, height, width)."""

    model: ModelName
    tensor: Tensor


# Yields what is to be run, is sent the output, returns the result.
Asking = Generator[Ask, Tensor, T]


def answered(asking: Asking[T], run: Callable[[Ask], Tensor]) -> T:
    """Runs a scan to its end with `run` as the one who runs the models."""
    try:
        ask = next(asking)
        while True:
            ask = asking.send(run(ask))
    except StopIteration as stop:
        result: T = stop.value
        return result


def tensor_of(picture: NDArray[np.uint8]) -> Tensor:
    """A gray or RGB (height, width, 3) picture as both models want it: -1 to 1, (1, 3, height,

    width).
    """
    channels = picture[np.newaxis] if picture.ndim == 2 else picture.transpose(2, 0, 1)
    tensor = np.empty((1, 3, *picture.shape[:2]), np.float32)
    tensor[0] = channels
    tensor *= np.float32(2 / 255)
    tensor -= 1
    return tensor
