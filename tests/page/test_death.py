"""A worker that dies is replaced: what waited is told, the culprit is set aside, all else goes on.

No file is known that kills the present decoders, so the interpreter is killed from inside, for
real, while it works on one file: by a trap of WebAssembly, or by more memory than there is.
"""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pydicom
import pytest
from playwright.sync_api import BrowserContext, expect

from tests.core.files import bundled
from tests.core.studies import instance
from tests.page.driver import READY_MS, Tab, results
from tests.page.reference import core_picture
from tests.page.studies import begin, studies_tab, tree, wait_done

WAYS = {
    "trap": "import ctypes; ctypes.string_at(2**32 - 65536, 65000)",
    "memory": "kept = [bytes(2**31 - 64) for _ in range(3)]",
}
# Before the first call of a worker, Python learns to die of `method` on the file of `size` bytes.
PRELUDE = """
{
  const lesson = %s;
  const wait = setInterval(() => {
    const { onmessage } = self;
    if (!onmessage) return;
    clearInterval(wait);
    self.onmessage = (event) => {
      if (event.data.method !== "boot" && lesson.length) python.runPython(lesson.pop());
      onmessage(event);
    };
  }, 1);
}
"""
LESSON = """
from dicom_veil import tab
alive = tab._METHODS["{method}"]
def deadly(params, file):
    if file is not None and file.size == {size}:
        {way}
    return alive(params, file)
tab._METHODS["{method}"] = deadly
"""
KILLER = "MR_small.dcm"


def prelude(method: str, way: str) -> str:
    size = bundled(KILLER).stat().st_size
    return PRELUDE % json.dumps([LESSON.format(method=method, size=size, way=WAYS[way])])


# Python dies in the call of `method` that comes after `spared` others.
LATE = """
from dicom_veil import tab
alive, spared = tab._METHODS["{method}"], [None] * {spared}
def deadly(params, file):
    if not spared:
        {way}
    spared.pop()
    return alive(params, file)
tab._METHODS["{method}"] = deadly
"""


@pytest.fixture
def fresh(context: BrowserContext, addresses: dict[str, str]) -> Callable[[str], Tab]:
    def make(lesson: str) -> Tab:
        tab = Tab(context.new_page(), addresses["file"])
        tab.wire.prelude = lesson
        return tab.open().wait_ready()

    return make


@pytest.mark.parametrize(
    ("method", "way"),
    [("inspect", "trap"), ("frame", "trap"), ("deidentify", "trap"), ("inspect", "memory")],
)
def test_what_kills_twice_is_set_aside_and_the_others_are_saved(
    fresh: Callable[[str], Tab], method: str, way: str
) -> None:
    tab = fresh(prelude(method, way))
    good = [bundled("CT_small.dcm"), bundled("JPEG2000.dcm")]
    tab.choose(good[0], bundled(KILLER), good[1])
    expect(tab.rows).to_have_count(3)
    culprit = tab.page.locator("[data-state=quarantined]")
    if method == "frame":
        tab.settle(3)
        tab.page.locator("[data-state][data-key=i2]").click()
    if method == "deidentify":
        assert tab.settle(3) == ["ready"] * 3
        tab.press("deidentify")
        expect(culprit).to_have_count(1, timeout=READY_MS)
        assert sorted(tab.settle(3)) == ["done", "done", "quarantined"]
    expect(culprit).to_contain_text("stopped the engine twice", timeout=READY_MS)
    assert tab.settle(3).count("quarantined") == 1
    assert culprit.get_attribute("data-key") == "i2"
    tab.show(tab.page.locator("[data-state][data-key=i1]"))
    tab.assert_canvas(core_picture(good[0]))
    if method != "deidentify":
        tab.press("deidentify")
        assert sorted(tab.settle(3)) == ["done", "done", "quarantined"]
    assert len(tab.wire.workers) == 1


def test_all_that_waited_behind_the_culprit_is_saved(
    fresh: Callable[[str], Tab], tmp_path: Path
) -> None:
    """More instances than are under way at once; those beside the culprit lose their worker."""
    paths = []
    for number in range(8):
        dataset = pydicom.dcmread(bundled("CT_small.dcm"))
        dataset.SOPInstanceUID = f"1.2.3.{number + 1}"
        dataset.InstanceNumber = number + 1
        paths.append(tmp_path / f"{number}.dcm")
        dataset.save_as(paths[-1])
    dataset = pydicom.dcmread(bundled(KILLER))
    study = pydicom.dcmread(paths[0])
    for keyword in ("PatientID", "PatientName", "StudyInstanceUID", "SeriesInstanceUID"):
        setattr(dataset, keyword, study[keyword].value)
    dataset.InstanceNumber = 3
    killer = tmp_path / "2.dcm"
    dataset.save_as(killer)
    assert killer.stat().st_size != paths[0].stat().st_size
    tab = fresh(PRELUDE % json.dumps([LESSON.format(
        method="deidentify", size=killer.stat().st_size, way=WAYS["trap"])]))  # fmt: skip
    tab.choose(*paths)
    assert tab.settle(8) == ["ready"] * 8
    saved = tab.press("deidentify")
    assert sorted(tab.settle(8)) == ["done"] * 7 + ["quarantined"]
    culprit = tab.page.locator("[data-state=quarantined]")
    expect(culprit).to_contain_text("stopped the engine twice")
    assert culprit.get_attribute("data-key") == "i3"
    with ZipFile(BytesIO(saved.content)) as archive:
        numbers = [pydicom.dcmread(BytesIO(archive.read(one))).InstanceNumber
                   for one in results(archive)]  # fmt: skip
    assert sorted(numbers) == [1, 2, 4, 5, 6, 7, 8]
    assert len(tab.wire.workers) == 1


def test_an_instance_that_was_only_near_goes_on(fresh: Callable[[str], Tab]) -> None:
    """The first worker dies; the second, which is not taught to, answers what waited."""
    tab = fresh(prelude("inspect", "trap"))
    tab.wire.prelude = ""
    first = tab.wire.workers[0]
    tab.choose(bundled(KILLER), bundled("CT_small.dcm"))
    assert tab.settle(2) == ["ready", "ready"]
    assert tab.wire.workers != [first]
    tab.show(tab.rows.first)


def test_a_worker_that_fails_outside_of_a_call_is_replaced(fresh: Callable[[str], Tab]) -> None:
    tab = fresh("")
    first = tab.wire.workers[0]
    tab.wire.evaluate_in_worker("setTimeout(() => { throw new Error('out of nowhere'); }), 1")
    expect(tab.message).to_contain_text("started again")
    tab.choose(bundled("CT_small.dcm"))
    assert tab.settle(1) == ["ready"]
    assert first not in tab.wire.workers


@pytest.mark.parametrize(
    "neighbours",
    [[], ["CT_small.dcm", "JPEG2000.dcm", "examples_rgb_color.dcm", "examples_overlay.dcm"]],
)
def test_cancel_ends_what_takes_too_long(
    fresh: Callable[[str], Tab], neighbours: list[str]
) -> None:
    """Cancel stops even Python that would never end by itself, and the next job works."""
    lesson = LESSON.format(
        method="deidentify", size=bundled(KILLER).stat().st_size, way="while True: pass"
    )
    tab = fresh(PRELUDE % json.dumps([lesson]))
    tab.choose(bundled(KILLER), *(bundled(name) for name in neighbours))
    tab.settle(1 + len(neighbours))
    tab.begin()
    tab.test_id("cancel").click()
    expect(tab.message).to_contain_text("Cancelled")
    states = tab.settle(1 + len(neighbours))
    assert set(states) <= {"ready", "done"}
    saved = "done" in states  # what was finished before is kept
    if saved and not tab.downloads:
        tab.page.wait_for_event("download", timeout=READY_MS)
    assert len(tab.downloads) == saved
    assert tab.page.locator("[data-state=ready][data-key=i1]").count() == 1
    tab.wire.prelude = ""
    tab.clear()
    tab.choose(bundled("CT_small.dcm"))
    tab.settle(1)
    saved = pydicom.dcmread(BytesIO(tab.press("deidentify").content))
    assert saved.PatientIdentityRemoved == "YES"


@pytest.mark.parametrize(("method", "spared"), [("batch_audit", 0), ("directory_add", 2)])
def test_a_death_while_a_batch_is_finished_leaves_nothing_out(
    context: BrowserContext, addresses: dict[str, str], tmp_path: Path, method: str, spared: int
) -> None:
    """A DICOMDIR that was begun is begun anew: it would lack those of before."""
    lesson = PRELUDE % json.dumps([LATE.format(method=method, spared=spared, way=WAYS["trap"])])
    tab = studies_tab(context, addresses["localhost"], first=lesson)
    paths = [tmp_path / str(number) for number in range(4)]
    for number, path in enumerate(paths):
        path.write_bytes(instance(number + 1))
    tab.choose(*paths)
    tab.settle(len(paths))
    tab.test_id("outlet").select_option("folder")
    tab.test_id("outlet-dicomdir").check()
    begin(tab)
    wait_done(tab)
    expect(tab.message).to_contain_text("4 de-identified files were saved")
    made = tree(tab)
    records = pydicom.dcmread(BytesIO(made["DICOMDIR"])).DirectoryRecordSequence
    named = ["/".join(one.ReferencedFileID) for one in records if "ReferencedFileID" in one]
    assert sorted(made) == sorted([*named, "DICOMDIR", "report.json", "SHA256SUMS"])
    assert len(named) == len(paths)
    assert len(tab.wire.workers) == 1
