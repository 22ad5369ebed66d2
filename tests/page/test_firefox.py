"""The same job in a stock Firefox, from disk: a shorter pass."""

import base64
import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray

from dicom_veil.window import Window
from tests.core.files import bundled
from tests.page.driver import results
from tests.page.films import AVC, film_instance, gray_frames, multi_frame, psnr, stream
from tests.page.places import HOSPITAL, node_module, program
from tests.page.reference import core_picture, opened
from tests.page.test_films import NEAR_LOSSLESS, decoded
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


def done_in_firefox(job: dict[str, Any]) -> dict[str, Any]:
    """What `firefox.mjs` prints; skips the test where there is no Firefox."""
    firefox = program("VEIL_FIREFOX", "firefox-esr", "firefox")
    modules = node_module("puppeteer-core").parent
    done = subprocess.run(
        ["node", str(DRIVER), firefox, str(modules), json.dumps(job)],
        capture_output=True, text=True, check=False, timeout=1200,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_the_whole_job_in_firefox(addresses: dict[str, str], tmp_path: Path) -> None:
    downloads = tmp_path / "downloads"
    downloads.mkdir()
    told = done_in_firefox({
        "address": addresses["file"],
        "files": [str(bundled(name)) for name in FILES],
        "text": str(strip_of_us(tmp_path / "strip.dcm")),
        "window": {"center": WINDOW.center, "width": WINDOW.width},
        "downloads": str(downloads),
        "elsewhere": addresses["localhost"],
    })  # fmt: skip
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
        outputs = [pydicom.dcmread(saved.open(name)) for name in results(saved)]
    assert len(outputs) == len(FILES)
    assert all(output.PatientIdentityRemoved == "YES" for output in outputs)
    originals = {pydicom.dcmread(bundled(name)).PixelData for name in FILES}
    assert {output.PixelData for output in outputs} == originals


def test_exports_in_firefox(addresses: dict[str, str], tmp_path: Path) -> None:
    """MP4 and WebM with every frame once and near its source, and a ZIP of PNGs to the bit."""
    downloads = tmp_path / "downloads"
    downloads.mkdir()
    path = multi_frame(tmp_path / "CITIZEN^JAN.dcm", gray_frames(12, 127, 160), CineRate=12)
    told = done_in_firefox({
        "address": addresses["file"], "files": [str(path)], "downloads": str(downloads),
        "exports": ["mp4", "webm", "png"],
    })  # fmt: skip
    assert all("12 pictures" in said for said in told["said"])
    sources = [core_picture(path, number) for number in range(12)]
    for name, codec in (("mp4", "h264"), ("webm", "vp9")):
        track, times, pictures = decoded((downloads / f"veil-IMG-00001.{name}").read_bytes())
        assert track.codec_context.name == codec
        np.testing.assert_allclose(times, np.arange(12) / 12, atol=0.001)
        for source, picture in zip(sources, pictures, strict=True):
            assert psnr(picture[:127], source) > NEAR_LOSSLESS
    with zipfile.ZipFile(downloads / "veil-export.zip") as archive:
        names = archive.namelist()
        assert len(names) == 12
        for name, source in zip(names, sources, strict=True):
            np.testing.assert_array_equal(opened(archive.read(name)), source)


def test_a_film_in_dicom_in_firefox_without_webcodecs(
    addresses: dict[str, str], tmp_path: Path
) -> None:
    """A transport stream, whose times do not begin at 0, by a video element."""
    frames = gray_frames(12, 96, 128)
    content = stream(frames, "mpegts")
    path = film_instance(tmp_path / "film.dcm", content, 12, 96, 128, AVC)
    numbers = [0, 7, 3, *range(11, -1, -1)]
    told = done_in_firefox({
        "address": addresses["hospital"], "local": HOSPITAL, "files": [str(path)],
        "frames": [number + 1 for number in numbers], "downloads": str(tmp_path),
    })  # fmt: skip
    if told["trouble"]:
        assert "H.264" in told["trouble"]
        pytest.skip("this Firefox has no decoder for H.264")
    assert not told["secure"]
    for number, picture in zip(numbers, told["pictures"], strict=True):
        shown = canvas(picture)
        best = int(np.argmax([psnr(shown, frame[..., None].repeat(3, 2)) for frame in frames]))
        assert best == number
