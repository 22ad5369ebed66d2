"""A synthetic chest in Hounsfield units: ellipses in millimetres, drawn with soft edges.

Only plain arithmetic and Python's Mersenne twister, so every platform makes the same bytes.
"""

import random
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SIZE = 256
FIELD_MM = 360.0
SPACING_MM = FIELD_MM / SIZE
AIR, NOISE_HU = -1000.0, 9.0


@dataclass(frozen=True)
class Ellipse:
    """Center and half axes in mm, x to the patient's left, y to the back; its value in HU."""

    x: float
    y: float
    half_width: float
    half_height: float
    hounsfield: float


def chest(level: float) -> tuple[Ellipse, ...]:
    """The ellipses of one slice, back to front; `level` from 0 (top of the heart) to 1 (liver)."""
    lung = 1.0 - 0.45 * level
    heart = 0.7 + 0.3 * level
    dome = max(0.0, level - 0.45) / 0.55
    return (
        Ellipse(0, 128, 190, 9, -250),  # the table, carbon fibre around foam
        Ellipse(0, 128, 184, 6, -850),
        Ellipse(0, 0, 168, 116, 15),  # skin
        Ellipse(0, 0, 165, 113, -105),  # fat
        Ellipse(0, 2, 148, 97, 55),  # muscle
        *_ribs(),
        Ellipse(-70, -2, 58 * lung + 6, 76 * lung + 6, -40),  # pleura
        Ellipse(74, -2, 55 * lung + 6, 74 * lung + 6, -40),
        Ellipse(-70, -2, 58 * lung, 76 * lung, -860),  # lungs
        Ellipse(74, -2, 55 * lung, 74 * lung, -860),
        *_vessels(lung),
        Ellipse(-62, 4, 78 * dome, 62 * dome, 112),  # liver with contrast medium, and a cyst
        Ellipse(-88, 12, 11 * dome, 11 * dome, 8),
        Ellipse(84, 24, 34 * dome, 40 * dome, 128),  # spleen
        Ellipse(18, -36, 54 * heart, 40 * heart, -60),  # pericardial fat
        Ellipse(20, -34, 50 * heart, 37 * heart, 105),  # heart
        Ellipse(34, -26, 25 * heart, 17 * heart, 285),  # left ventricle
        Ellipse(-4, -44, 19 * heart, 18 * heart, 230),  # right ventricle
        Ellipse(20, 36, 14, 14, 60),  # aorta
        Ellipse(20, 36, 12.5, 12.5, 300),
        Ellipse(-2, 24, 8, 6, 40),  # oesophagus
        Ellipse(-2, 24, 3, 2, -700),
        *_spine(),
    )


def _ribs() -> tuple[Ellipse, ...]:
    """Cortex and marrow of ribs around the chest, at fixed places on an ellipse."""
    places = ((0.98, 0.17), (0.9, 0.44), (0.72, 0.69), (0.95, -0.3), (0.78, -0.62), (0.5, -0.86))
    sides = tuple((side * x, y) for x, y in places for side in (-1, 1))
    cortex = tuple(Ellipse(138 * x, 90 * y, 8, 6, 620) for x, y in sides)
    marrow = tuple(Ellipse(138 * x, 90 * y, 5, 3.5, 240) for x, y in sides)
    return (*cortex, *marrow, Ellipse(0, -88, 22, 7, 480), Ellipse(0, -88, 19, 4.5, 180))


def _vessels(lung: float) -> tuple[Ellipse, ...]:
    """Vessels that thin out from the hila, and one small nodule on the left."""
    vessels = []
    for step in range(1, 6):
        reach, radius = 10 + 9.5 * step * lung, 5.2 / step**0.5
        for side, height in ((-1, -0.8), (-1, 0.1), (-1, 0.9), (1, -0.7), (1, 0.2), (1, 0.85)):
            x = side * (26 + reach)
            vessels.append(Ellipse(x, height * reach * 0.75, radius, radius, 150 - 20 * step))
    return (*vessels, Ellipse(96, -28 * lung, 4.2, 4.2, 45))


def _spine() -> tuple[Ellipse, ...]:
    return (
        Ellipse(0, 54, 22, 17, 560),
        Ellipse(0, 54, 20, 15, 210),
        Ellipse(-30, 72, 15, 5, 420),
        Ellipse(30, 72, 15, 5, 420),
        Ellipse(0, 76, 15, 13, 520),
        Ellipse(0, 90, 5, 16, 480),
        Ellipse(0, 75, 10, 9, 25),
        Ellipse(0, 75, 6, 5.5, 42),
    )


def slice_hounsfield(level: float, seed: int) -> NDArray[np.float64]:
    """One slice in HU, shape (SIZE, SIZE)."""
    picture = np.full((SIZE, SIZE), AIR)
    for ellipse in chest(level):
        _draw(picture, ellipse)
    return picture + _noise(seed)


def _draw(picture: NDArray[np.float64], ellipse: Ellipse) -> None:
    """Blends one ellipse over what is there; its edge is one pixel wide."""
    half_width, half_height = ellipse.half_width / SPACING_MM, ellipse.half_height / SPACING_MM
    if min(half_width, half_height) < 0.5:
        return
    column = ellipse.x / SPACING_MM + SIZE / 2
    row = ellipse.y / SPACING_MM + SIZE / 2 - 6
    rows = slice(max(0, int(row - half_height) - 1), min(SIZE, int(row + half_height) + 3))
    columns = slice(max(0, int(column - half_width) - 1), min(SIZE, int(column + half_width) + 3))
    down = (np.arange(rows.start, rows.stop)[:, None] + 0.5 - row) / half_height
    across = (np.arange(columns.start, columns.stop)[None, :] + 0.5 - column) / half_width
    distance = np.sqrt(down * down + across * across)
    share = np.clip((1.0 - distance) * min(half_width, half_height) + 0.5, 0.0, 1.0)
    part = picture[rows, columns]
    part += share * (ellipse.hounsfield - part)


def _noise(seed: int) -> NDArray[np.float64]:
    """Bell-shaped noise of standard deviation NOISE_HU: the sum of four random bytes."""
    generator = random.Random(seed)  # noqa: S311 - a picture's grain, not a secret
    drawn = np.frombuffer(generator.randbytes(4 * SIZE * SIZE), np.uint8)
    total = drawn.reshape(4, SIZE, SIZE).sum(axis=0, dtype=np.int32)
    grain: NDArray[np.float64] = (total - 510) * (NOISE_HU / 147.8)
    return grain
