"""Many mixed instances, broken ones among them, workers killed at random: nothing is lost.

10,000 with 100 broken and 50 kills where tests run in full; a shortened form else.
"""

import json
import os
import random
import signal
import subprocess
import time
from collections import Counter
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from dicom_veil.against import verify_files
from dicom_veil.profile import load
from tests.core.outputs import outputs
from tests.core.studies import FULL, mixed
from tests.core.test_studies import ENVIRONMENT, children, command

COUNT, BROKEN, KILLS = (10_000, 100, 50) if FULL else (240, 8, 5)


@pytest.fixture(scope="module")
def soaked(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The folder of a run, what was said, and how many workers were killed in it."""
    folder = tmp_path_factory.mktemp("soak")
    (folder / "in").mkdir()
    for number, (content, _whole) in enumerate(mixed(COUNT, BROKEN), 1):
        (folder / "in" / f"{number:05d}").write_bytes(content)
    process = subprocess.Popen(
        command(folder / "in", "--output", folder / "out", "--workers", 2),
        env=ENVIRONMENT, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    chance, kills = random.Random(7), 0
    limit = time.monotonic() + (3600 if FULL else 120)
    while process.poll() is None and kills < KILLS:
        assert time.monotonic() < limit
        time.sleep(chance.uniform(0.05, 0.5) if FULL else chance.uniform(0.02, 0.15))
        workers = children(process.pid)
        if workers:
            try:
                os.kill(chance.choice(workers), signal.SIGKILL)
                kills += 1
            except ProcessLookupError:
                continue
    _, said = process.communicate(timeout=3600)
    return folder, said, process.returncode, kills


def test_every_instance_is_in_exactly_one_place(soaked: Any) -> None:
    folder, said, status, kills = soaked
    assert kills >= (KILLS if FULL else 2)
    assert status == 1
    assert "Traceback" not in said
    report = json.loads((folder / "out" / "report.json").read_text("utf-8"))
    written = [row["number"] for row in report["instances"]]
    refused = [row["number"] for row in report["refused"]]
    assert sorted(written + refused) == list(range(1, COUNT + 1))
    counts = report["counts"]
    assert counts["deidentified"] == len(written)
    assert counts["quarantined"] + counts["left_out"] == counts["refused"] == len(refused)
    whole = [is_whole for _content, is_whole in mixed(COUNT, BROKEN)]
    assert not [number for number in written if not whole[number - 1]]
    # Whole ones that were not written met a killed worker twice, which chance allows.
    unlucky = [row for row in report["refused"] if whole[row["number"] - 1]]
    assert {row["code"] for row in unlucky} <= {"crashed"}
    assert len(unlucky) <= kills // 2
    # What is on the disk is what the report says, and nothing half is there.
    names = [row["file"] for row in report["instances"]]
    assert Counter(names) == Counter(
        path.relative_to(folder / "out").as_posix() for path in outputs(folder / "out")
    )
    assert not list((folder / "out").rglob(".*.part"))
    subprocess.run(
        ["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=folder / "out", check=True
    )


def test_every_written_one_verifies(soaked: Any) -> None:
    """Each against its own original, by the search that looks into any program's output."""
    folder = soaked[0]
    report = json.loads((folder / "out" / "report.json").read_text("utf-8"))
    profile = load("basic")
    for row in report["instances"]:
        source = (folder / "in" / f"{row['number']:05d}").read_bytes()
        with Path(folder / "out" / row["file"]).open("rb") as output:
            assert verify_files(output, BytesIO(source), profile, Path(row["file"]).name) == ()
