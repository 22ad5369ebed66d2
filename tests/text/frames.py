"""Frames with text drawn into them, and where each word stands. All follows from the seed."""

import random
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from dicom_veil.text.boxes import Box
from tests.text.backgrounds import Background, Picture, background
from tests.text.fonts import FOLDER, FONTS

NAMES = [
    "MUELLER",
    "SCHMIDT",
    "Müller",
    "Weiß",
    "Jürgen",
    "Søren",
    "Åsa",
    "Gómez",
    "García",
    "Núñez",
    "François",
    "Çelik",
    "OKAFOR",
    "NAKAMURA",
    "Kowalski",
    "Dvořák",
    "SMITH",
    "JOHNSON",
    "Brückner",
    "Adele",
    "Maria",
    "Anna",
    "THOMAS",
    "Iñaki",
    "Zoë",
    "O'BRIEN",
    "LEFÈVRE",
    "Björk",
    "Łukasz",
    "Ágnes",
    "IVANOVA",
    "Lindqvist",
    "PEREIRA",
    "Nguyen",
    "Hernández",
    "YILMAZ",
]
PLAIN = ["Thyroid", "LYMPH NODE", "SUPINE", "Left Kidney", "THORAX", "Carotid", "PORTABLE",
         "Gen THI", "Abdomen", "120 kV", "MI 0.8", "Gain 65"]  # fmt: skip
CONTRASTS = (20, 30, 40, 60, 100, 160, 220)
LOWEST, HIGHEST = 7, 40  # of a capital letter, in pixels
CLEAR_HEIGHT, CLEAR_CONTRAST = 10, 40  # from here on the stricter bar holds
COLORS = ((1, 1, 0), (0, 1, 1), (0, 1, 0))


@dataclass(frozen=True)
class Word:
    """One word: its box, the height of its capitals, how far it is from what is around it.

    `contrast`: grey levels from the 5th or 95th percentile of what lies beneath its line.
    """

    text: str
    box: Box
    identifies: bool
    height: int
    contrast: int
    font: str
    on_end: bool
    level: tuple[int, ...]

    @property
    def clear(self) -> bool:
        return self.height >= CLEAR_HEIGHT and self.contrast >= CLEAR_CONTRAST


@dataclass(frozen=True)
class Frame:
    background: str
    picture: Picture
    words: tuple[Word, ...] = ()


def clean(seed: int) -> Frame:
    """A frame without text."""
    found = background(random.Random(f"clean {seed}"))
    return Frame(found.name, found.picture)


def with_text(seed: int) -> Frame:
    """A frame with one to four lines of text."""
    rng = random.Random(f"text {seed}")
    while True:
        beneath = background(rng)
        frame = _written(beneath, rng)
        if frame.words:
            return frame


def _written(beneath: Background, rng: random.Random) -> Frame:
    picture = beneath.picture.copy()
    words: list[Word] = []
    taken: list[Box] = []
    for _ in range(rng.randint(1, 4)):
        path, sizes = rng.choice(FONTS)
        font = ImageFont.truetype(FOLDER / path, rng.choice(sizes) if sizes else rng.randint(9, 52))
        text, identifies = _text(rng)
        height = round(font.getbbox("H")[3] - font.getbbox("H")[1])
        if not LOWEST <= height <= HIGHEST:
            continue
        shape, parts = _shape(text, font, smooth=not sizes)
        on_end = rng.random() < 0.08
        turn = rng.choice((1, 3)) if on_end else 0
        place = _place(np.rot90(shape, turn).shape, picture.shape, taken, rng)
        if place is None:
            continue
        level = _level(picture[place.top : place.bottom, place.left : place.right], rng)
        if level is None:
            continue
        contrast, color = level
        _draw(picture, np.rot90(shape, turn), place, color)
        taken.append(place.grown(8, 6, 1 << 20, 1 << 20))
        words += [
            Word(word, _turned(box, shape.shape, turn).moved(place.left, place.top), identifies,
                 height, contrast, path.rsplit("/", 1)[-1], on_end, color)
            for word, box in parts
        ]  # fmt: skip
    return Frame(beneath.name, picture, tuple(words))


def _text(rng: random.Random) -> tuple[str, bool]:
    """A line, and whether its words identify."""
    kind = rng.random()
    if kind < 0.4:
        second = rng.choice([", ", "^", " "]) + rng.choice(NAMES) if rng.random() < 0.6 else ""
        return rng.choice(NAMES) + second, True
    if kind < 0.55:
        return "".join(rng.choices("0123456789", k=rng.randint(5, 10))), True
    if kind < 0.7:
        day, month, year = rng.randint(1, 28), rng.randint(1, 12), rng.randint(1930, 2024)
        forms = (f"{day:02}.{month:02}.{year}", f"{year}-{month:02}-{day:02}",
                 f"{month:02}/{day:02}/{year}")  # fmt: skip
        return rng.choice(forms), True
    if kind < 0.85:
        lead = rng.choice(["ID: ", "DOB ", "Acc# ", "PID "])
        return lead + "".join(rng.choices("0123456789ABC", k=7)), True
    return rng.choice(PLAIN), False


def _shape(
    text: str, font: ImageFont.FreeTypeFont, *, smooth: bool
) -> tuple[NDArray[np.float64], list[tuple[str, Box]]]:
    """How much of each pixel is ink, 0 to 1, and the boxes of the words in it."""
    left, top, right, bottom = (round(side) for side in font.getbbox(text))
    mask = Image.new("L", (right - left + 2, bottom - top + 2))
    drawing = ImageDraw.Draw(mask)
    if not smooth:
        drawing.fontmode = "1"
    drawing.text((1 - left, 1 - top), text, fill=255, font=font)
    ink = np.asarray(mask) / 255
    parts: list[tuple[str, Box]] = []
    position = 0
    for word in text.split(" "):
        start = round(font.getlength(text[:position])) - left + 1
        end = round(font.getlength(text[: position + len(word)])) - left + 1
        rows = np.flatnonzero(ink[:, max(0, start) : end].any(axis=1))
        if rows.size:
            box = Box(max(0, start), int(rows[0]), min(end, ink.shape[1]), int(rows[-1]) + 1)
            parts.append((word, box))
        position += len(word) + 1
    return ink, parts


def _place(
    size: tuple[int, ...], frame: tuple[int, ...], taken: list[Box], rng: random.Random
) -> Box | None:
    """Somewhere free, often at an edge."""
    down, across = frame[0] - size[0], frame[1] - size[1]
    if down < 1 or across < 1:
        return None
    for _ in range(20):
        top = rng.randint(0, down) if rng.random() < 0.4 else rng.choice([0, 2, down, min(down, 9)])
        left = rng.randint(0, across) if rng.random() < 0.5 else rng.choice([0, min(3, across),
                                                                             across])  # fmt: skip
        box = Box(left, top, left + size[1], top + size[0])
        if not any(box.common(other) for other in taken):
            return box
    return None


def _level(beneath: Picture, rng: random.Random) -> tuple[int, tuple[int, ...]] | None:
    """A contrast and the color that has it, in a gray picture a gray one."""
    gray = beneath if beneath.ndim == 2 else beneath.mean(axis=2)
    low, high = np.percentile(gray, [5, 95])
    contrast = rng.choice(CONTRASTS)
    bright, dark = int(high) + contrast, int(low) - contrast
    choices = [bright, dark] if rng.random() < 0.7 else [dark, bright]
    level = next((one for one in choices if 0 <= one <= 255), None)
    if level is None:
        return None
    if beneath.ndim == 2:
        return contrast, (level,)
    if level == bright and high < 60 and contrast >= 60 and rng.random() < 0.4:
        return contrast, tuple(level * part for part in rng.choice(COLORS))
    return contrast, (level,) * 3


def _draw(picture: Picture, ink: NDArray[np.float64], place: Box, color: tuple[int, ...]) -> None:
    part = picture[place.top : place.bottom, place.left : place.right]
    weight = ink if picture.ndim == 2 else ink[..., np.newaxis]
    mixed = part * (1 - weight) + np.array(color if picture.ndim == 3 else color[0]) * weight
    part[...] = np.clip(mixed + 0.5, 0, 255).astype(np.uint8)


def _turned(box: Box, shape: tuple[int, ...], turn: int) -> Box:
    """Where a box of a picture is after `turn` quarters to the left."""
    for _ in range(turn):
        box = Box(box.top, shape[1] - box.right, box.bottom, shape[1] - box.left)
        shape = (shape[1], shape[0])
    return box
