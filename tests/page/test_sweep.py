"""Every real file there is, dropped at once: none hangs, and each picture is the core's own."""

import warnings
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import BrowserContext, expect

from dicom_veil.errors import VeilError
from dicom_veil.read import read
from tests.core.files import bundled_files, corpus_files, needs_corpus
from tests.page.driver import READY_MS, Tab, results
from tests.page.reference import core_picture

# The decoders of these are other builds in the tab, and may differ a little (ITU-T T.83); in colour
# more, because each interpolates subsampled chroma at sharp edges in its own way.
LOSSY = {
    f"1.2.840.10008.1.2.4.{number}"
    for number in (50, 51, 53, 55, 81, 91, 93, 111, 112, 203)
}  # fmt: skip
LEFT_OUT = "left out"  # no instance, or the same bytes again
GRAY_DIFFERENCE, COLOR_DIFFERENCE = 1.0, 3.0  # means
# Selects an instance by its key and resolves when its picture, or the reason for none, is there.
SHOW = """
(async (key) => {
  const row = document.querySelector(`[data-testid=instance-list] > [data-key="${key}"]`);
  if (!row) return ["%s", 0];
  row.click();
  const canvas = document.querySelector("[data-testid=viewer-canvas]");
  const notice = document.querySelector(".notice");
  for (const end = performance.now() + 30000; performance.now() < end; ) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    if (!notice.hidden && notice.dataset.kind !== "loading") return [notice.textContent, 0];
    const [shown, frame] = (canvas.dataset.shown ?? "").split("/");
    if (shown === key && notice.hidden) return ["", Number(frame)];
  }
  throw new Error(`neither shown nor refused: ${canvas.dataset.shown} ${notice.dataset.kind}`);
})("%s")
"""


@dataclass(frozen=True)
class Outcome:
    """What one file came to on the page; `frame_index` of the first that is shown, by position."""

    path: Path
    state: str
    notice: str
    canvas: NDArray[np.uint8] | None
    frame_index: int = 0


def swept(tab: Tab, paths: list[Path]) -> list[Outcome]:
    """Drops all files at once and looks at every picture of those that are not left out."""
    tab.drop(*paths)
    expect(tab.test_id("questions")).to_be_visible(timeout=4 * READY_MS)
    assert tab.rows.count() + int(tab.test_id("left-out").inner_text().split()[0]) == len(paths)
    outcomes = []
    for number, path in enumerate(paths, start=1):
        row = tab.page.locator(f"[data-state][data-key=i{number}]")
        notice, frame_index = tab.evaluate(SHOW % (LEFT_OUT, f"i{number}"))
        if notice == LEFT_OUT:
            outcomes.append(Outcome(path, LEFT_OUT, LEFT_OUT, None))
            continue
        canvas = None if notice else tab.canvas()
        state = row.get_attribute("data-state") or ""
        outcomes.append(Outcome(path, state, notice, canvas, frame_index))
    return outcomes


def answered(tab: Tab) -> None:
    """Every question answered: the first file of those with one UID; people differ."""
    unanswered = tab.page.locator("[data-testid=question]:not(:has(input:checked))")
    answers = "[data-testid=answer-different], [data-testid=answer-keep]"
    while count := unanswered.count():
        # Not `check`: it looks again at what it found, which then is the next question's.
        unanswered.first.locator(answers).first.click()
        expect(unanswered).not_to_have_count(count)


def without_repeats(outcomes: list[Outcome]) -> list[Outcome]:
    """Without those left out since another one holds the same bytes."""
    there = {one.path.read_bytes() for one in outcomes if one.state != LEFT_OUT}
    return [one for one in outcomes
            if one.state != LEFT_OUT or one.path.read_bytes() not in there]  # fmt: skip


def disagreement(outcome: Outcome) -> str:
    """In what the page differs from the core, natively, on one file; "" where they agree."""
    try:
        with outcome.path.open("rb") as stream:
            syntax = read(stream).transfer_syntax
        picture = core_picture(outcome.path, outcome.frame_index)
    except VeilError as error:
        return "" if outcome.canvas is None else f"shown, but the core says {error.code}"
    if outcome.canvas is None:
        return f"not shown: {outcome.notice}"
    expected = picture if picture.ndim == 3 else np.repeat(picture[..., None], 3, axis=2)
    if outcome.canvas.shape != expected.shape:
        return f"shape {outcome.canvas.shape}, not {expected.shape}"
    difference = np.abs(outcome.canvas.astype(int) - expected)
    lossy = COLOR_DIFFERENCE if picture.ndim == 3 else GRAY_DIFFERENCE
    limit = lossy if syntax in LOSSY else 0
    return f"differs by {difference.mean():.3f}" if difference.mean() > limit else ""


@pytest.mark.parametrize(
    "which", ["bundled", pytest.param("corpus", marks=needs_corpus)], ids=["pydicom", "corpus"]
)
def test_every_real_file_ends_well(
    context: BrowserContext, addresses: dict[str, str], which: str
) -> None:
    paths = bundled_files() if which == "bundled" else corpus_files()
    assert len(paths) > 100
    tab = Tab(context.new_page(), addresses["file"]).open().wait_ready()
    outcomes = without_repeats(swept(tab, paths))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the files are odd on purpose
        wrong = {one.path.name: text for one in outcomes if (text := disagreement(one))}
    assert wrong == {}
    assert {one.state for one in outcomes} <= {"ready", "quarantined", LEFT_OUT}
    assert all(one.notice for one in outcomes if one.state == "quarantined")
    readable = sum(one.state == "ready" for one in outcomes)
    assert readable > len(paths) // 2
    answered(tab)
    saved = tab.press("deidentify")
    expect(tab.page.locator("[data-state=working]")).to_have_count(0, timeout=2 * READY_MS)
    expect(tab.page.locator("[data-state=ready]:not([data-out])")).to_have_count(0)
    states = tab.states()
    assert set(states) <= {"done", "quarantined", "ready"}
    assert saved.name == "veil.zip"
    with ZipFile(BytesIO(saved.content)) as archive:
        assert len(results(archive)) == states.count("done")
    assert tab.errors == []
