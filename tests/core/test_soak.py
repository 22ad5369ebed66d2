"""Many mixed instances, broken ones among them, workers killed at random: nothing is lost.

10,000 with 100 broken and 50 kills where tests run in full; a shortened form else.
"""

import json
import os
import random
import re
import signal
import subprocess
import time
from collections import Counter
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import pytest

from dicom_veil.against import verify_files
from dicom_veil.profile import load
from tests.core.outputs import assert_accounted, outputs
from tests.core.studies import FULL, mixed
from tests.core.test_studies import ENVIRONMENT, children, command

COUNT, BROKEN, KILLS = (10_000, 100, 50) if FULL else (240, 8, 5)


class Soaked(NamedTuple):
    """`kills` of workers, `peak` memory of the command in bytes, `whole` of each input."""

    folder: Path
    said: str
    status: int
    kills: int
    peak: int
    whole: list[bool]


@pytest.fixture(scope="module")
def soaked(tmp_path_factory: pytest.TempPathFactory) -> Soaked:
    """A run that was disturbed, when it is over."""
    folder = tmp_path_factory.mktemp("soak")
    (folder / "in").mkdir()
    whole: list[bool] = []
    for number, (content, is_whole) in enumerate(mixed(COUNT, BROKEN), 1):
        (folder / "in" / f"{number:05d}").write_bytes(content)
        whole.append(is_whole)
    process = subprocess.Popen(
        command(folder / "in", "--output", folder / "out", "--workers", 2),
        env=ENVIRONMENT, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    chance, kills, peak = random.Random(7), 0, 0
    limit = time.monotonic() + (3600 if FULL else 600)
    while process.poll() is None:
        assert time.monotonic() < limit
        peak = max(peak, memory(process.pid))
        time.sleep(chance.uniform(0.05, 0.5) if FULL else chance.uniform(0.02, 0.15))
        workers = children(process.pid)
        if workers and kills < KILLS:
            try:
                os.kill(chance.choice(workers), signal.SIGKILL)
                kills += 1
            except ProcessLookupError:
                continue
    _, said = process.communicate(timeout=3600)
    return Soaked(folder, said, process.returncode, kills, peak, whole)


def memory(process: int) -> int:
    """The most bytes that a process has held so far; 0 when it is over."""
    try:
        status = Path(f"/proc/{process}/status").read_text("ascii")
    except (FileNotFoundError, ProcessLookupError):
        return 0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found.group(1)) * 1024 if found else 0


def test_every_instance_is_in_exactly_one_place(soaked: Soaked) -> None:
    folder, said, status, kills, _peak, whole = soaked
    assert kills >= (KILLS if FULL else 2)
    assert status == 1
    assert "Traceback" not in said
    report = json.loads((folder / "out" / "report.json").read_text("utf-8"))
    assert_accounted(report, whole, kills, "crashed")
    # What is on the disk is what the report says, and nothing half is there.
    names = [row["file"] for row in report["instances"]]
    assert Counter(names) == Counter(
        path.relative_to(folder / "out").as_posix() for path in outputs(folder / "out")
    )
    assert not list((folder / "out").rglob(".*.part"))
    subprocess.run(
        ["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=folder / "out", check=True
    )


def test_the_command_itself_needs_little_memory(soaked: Soaked) -> None:
    """Beside Python with the core loaded (some 70 MB), about 5 KB for each input."""
    assert 0 < soaked.peak < (100 << 20) + 8_000 * COUNT, soaked.peak


def test_every_written_one_verifies(soaked: Soaked) -> None:
    """Each against its own original, by the search that looks into any program's output."""
    folder = soaked.folder
    report = json.loads((folder / "out" / "report.json").read_text("utf-8"))
    profile = load("basic")
    for row in report["instances"]:
        source = (folder / "in" / f"{row['number']:05d}").read_bytes()
        with Path(folder / "out" / row["file"]).open("rb") as output:
            assert verify_files(output, BytesIO(source), profile, Path(row["file"]).name) == ()
