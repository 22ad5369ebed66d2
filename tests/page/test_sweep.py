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
GRAY_DIFFERENCE, COLOR_DIFFERENCE = 1.0, 3.0  # means
# Selects an instance by its key and resolves when its picture, or the reason for none, is there.
SHOW = """
(async (key) => {
  const row = document.querySelector(`[data-testid=instance-list] > [data-key="${key}"]`);
  row.click();
  const canvas = document.querySelector("[data-testid=viewer-canvas]");
  const notice = document.querySelector(".notice");
  for (;;) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    if (!notice.hidden && notice.dataset.kind !== "loading") return notice.textContent;
    if (canvas.dataset.shown === `${key}/0` && notice.hidden) return "";
  }
})("%s")
"""


@dataclass(frozen=True)
class Outcome:
    """What one file came to on the page."""

    path: Path
    state: str
    notice: str
    canvas: NDArray[np.uint8] | None


def swept(tab: Tab, paths: list[Path]) -> list[Outcome]:
    """Drops all files at once and looks at every picture."""
    tab.drop(*paths)
    tab.settle(len(paths), timeout=2 * READY_MS)
    outcomes = []
    for number, path in enumerate(paths, start=1):
        row = tab.page.locator(f"[data-state][data-key=i{number}]")
        notice = tab.evaluate(SHOW % f"i{number}")
        canvas = None if notice else tab.canvas()
        outcomes.append(Outcome(path, row.get_attribute("data-state") or "", notice, canvas))
    return outcomes


def disagreement(outcome: Outcome) -> str:
    """In what the page differs from the core, natively, on one file; "" where they agree."""
    try:
        with outcome.path.open("rb") as stream:
            syntax = read(stream).transfer_syntax
        picture = core_picture(outcome.path)
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
    outcomes = swept(tab, paths)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the files are odd on purpose
        wrong = {one.path.name: text for one in outcomes if (text := disagreement(one))}
    assert wrong == {}
    assert {one.state for one in outcomes} <= {"ready", "quarantined"}
    assert all(one.notice for one in outcomes if one.state == "quarantined")
    readable = sum(one.state == "ready" for one in outcomes)
    assert readable > len(paths) // 2
    saved = tab.press("deidentify")
    expect(tab.page.locator("[data-state=working]")).to_have_count(0, timeout=2 * READY_MS)
    states = tab.states()
    assert set(states) <= {"done", "quarantined"}
    assert saved.name == "veil.zip"
    with ZipFile(BytesIO(saved.content)) as archive:
        assert len(results(archive)) == states.count("done")
    assert tab.errors == []
