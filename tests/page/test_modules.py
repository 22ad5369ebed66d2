"""The page's pure modules, tested by Node where they need no browser."""

import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
FILES = sorted(path.name for path in HERE.glob("*.test.mjs"))


def test_there_are_some() -> None:
    assert len(FILES) >= 8


@pytest.mark.parametrize("name", FILES)
def test_modules(name: str) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node.js is not installed")
    done = subprocess.run(
        [node, "--test", str(HERE / name)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
