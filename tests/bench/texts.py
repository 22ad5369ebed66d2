"""Text in pixels: what the scan and other programs leave legible, and how long clips take.

All see the same frames (`tests/text`), from seeds that nothing was tuned on.
"""

import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from dicom_veil.text import native
from dicom_veil.text.ask import answered
from dicom_veil.text.boxes import Box
from dicom_veil.text.clip import scan_clip
from dicom_veil.text.scan import scan
from tests.text.backgrounds import Picture
from tests.text.score import Score, measure

SEEDS = range(10000, 10600)
ROWS, COLUMNS, FRAMES = 600, 800, 60
SURE = 0  # of Tesseract's confidence: every word that it gives counts


def veil(seeds: range = SEEDS) -> tuple[Score, float]:
    """The scan's score, and its seconds for one frame."""
    run, characters = native.runner()
    start = time.perf_counter()
    score = measure(
        lambda picture: [one.box for one in answered(scan(picture, characters), run)], seeds
    )
    return score, (time.perf_counter() - start) / (2 * len(seeds))


def tesseract(seeds: range = SEEDS) -> Score | None:
    """The same for Tesseract as it comes; None where it is not installed.

    presidio-image-redactor finds with these words too, and blacks out those that its analyzer
    takes for personal: without its header's help it removes no more than these.
    """
    if not shutil.which("tesseract"):
        return None
    return measure(_tesseract_words, seeds)


def _tesseract_words(picture: Picture) -> Sequence[Box]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "frame.png"
        Image.fromarray(picture).save(path)
        command = ["tesseract", str(path), "stdout", "--psm", "11", "tsv"]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    boxes = []
    for line in StringIO(told).readlines()[1:]:
        fields = line.rstrip("\n").split("\t")
        if len(fields) == 12 and float(fields[10]) >= SURE and fields[11].strip():
            left, top, width, height = map(int, fields[6:10])
            boxes.append(Box(left, top, left + width, top + height))
    return boxes


def clips() -> dict[str, float]:
    """Seconds for a clip of 60 frames whose picture moves and for one that stands still; MB."""
    run, characters = native.runner()
    found: dict[str, float] = {}
    for name, frame in (("moving", moving), ("still", lambda _index: moving(0))):
        start = time.perf_counter()
        answered(scan_clip(FRAMES, frame, characters), run)
        found[name] = time.perf_counter() - start
    found["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found


def moving(index: int) -> NDArray[np.uint8]:
    """A frame of ultrasound: a sector of new speckle each time, text that stays, a counter."""
    rows, columns = np.mgrid[:ROWS, :COLUMNS]
    down, across = rows - 40, columns - COLUMNS // 2
    inside = (np.hypot(down, across) < 480) & (np.abs(across) < 0.7 * down)
    speckle = np.random.default_rng(index).rayleigh(25, (ROWS, COLUMNS))
    image = Image.fromarray(np.where(inside, speckle, 0).clip(0, 255).astype(np.uint8))
    drawing = ImageDraw.Draw(image)
    font = ImageFont.load_default(16)
    drawing.text((10, 8), "MUELLER ANNA  4711081  07.03.1956", fill=220, font=font)
    drawing.text((10, 570), f"Frame {index + 1}", fill=220, font=font)
    return np.asarray(image)


def rows(row: Any) -> list[dict[str, object]]:
    """Lines of the table; `row` makes one."""
    score, seconds = veil()
    times = clips()
    rates = score.rates
    table = [
        row("identifying words removed, from 10 px and 40 levels", 100 * rates["clear"], "%",
            at_least=99.5),
        row("all words removed, from 7 px", 100 * rates["words"], "%", at_least=97),
        row("false boxes in a frame without text", rates["false"], "boxes", bar=0.05),
        row("scan of one frame, natively", seconds, "s"),
        row("moving clip of 60 frames, 800 × 600", times["moving"], "s", bar=30),
        row("still clip of 60 frames, 800 × 600", times["still"], "s", bar=3),
        row("most memory while scanning", times["memory"], "MB"),
    ]  # fmt: skip
    if other := tesseract():
        for name, rate in other.rates.items():
            unit = "boxes" if name == "false" else "share"
            table.append(row(f"Tesseract on the same frames: {name}", rate, unit))
    return table
