"""Many mixed instances in the tab, broken ones among them, workers killed at random.

10,000 with 100 broken and 50 kills where tests run in full; a shortened form else.
"""

import json
import random
import re
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser

from dicom_veil.against import verify_files
from dicom_veil.profile import load
from tests.core.outputs import assert_accounted
from tests.core.studies import FULL, mixed
from tests.page.driver import Tab
from tests.page.studies import into_folder, kill, studies_tab, tree, wait_done

COUNT, BROKEN, KILLS = (10_000, 100, 50) if FULL else (160, 8, 4)
PATIENCE_MS = 3_600_000 if FULL else 180_000


class Soaked(NamedTuple):
    """`kills` of workers, `whole` of each input, `made` by the run."""

    folder: Path
    kills: int
    whole: list[bool]
    made: dict[str, bytes]


@pytest.fixture(scope="module")
def soaked(
    browser: Browser, addresses: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Soaked:
    """A run that was disturbed, when it is over."""
    folder = tmp_path_factory.mktemp("soak")
    whole: list[bool] = []
    for number, (content, is_whole) in enumerate(mixed(COUNT, BROKEN), 1):
        (folder / f"{number:05d}").write_bytes(content)
        whole.append(is_whole)
    context = browser.new_context()
    tab = studies_tab(context, addresses["localhost"])
    tab.choose(*sorted(folder.iterdir()))
    ready = tab.page.locator("[data-testid=deidentify]:enabled")
    ready.wait_for(timeout=PATIENCE_MS)
    into_folder(tab)
    chance, kills = random.Random(7), 0
    # After so many instances each, however fast they are.
    moments = sorted(chance.sample(range(COUNT * 4 // 5), KILLS))
    while tab.test_id("cancel").is_visible():
        tab.page.wait_for_timeout(50)
        if kills < KILLS and tab.wire.workers and done(tab) >= moments[kills]:
            kills += kill(tab, chance.randrange(10))
    wait_done(tab, PATIENCE_MS)
    made = tree(tab)
    assert "report.json" in made, tab.message.inner_text()
    assert tab.errors == []
    context.close()
    return Soaked(folder, kills, whole, made)


def done(tab: Tab) -> int:
    """How many instances the page says are done."""
    said = re.search(r"([\d,]+) of", tab.test_id("progress").inner_text())
    return int(said[1].replace(",", "")) if said else 0


def test_every_instance_is_in_exactly_one_place(soaked: Soaked) -> None:
    _folder, kills, whole, made = soaked
    assert kills >= (KILLS if FULL else 2)
    report = json.loads(made["report.json"])
    assert_accounted(report, whole, kills, "worker-died")
    # What is in the folder is what the report says, and nothing half is there.
    files = {row["file"]: row["sha256"] for row in report["instances"]}
    assert sorted(made) == sorted([*files, "report.json", "SHA256SUMS"])
    assert {name: sha256(made[name]).hexdigest() for name in files} == files


def test_every_written_one_verifies(soaked: Soaked) -> None:
    """Each against its own original, by the search that looks into any program's output."""
    profile = load("basic")
    for row in json.loads(soaked.made["report.json"])["instances"]:
        source = BytesIO((soaked.folder / f"{row['number']:05d}").read_bytes())
        output = BytesIO(soaked.made[row["file"]])
        assert verify_files(output, source, profile, Path(row["file"]).name) == ()
