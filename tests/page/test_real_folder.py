"""What only a real folder can show: it vanishes, is full or read-only in the middle of a run.

Each time the run stops with one sentence, each instance is either finished or as before, what was
written is whole; and once the folder is as it should be, going on makes what one run would have
made, byte for byte.
"""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import BrowserContext, Playwright, expect

from tests.core.studies import write_study
from tests.page import real
from tests.page.driver import READY_MS, Tab
from tests.page.places import program
from tests.page.studies import CORES, into_folder, take, wait_done

COUNT = 200
STOPPED = "The results can’t be written there any more"
SMALL, LARGE = "2m", "64m"  # of a disk: too small for all, and enough
TRIES = 100
# Files after so many stay open until they are let go, so that a run is in its middle for sure.
HELD = """
{
  const { close } = FileSystemWritableFileStream.prototype;
  let [left, open] = [%d];
  const gate = new Promise((resolve) => (open = resolve));
  globalThis.letGo = () => open();
  FileSystemWritableFileStream.prototype.close = async function () {
    if (left-- <= 0) await gate;
    return close.call(this);
  };
}
"""


class Place(NamedTuple):
    """A browser that may write into `out`; `whole`: what one run makes that nothing disturbs."""

    context: BrowserContext
    address: str
    paths: list[Path]
    key: Path
    out: Path
    whole: dict[str, bytes]

    def tab(self, script: str = "") -> Tab:
        """A page that writes into `out`."""
        return _tab(self.context, self.address, self.out, script)


def _tab(context: BrowserContext, address: str, folder: Path, script: str = "") -> Tab:
    page = context.new_page()
    page.add_init_script(real.CHOSEN + CORES % 3 + script)
    tab = Tab(page, address).open().wait_ready()
    real.choose(tab, folder)
    return tab


@pytest.fixture(scope="module")
def place(
    playwright: Playwright, addresses: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    chromium = program("VEIL_CHROMIUM", "chromium", "chromium-browser", "google-chrome")
    work = tmp_path_factory.mktemp("real")
    key = work / "key"
    key.write_bytes(bytes(range(40)))
    paths = write_study(work / "in", COUNT)
    out, whole = work / "out", work / "whole"
    whole.mkdir()
    address = addresses["localhost"]
    context = real.launch(playwright, chromium, work / "data", address, (out, whole))
    tab = _tab(context, address, whole)
    take(tab, paths, key)
    into_folder(tab)
    wait_done(tab)
    expect(tab.message).to_contain_text(f"{COUNT} de-identified files were saved")
    assert tab.errors == []
    tab.page.close()
    yield Place(context, address, paths, key, out, tree(whole))
    context.close()


@pytest.fixture
def out(place: Place) -> Iterator[Path]:
    """The folder, empty."""
    place.out.mkdir()
    yield place.out
    shutil.rmtree(place.out, ignore_errors=True)


@pytest.fixture
def disk(place: Place) -> Iterator[Path]:
    """A small disk in the place of the folder; skips the test where none can be made."""
    place.out.mkdir()
    made = _mount("-t", "tmpfs", "-o", f"size={SMALL}", "veil-test", str(place.out))
    if not made:
        place.out.rmdir()
        pytest.skip("no small disk can be mounted here; root can")
    yield place.out
    subprocess.run(["umount", "--lazy", place.out], check=True)
    place.out.rmdir()


def _mount(*arguments: str) -> bool:
    found = shutil.which("mount")
    return bool(found) and not subprocess.run([found, *arguments], capture_output=True).returncode


def tree(folder: Path) -> dict[str, bytes]:
    """What the folder holds, but for the journal and what is empty: content by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.stat().st_size and ".veil-journal" not in path.parts
    }


def begun(place: Place) -> Tab:
    """A run that is in its middle, and stays there until it is let go."""
    tab = place.tab(HELD % (COUNT // 2))
    take(tab, place.paths, place.key)
    into_folder(tab)
    done = tab.page.locator("[data-state=done]")
    expect(done.nth(COUNT // 4)).to_be_attached(timeout=READY_MS)
    return tab


def let_go(tab: Tab) -> None:
    tab.evaluate("letGo()")


def assert_stopped(tab: Tab, place: Place, folder: Path) -> None:
    """It said so, and each instance is finished, then whole in the folder, or as before."""
    wait_done(tab)
    expect(tab.message).to_contain_text(STOPPED)
    states = tab.settle(COUNT)
    finished = states.count("done")
    assert states.count("ready") == COUNT - finished
    assert 0 < finished < COUNT
    results = {name: one for name, one in tree(folder).items() if name.endswith(".dcm")}
    assert {name: place.whole[name] for name in results} == results
    assert len(results) == finished


def assert_goes_on(tab: Tab, place: Place) -> None:
    """The same button again."""
    into_folder(tab)
    wait_done(tab)
    assert_whole(tab, place)


def assert_whole(tab: Tab, place: Place) -> None:
    """In the end it is what one run makes, byte for byte."""
    expect(tab.message).to_contain_text(f"{COUNT} de-identified files were saved")
    assert tab.settle(COUNT) == ["done"] * COUNT
    assert tree(place.out) == place.whole
    assert tab.errors == []
    tab.page.close()


def test_a_folder_that_is_taken_away_and_comes_back(place: Place, out: Path) -> None:
    """What the browser was writing into then goes, too; a file of somebody else stays."""
    tab = begun(place)
    away = out.with_name("away")
    out.rename(away)
    let_go(tab)
    assert_stopped(tab, place, away)
    assert not out.exists()
    away.rename(out)
    [series] = {path.parent for path in out.rglob("*.dcm")}
    for name in ("IMG-00200.dcm.crswap", "IMG-00200.dcm.1.crswap"):
        (series / name).write_bytes(b"half")
    strange = series / "notes.crswap"
    strange.write_bytes(b"of somebody else")
    into_folder(tab)
    wait_done(tab)
    assert strange.read_bytes()
    strange.unlink()
    assert_whole(tab, place)


def _emptied(out: Path) -> None:
    """At once, as its owner sees it: files go on being written while it is deleted."""
    gone = out.with_name("gone")
    out.rename(gone)
    out.mkdir()
    shutil.rmtree(gone, ignore_errors=True)


def _file_in_its_place(out: Path) -> None:
    _emptied(out)
    out.rmdir()
    out.write_bytes(b"")


@pytest.mark.parametrize("happens", [_emptied, _file_in_its_place])
def test_a_folder_that_is_no_more(place: Place, out: Path, happens: Callable[[Path], None]) -> None:
    """Its results are gone with it; another run makes them all."""
    tab = begun(place)
    happens(out)
    let_go(tab)
    wait_done(tab)
    expect(tab.message).to_contain_text(STOPPED)
    if out.is_dir():
        assert tree(out) == {}
    else:
        out.unlink()
        out.mkdir()
    assert_goes_on(tab, place)


def test_a_disk_that_is_full(place: Place, disk: Path) -> None:
    tab = place.tab()
    take(tab, place.paths, place.key)
    into_folder(tab)
    assert_stopped(tab, place, disk)
    assert _mount("-o", f"remount,size={LARGE}", str(disk))
    assert_goes_on(tab, place)


def test_a_disk_that_takes_nothing_more(place: Place, disk: Path) -> None:
    """Permission that is taken away in the middle, and given again."""
    assert _mount("-o", f"remount,size={LARGE}", str(disk))
    tab = begun(place)
    tab.test_id("pause").click()
    let_go(tab)
    expect(tab.page.locator("[data-state=working]")).to_have_count(0)
    # Refused while a file is open for writing, such as the journal.
    assert any(_mount("-o", "remount,ro", str(disk)) for _ in range(TRIES))
    tab.test_id("pause").click()
    assert_stopped(tab, place, disk)
    assert _mount("-o", "remount,rw", str(disk))
    assert_goes_on(tab, place)
