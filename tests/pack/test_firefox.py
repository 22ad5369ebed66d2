"""Bridge and worker in a stock Firefox, from disk and over http."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.browser import FIREFOX, listening, needs_firefox, served

DRIVER = Path(__file__).with_name("firefox.mjs")
MODULES = os.environ.get("VEIL_NODE_MODULES")


@needs_firefox
@pytest.mark.skipif(MODULES is None, reason="no npm packages: run build.py test")
def test_boots_decodes_and_has_no_network(small: Path) -> None:
    with listening() as (target, asked), served(small / "site") as port:
        pages = [(small / "veil.html").as_uri(), f"http://localhost:{port}/"]
        done = subprocess.run(
            ["node", str(DRIVER), str(FIREFOX), str(MODULES), target, *pages],
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(lines) == len(pages)
    for seen in lines:
        assert seen["shut"] is True
        assert seen["fetched"] == "refused"
        assert seen["stages"] == ["unpack", "python", "core", "ready"]
        assert seen["frame"][0] > 0
        assert seen["frame"][1] == 1
    assert asked == []
