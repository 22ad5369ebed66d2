"""Whole studies in the tab: into a folder, paused, cancelled, killed and resumed, hung."""

import json
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import BrowserContext, expect
from playwright.sync_api import Download as PlaywrightDownload

from dicom_veil.cli import main
from tests.core.studies import instance
from tests.page.driver import READY_MS, Tab
from tests.page.studies import begin, into_folder, saved, start, studies_tab, tree, wait_done

COUNT = 40


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "key"
    path.write_bytes(bytes(range(40)))
    return path


def study(folder: Path, count: int, **attributes: str) -> list[Path]:
    """Instances of three series; names that only Unicode has, and one that two files share."""
    paths = []
    for number in range(count):
        path = folder / f"{number % 2}" / f"Прадед ✚ {number // 2}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(instance(number + 1, series=f"1.2.3.1.{number % 3}", **attributes))
        paths.append(path)
    return paths


def names_and_sums(found: dict[str, bytes]) -> dict[str, str]:
    return {name: sha256(content).hexdigest() for name, content in found.items()}


def test_the_tree_is_that_of_the_command_line(
    context: BrowserContext, addresses: dict[str, str], tmp_path: Path, key: Path
) -> None:
    paths = study(tmp_path / "in", COUNT)
    tab = studies_tab(context, addresses["localhost"])
    start(tab, paths, key)
    wait_done(tab)
    expect(tab.message).to_contain_text(f"{COUNT} de-identified files were saved")
    assert tab.settle(COUNT) == ["done"] * COUNT
    found = tree(tab)
    out = tmp_path / "out"
    assert main(["deidentify", *map(str, paths), "--output", str(out), "--key-file", str(key)]) == 0
    native = {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in out.rglob("*")
        if path.suffix in {".dcm", ".json"}
    }
    ours, theirs = (json.loads(report.pop("report.json")) for report in (found, native))
    sums = found.pop("SHA256SUMS").decode().splitlines()
    assert names_and_sums(found) == names_and_sums(native)
    assert sorted(line.split("  ")[1] for line in sums) == sorted([*native, "report.json"])
    ours["tool"] = theirs["tool"]
    assert ours == theirs
    assert tab.errors == []


def test_a_tab_that_is_killed_goes_on_where_it_was(
    context: BrowserContext, addresses: dict[str, str], tmp_path: Path, key: Path
) -> None:
    """The same input, key and folder: in the end it is what one run makes, byte for byte."""
    paths = study(tmp_path / "in", 9 * COUNT)  # so many that it can't end before it is killed
    tab = studies_tab(context, addresses["localhost"])
    start(tab, paths, key)
    done = tab.page.locator("[data-state=done]")
    expect(done.nth(len(paths) // 2)).to_be_attached(timeout=READY_MS)
    tab.page.close()

    again = studies_tab(context, addresses["localhost"])
    before = names_and_sums(tree(again))
    assert len(paths) // 2 <= len(before) < len(paths) + 1
    assert "report.json" not in before
    start(again, paths, key)
    wait_done(again)
    expect(again.message).to_contain_text("of them before")
    resumed = names_and_sums(tree(again))
    again.page.close()

    whole = studies_tab(context, addresses["localhost"], "whole")
    start(whole, paths, key)
    wait_done(whole)
    assert resumed == names_and_sums(tree(whole, "whole"))
    assert len(resumed) == len(paths) + 2


def test_another_key_does_not_go_on(
    context: BrowserContext, addresses: dict[str, str], tmp_path: Path
) -> None:
    """The random key of another tab; nothing of what stands there is touched."""
    paths = study(tmp_path / "in", 4)
    found = []
    for sentence in ("4 de-identified files were saved", "begun with another key"):
        tab = studies_tab(context, addresses["localhost"])
        tab.choose(*paths)
        tab.settle(4)
        found.append(saved(tab, sentence))
    assert found[0] == found[1]


def test_pause_goes_on_and_cancel_keeps_what_is_finished(
    context: BrowserContext, addresses: dict[str, str], tmp_path: Path, key: Path
) -> None:
    paths = study(tmp_path / "in", 9 * COUNT)  # so many that it can't end before
    tab = studies_tab(context, addresses["localhost"])
    start(tab, paths, key)
    done = tab.page.locator("[data-state=done]")
    expect(done.nth(3)).to_be_attached(timeout=READY_MS)
    tab.test_id("pause").click()
    expect(tab.test_id("progress")).to_contain_text("Paused")
    expect(tab.page.locator("[data-state=working]")).to_have_count(0)
    at_rest = done.count()
    tab.page.wait_for_timeout(500)
    assert done.count() == at_rest < len(paths)
    tab.test_id("pause").click()
    expect(done.nth(at_rest + 3)).to_be_attached(timeout=READY_MS)
    tab.test_id("cancel").click()
    wait_done(tab)
    expect(tab.message).to_contain_text("Cancelled")
    finished = done.count()
    assert at_rest < finished < len(paths)
    found = tree(tab)
    assert len(found) == finished
    assert "report.json" not in found
    into_folder(tab)
    wait_done(tab)
    assert tab.settle(len(paths)) == ["done"] * len(paths)
    assert len(tree(tab)) == len(paths) + 2


def test_a_worker_that_hangs_is_replaced(
    context: BrowserContext, addresses: dict[str, str], tmp_path: Path
) -> None:
    """A minute without a sign of life, here some seconds; its neighbours are saved."""
    hurry = """
    const later = setTimeout;
    globalThis.setTimeout = (run, ms, ...given) => later(run, ms >= 60000 ? 10000 : ms, ...given);
    """
    from tests.page.test_death import LESSON, PRELUDE  # its ways to teach Python to misbehave

    paths = study(tmp_path / "in", 6)
    paths[2].write_bytes(instance(3, series="1.2.3.1.2", PatientComments="another size"))
    size = paths[2].stat().st_size
    page = context.new_page()
    page.add_init_script(hurry)
    tab = Tab(page, addresses["file"])
    lesson = LESSON.format(method="deidentify", size=size, way="while True: pass")
    tab.wire.prelude = PRELUDE % json.dumps([lesson])
    tab.open().wait_ready()
    tab.choose(*paths)
    tab.settle(6)
    begin(tab)
    wait_done(tab)
    assert sorted(tab.settle(6)) == ["done"] * 5 + ["quarantined"]
    culprit = tab.page.locator("[data-state=quarantined]")
    assert culprit.get_attribute("data-key") == "i3"
    expect(culprit).to_contain_text("stopped the engine twice")


@pytest.mark.parametrize("name", ["QuotaExceededError", "NotAllowedError", "NotFoundError"])
def test_an_output_that_takes_nothing_more_stops_the_run_and_keeps_what_is_finished(
    context: BrowserContext, addresses: dict[str, str], tmp_path: Path, key: Path, name: str
) -> None:
    """Full, no longer permitted, gone: as the browser says it, from the eleventh file on."""
    fails = f"""
    const real = FileSystemFileHandle.prototype.createWritable;
    let count = 0;
    FileSystemFileHandle.prototype.createWritable = async function () {{
      if (++count > 11) throw new DOMException("", {name!r});
      return real.call(this);
    }};
    """
    paths = study(tmp_path / "in", COUNT)
    tab = studies_tab(context, addresses["localhost"], script=fails)
    start(tab, paths, key)
    wait_done(tab)
    expect(tab.message).to_contain_text("can’t be written there any more")
    found = tree(tab)
    assert len(found) == 10  # and the journal's first piece
    assert all(content[128:132] == b"DICM" for content in found.values())
    tab.page.close()
    again = studies_tab(context, addresses["localhost"])
    start(again, paths, key)
    wait_done(again)
    assert again.settle(COUNT) == ["done"] * COUNT
    assert len(tree(again)) == COUNT + 2


def test_zip_in_parts(tab: Tab, tmp_path: Path) -> None:
    """Each holds no more than was chosen, none is lost, the report is in the last."""
    limit = 300_000
    paths = study(tmp_path / "in", COUNT)
    tab.choose(*paths)
    tab.settle(COUNT)
    tab.evaluate(
        f"document.querySelector('[data-testid=outlet-limit]').options[1].value = '{limit}'"
    )
    tab.test_id("outlet-limit").select_option(str(limit))
    saved: list[PlaywrightDownload] = []
    tab.page.on("download", lambda one: saved.append(one))
    begin(tab)
    wait_done(tab)
    assert tab.settle(COUNT) == ["done"] * COUNT
    tab.test_id("outlet-limit").select_option("0")
    names: list[str] = []
    number = 0
    while "SHA256SUMS" not in names:  # the last; the browser tells of each in its own time
        number += 1
        if len(saved) < number:
            tab.page.wait_for_event("download", timeout=READY_MS)
        part = saved[number - 1]
        assert part.suggested_filename == f"veil-{number:03d}.zip"
        assert Path(part.path()).stat().st_size <= limit
        with ZipFile(part.path()) as archive:
            assert archive.testzip() is None
            names += archive.namelist()
    assert len(saved) > 3
    assert len(set(names)) == len(names) == COUNT + 2
    assert names[-2:] == ["report.json", "SHA256SUMS"]


SLOW = """
const { close } = FileSystemWritableFileStream.prototype;
FileSystemWritableFileStream.prototype.close = async function () {
  await new Promise((resolve) => setTimeout(resolve, 900));
  return close.call(this);
};
"""


def test_a_folder_that_is_slow_is_told_of(
    context: BrowserContext, addresses: dict[str, str], tmp_path: Path, key: Path
) -> None:
    """As where the browser's protection service is asked about each file and does not answer."""
    paths = study(tmp_path / "in", 3 * COUNT)
    tab = studies_tab(context, addresses["localhost"], script=SLOW)
    start(tab, paths, key)
    expect(tab.message).to_contain_text("one ZIP is written much faster")
    wait_done(tab)
    expect(tab.message).to_contain_text(f"{len(paths)} de-identified files were saved")
    assert tab.errors == []
