"""The same job in a stock Firefox, from disk: a shorter pass."""

import base64
import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
from numpy.typing import NDArray

from dicom_veil.window import Window
from tests.core.files import bundled
from tests.page.places import node_module, program
from tests.page.reference import core_picture, opened
from tests.page.texts import strip_of_us

DRIVER = Path(__file__).with_name("firefox.mjs")
FILES = ("CT_small.dcm", "MR_small.dcm", "examples_rgb_color.dcm")
WINDOW = Window(120, 333)


def canvas(told: dict[str, Any]) -> NDArray[np.uint8]:
    content = np.frombuffer(base64.b64decode(told["rgb"]), np.uint8)
    return content.reshape(told["height"], told["width"], 3)


def same(told: dict[str, Any], picture: NDArray[np.uint8]) -> None:
    rgb = picture if picture.ndim == 3 else picture[..., None].repeat(3, 2)
    np.testing.assert_array_equal(canvas(told), rgb)


def test_the_whole_job_in_firefox(addresses: dict[str, str], tmp_path: Path) -> None:
    firefox = program("VEIL_FIREFOX", "firefox-esr", "firefox")
    modules = node_module("puppeteer-core").parent
    downloads = tmp_path / "downloads"
    downloads.mkdir()
    job = {
        "address": addresses["file"],
        "files": [str(bundled(name)) for name in FILES],
        "text": str(strip_of_us(tmp_path / "strip.dcm")),
        "window": {"center": WINDOW.center, "width": WINDOW.width},
        "downloads": str(downloads),
        "elsewhere": addresses["localhost"],
    }
    done = subprocess.run(
        ["node", str(DRIVER), firefox, str(modules), json.dumps(job)],
        capture_output=True, text=True, check=False, timeout=400,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["states"] == ["done"] * len(FILES)
    for name, picture in zip(FILES, told["pictures"], strict=True):
        same(picture, core_picture(bundled(name)))
    windowed = core_picture(bundled(FILES[0]), window=WINDOW)
    same(told["windowed"], windowed)
    assert told["fetched"] == "refused"
    assert any(text.endswith("MED CTR") for text in told["texts"])
    png, archive = sorted(downloads.iterdir(), key=lambda path: path.suffix)
    np.testing.assert_array_equal(opened(png.read_bytes()), windowed)
    with zipfile.ZipFile(archive) as saved:
        outputs = [pydicom.dcmread(saved.open(name)) for name in saved.namelist()]
    assert len(outputs) == len(FILES)
    assert all(output.PatientIdentityRemoved == "YES" for output in outputs)
    originals = {pydicom.dcmread(bundled(name)).PixelData for name in FILES}
    assert {output.PixelData for output in outputs} == originals
