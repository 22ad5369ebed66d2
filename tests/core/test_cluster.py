"""The same on Dask: a real scheduler, two workers, one killed in the middle; any fsspec URL."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from dicom_veil import storage
from dicom_veil.batch import pool
from dicom_veil.batch.cluster import _do
from dicom_veil.batch.journal import Journal, made_with
from dicom_veil.batch.prepare import prepare
from dicom_veil.batch.run import perform
from dicom_veil.batch.tree import tree_name
from dicom_veil.cli import main
from dicom_veil.errors import CannotWrite, FileGone
from dicom_veil.identity import Identity
from dicom_veil.intake.find import find
from dicom_veil.profile import load
from tests.core.outputs import outputs, results
from tests.core.studies import FULL, instance, mixed, write_study
from tests.core.test_studies import ENVIRONMENT, command

pytest.importorskip("distributed", reason="dask and distributed are not installed")
ADDRESS = re.compile(r"tcp://[0-9.]+:[0-9]+")


class Cluster:
    """A scheduler and its workers, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._started: list[subprocess.Popen[bytes]] = []
        file = folder / "scheduler.json"
        self._start("scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
        self.address = self._address(file)
        self.workers = [self._worker() for _ in range(2)]

    def _worker(self) -> "subprocess.Popen[bytes]":
        return self._start("worker", self.address, "--nthreads", "1", "--no-nanny",
                           "--no-dashboard", "--local-directory", str(self._folder))  # fmt: skip

    def _start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        log = (self._folder / f"{arguments[0]}{len(self._started)}.log").open("wb")
        with log:
            process = subprocess.Popen(
                [sys.executable, "-m", "distributed.cli.dask_" + arguments[0], *arguments[1:]],
                env=ENVIRONMENT, stdout=log, stderr=log,
            )  # fmt: skip
        self._started.append(process)
        return process

    def _address(self, file: Path) -> str:
        limit = time.monotonic() + 300
        while time.monotonic() < limit:
            if file.exists() and (found := ADDRESS.search(file.read_text("utf-8"))):
                return found.group()
            time.sleep(0.05)
        raise TimeoutError

    def close(self) -> None:
        for process in reversed(self._started):
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    with ExitStack() as stack:
        (tmp_path / "cluster").mkdir()
        made = Cluster(tmp_path / "cluster")
        stack.callback(made.close)
        yield made


def test_a_worker_of_the_cluster_is_killed_and_nothing_is_lost(
    tmp_path: Path, cluster: Cluster
) -> None:
    """Byte for byte what the local run makes, pictures too, over `file://` addresses."""
    (tmp_path / "in").mkdir()
    (tmp_path / "key").write_bytes(bytes(range(32)))
    count = 2000 if FULL else 96
    for number, (content, _whole) in enumerate(mixed(count, 5)):
        (tmp_path / "in" / f"{number:05d}").write_bytes(content)
    out, local = tmp_path / "out", tmp_path / "local"
    same = ["--key-file", tmp_path / "key", "--pictures"]
    process = subprocess.Popen(
        command(f"file://{tmp_path / 'in'}", *same, "--output", f"file://{out}",
                "--scheduler", cluster.address),
        env=ENVIRONMENT, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    limit = time.monotonic() + 300
    while len(outputs(out)) < count // 8 and process.poll() is None:
        assert time.monotonic() < limit
        time.sleep(0.01)
    before = len(outputs(out))
    os.kill(cluster.workers[0].pid, signal.SIGKILL)
    _, said = process.communicate(timeout=600)
    assert process.returncode == 1, said[-3000:]
    assert before < count - 5
    assert f"{count - 5} de-identified" in said, said[-3000:]
    subprocess.run(command(tmp_path / "in", *same, "--output", local), env=ENVIRONMENT,
                   capture_output=True, check=False)  # fmt: skip
    shutil.rmtree(out / ".veil-journal")
    assert results(out) == results(local)


def test_no_scheduler_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a").write_bytes(instance(1))
    arguments = ["deidentify", str(tmp_path / "a"), "--output", str(tmp_path / "out")]
    assert main([*arguments, "--scheduler", "nonsense://x"]) == 2
    assert "No Dask scheduler answers" in capsys.readouterr().err


def test_from_and_into_a_store_that_is_no_disk(tmp_path: Path) -> None:
    """`memory://`, in this process: folders in, a tree and a journal out, gone on with."""
    import fsspec

    store = fsspec.filesystem("memory")
    write_study(tmp_path, 4)
    for path in tmp_path.iterdir():
        store.pipe(f"/in/deep/{path.name}", path.read_bytes())
    identity, profile = Identity(bytes(32)), load("basic")

    def here(task, jobs):  # type: ignore[no-untyped-def]
        for job in jobs:
            yield job, _do(task, job)

    def run(place: str, output: str, executor):  # type: ignore[no-untyped-def]
        batch = prepare(find([place]), identity, executor, tree_name)
        journal = Journal(output, made_with(profile, identity, "tree"))
        finished = journal.entries() if journal.is_there() else []
        outcome = perform(batch, output, profile, identity, journal, executor, finished=finished)
        journal.close()
        return outcome

    assert len(run("memory://in", "memory://out", here).rows) == 4
    run(str(tmp_path), str(tmp_path / "out"), partial(pool.run, workers=1))
    local = {path.relative_to(tmp_path / "out").as_posix(): path.read_bytes()
             for path in outputs(tmp_path / "out")}  # fmt: skip
    stored = {name.removeprefix("/out/"): store.cat(name) for name in store.find("/out")
              if "journal" not in name}  # fmt: skip
    assert stored == local
    store.rm(f"/out/{next(iter(stored))}")
    again = run("memory://in", "memory://out", here)
    assert (again.resumed, len(again.rows)) == (3, 4)
    assert store.cat(f"/out/{next(iter(stored))}") == next(iter(stored.values()))


def test_a_store_gets_a_file_whole_or_not_at_all() -> None:
    import fsspec

    def pieces() -> Iterator[bytes]:
        yield b"half"
        raise FileGone("gone")

    with pytest.raises(FileGone):
        storage.write("memory://half/a", pieces())
    assert not fsspec.filesystem("memory").exists("/half/a")
    assert storage.write("memory://half/a", [b"whole"]).size == 5
    assert storage.digest_of("memory://half/a").size == 5
    with pytest.raises(FileGone):
        storage.digest_of("memory://half/b")
    with pytest.raises(CannotWrite):
        storage.write("file:///proc/nowhere/a", [b""])
