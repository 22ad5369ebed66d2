"""Text in pixels: what the scan and other programs leave legible, and how long clips take.

The programs all see the same frames (`tests/text`), from seeds that nothing was tuned on.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import cache, partial
from io import StringIO
from itertools import repeat
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Playwright

from dicom_veil.text import native
from dicom_veil.text.ask import answered
from dicom_veil.text.boxes import Box
from dicom_veil.text.scan import scan
from tests.bench import clips
from tests.bench.clips import written
from tests.bench.rates import HERE, cache_folder, python_of
from tests.core.make import header
from tests.text.backgrounds import Picture
from tests.text.frames import Frame, clean, with_text
from tests.text.score import (
    ALL_BAR,
    CLEAR_BAR,
    FALSE_BAR,
    Answer,
    Finder,
    Score,
    all_goes,
    by_default,
    measure,
    scored,
)

FULL = bool(os.environ.get("VEIL_FULL"))
SEEDS = range(50000, 50600 if FULL else 50120)  # each makes a frame with text and one without
FEW = SEEDS if FULL else SEEDS[:30]  # that presidio-image-redactor sees: it takes seconds for each
MOVING_BAR, STILL_BAR = 30.0, 3.0
CORES = (1, 2)  # each with a worker for models
SURE = 0  # of Tesseract's confidence: every word that it gives counts
REDACTOR = "presidio-image-redactor"


def over(find: Finder, seeds: Sequence[int]) -> tuple[Score, float]:
    """A finder's score over frames, on all processors, and its seconds for one frame on one."""
    start = time.perf_counter()
    total = Score()
    workers = os.cpu_count() or 1
    with ProcessPoolExecutor(workers) as pool:
        for score in pool.map(partial(_of_seed, find), seeds, chunksize=4):
            total += score
    return total, (time.perf_counter() - start) * workers / (2 * len(seeds))


def _of_seed(find: Finder, seed: int) -> Score:
    return measure(find, [seed])


def veil(picture: Picture) -> Answer:
    """What Veil's scan finds, and what of it goes by default."""
    run, characters = _runner()
    return by_default(answered(scan(picture, characters), run))


@cache
def _runner() -> tuple[Any, tuple[str, ...]]:
    return native.runner()


def tesseract(picture: Picture) -> Answer:
    """What Tesseract finds as it comes, told to look for sparse text."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "frame.png"
        Image.fromarray(picture).save(path)
        command = ["tesseract", str(path), "stdout", "--psm", "11", "tsv"]
        alone = {**os.environ, "OMP_THREAD_LIMIT": "1"}
        told = subprocess.run(command, capture_output=True, text=True, check=True, env=alone).stdout
    boxes = []
    for line in StringIO(told).readlines()[1:]:
        fields = line.rstrip("\n").split("\t")
        if len(fields) == 12 and float(fields[10]) >= SURE and fields[11].strip():
            left, top, width, height = map(int, fields[6:10])
            boxes.append(Box(left, top, left + width, top + height))
    return all_goes(boxes)


def redactor(seeds: Sequence[int], python: str) -> tuple[Score, str]:
    """presidio-image-redactor's score, and what it knew names by.

    Each frame is a DICOM file whose Patient's Name holds all words of the frame, which it looks
    for besides: so a word counts as left where it was not read.
    """
    made = (
        (f"{seed}-{make.__name__}", make(seed)) for seed in seeds for make in (with_text, clean)
    )
    frames = dict(made)
    with tempfile.TemporaryDirectory() as folder:
        for name, frame in frames.items():
            (Path(folder) / f"{name}.dcm").write_bytes(_file(frame))
        command = [python, str(HERE / "redactor.py"), folder]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = json.loads(told.splitlines()[-1])
    total = Score()
    for name, frame in frames.items():
        total += scored(frame, all_goes([Box(*box) for box in found["boxes"][f"{name}.dcm"]]))
    return total, found["model"] or "the header alone, its language model not being installed"


def _file(frame: Frame) -> bytes:
    picture = frame.picture
    kind: dict[str, object] = {"BitsAllocated": 8, "BitsStored": 8, "HighBit": 7}
    if picture.ndim == 3:
        kind |= {"SamplesPerPixel": 3, "PhotometricInterpretation": "RGB",
                 "PlanarConfiguration": 0}  # fmt: skip
    names = "^".join(word.text.replace("^", " ") for word in frame.words)
    return written(header(*picture.shape[:2], PatientName=names or "None", **kind), picture)


def rows(
    row: Any, playwright: Playwright, chromium: str, single_file: Path, work: Path
) -> list[dict[str, object]]:
    """Lines of the table; `row` makes one."""
    files = clips.clips()
    _say("clips natively")
    times = clips.natively(files)
    _say("clips in the tab")
    tabs = {
        cores: clips.in_tab(playwright, chromium, single_file, files, work, cores)
        for cores in CORES
    }
    _say(f"{2 * len(SEEDS)} frames by Veil")
    score, seconds = over(veil, SEEDS)
    table = [
        *_scores(row, "Veil", score, judged=True),
        row("scan of one frame, natively", seconds, "s"),
    ]
    bars = {"moving": MOVING_BAR, "still": STILL_BAR}
    what = f"clip of {clips.FRAMES} frames, {clips.COLUMNS} × {clips.ROWS}"
    for name, bar in bars.items():
        table.append(row(f"{name} {what}, natively on one thread", times[name], "s", bar=bar))
        for cores, tab in tabs.items():
            judged = bar if cores == 1 else None
            table.append(
                row(f"{name} {what}, in the tab, workers: {cores}", tab[name], "s", bar=judged)
            )
    table.append(row("most memory while scanning, natively", times["memory"], "MB"))
    for cores, tab in tabs.items():
        held = f"browser above its idle after both clips, workers: {cores}"
        table.append(row(held, tab["memory"], "MB"))
    if shutil.which("tesseract"):
        _say(f"{2 * len(SEEDS)} frames by Tesseract")
        table += _scores(row, "Tesseract", over(tesseract, SEEDS)[0])
    return [*table, *_redactor_rows(row)]


def _say(what: str) -> None:
    print(f"== {what}", file=sys.stderr, flush=True)


def _redactor_rows(row: Any) -> list[dict[str, object]]:
    """presidio-image-redactor beside Veil on the same few frames; it needs Tesseract."""
    if not shutil.which("tesseract"):
        return []
    _say(f"{2 * len(FEW)} frames by {REDACTOR}")
    python = python_of(REDACTOR, cache_folder())
    workers = os.cpu_count() or 1
    with ThreadPoolExecutor(workers) as pool:
        told = list(pool.map(redactor, (FEW[at::workers] for at in range(workers)), repeat(python)))
    score = sum((one for one, _ in told), Score())
    what = f"{len(FEW)} + {len(FEW)} frames"
    table = _scores(row, f"{REDACTOR} ({told[0][1]}), {what}", score)
    if len(FEW) < len(SEEDS):
        _say(f"the same {2 * len(FEW)} frames by Veil")
        table += _scores(row, f"Veil, the same {what}", over(veil, FEW)[0])
    return table


def _scores(row: Any, who: str, score: Score, *, judged: bool = False) -> list[dict[str, object]]:
    rates = score.rates
    clear, words, false = CLEAR_BAR, ALL_BAR, FALSE_BAR
    return [
        row(f"{who}: identifying words removed, from 10 px and 40 levels, of {score.clear}",
            100 * rates["clear"], "%", at_least=100 * clear if judged else None),
        row(f"{who}: all words found, from 7 px, of {score.words}", 100 * rates["words"], "%",
            at_least=100 * words if judged else None),
        row(f"{who}: false boxes in a frame without text, of {score.clean_frames}",
            rates["false"], "boxes", bar=false if judged else None),
    ]  # fmt: skip
