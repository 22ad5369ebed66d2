"""The tab's Python and the native one decode and render the same bits.

Every real file, and pictures made here for what those do not have. Stored values, photometric
interpretation, notes, refusals and the 8-bit picture of the first, middle and last frame.
"""

import json
import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
from PIL import Image

from tests import inside
from tests.core.files import distinct_files
from tests.core.make import encapsulated, header

Told = dict[str, Any]
DIGESTS = inside.HERE / "digests.py"
JXL, BASELINE, EXTENDED, LOSSLESS = (f"1.2.840.10008.1.2.4.{n}" for n in (112, 50, 51, 70))


def picture() -> np.ndarray:
    y, x = np.mgrid[:37, :43]
    return np.stack([x * 5, y * 6, x * y], axis=-1).astype(np.uint8)


def rgb_header(bits: int = 8) -> Any:
    return header(
        37, 43, SamplesPerPixel=3, PhotometricInterpretation="RGB", PlanarConfiguration=0,
        BitsAllocated=bits, BitsStored=bits, HighBit=bits - 1,
    )  # fmt: skip


def write(path: Path, head: Any, coded: bytes, syntax: str) -> Path:
    made = encapsulated(head, [bytes(coded) + bytes(len(coded) % 2)], syntax)
    made.body.seek(0)
    path.write_bytes(made.body.read())
    return path


def made_files(folder: Path) -> list[Path]:
    """Every subsampling of JPEG, every predictor of lossless JPEG, 12 bits, lossy JPEG XL."""
    rgb, found = picture(), []
    for index, subsampling in enumerate(("4:4:4", "4:2:2", "4:2:0", "4:1:1")):
        for progressive in (False, True):
            target = BytesIO()
            Image.fromarray(rgb).save(
                target, "JPEG", quality=85, subsampling=subsampling, progressive=progressive
            )
            path = folder / f"jpeg-{index}-{int(progressive)}.dcm"
            found.append(write(path, rgb_header(), target.getvalue(), BASELINE))
    gray = (rgb[..., 0].astype(np.uint16) << 4) + rgb[..., 1]
    for predictor in range(1, 8):
        coded = imagecodecs.jpeg8_encode(gray, lossless=True, predictor=predictor, bitspersample=16)
        found.append(write(folder / f"lossless-{predictor}.dcm", header(37, 43), coded, LOSSLESS))
    twelve = imagecodecs.jpeg8_encode(gray & 4095, level=90, bitspersample=12)
    head = header(37, 43, BitsStored=12, HighBit=11)
    found.append(write(folder / "twelve.dcm", head, twelve, EXTENDED))
    return found


def native(listed: Path, out: Path) -> dict[str, Any]:
    paths = os.pathsep.join([str(inside.CORE), str(inside.ROOT)])
    command = [sys.executable, str(DIGESTS), str(listed), str(out)]
    subprocess.run(command, check=True, env={**os.environ, "PYTHONPATH": paths})
    told: dict[str, Any] = json.loads(out.read_text())
    return told


def in_tab(listed: Path, out: Path) -> dict[str, Any]:
    ended = inside.run(DIGESTS, listed, out)
    assert ended.status == 0, ended.err[-2000:]
    told: dict[str, Any] = json.loads(out.read_text())
    return told


def both(paths: list[Path], folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    listed = folder / "list.json"
    listed.write_text(json.dumps([str(path.resolve()) for path in paths]))
    return native(listed, folder / "native.json"), in_tab(listed, folder / "tab.json")


def test_tab_and_native_agree_to_the_bit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ours, tabs = both([*distinct_files(), *made_files(tmp_path)], tmp_path)
    differing = [Path(path).name for path in ours if ours[path] != tabs[path]]
    frames = [frame for told in ours.values() if isinstance(told, list) for frame in told]
    pictures = sum("picture" in frame for frame in frames)
    with capsys.disabled():
        print(
            f"\ntab and native: {len(ours)} files, {len(frames)} frames, {pictures} of them with a "
            f"picture, {len(differing)} files differ {differing}"
        )
    assert pictures > 150
    assert differing == []


def test_lossy_jpeg_xl_agrees_within_one(tmp_path: Path) -> None:
    """Its decoder computes in floats, and may dither: the standard gives it that freedom."""
    rgb = picture()
    coded = imagecodecs.jpegxl_encode(rgb, level=90)
    path = write(tmp_path / "lossy.dcm", rgb_header(), coded, JXL)
    plain = imagecodecs.jpegxl_encode(rgb, lossless=True)
    exact = write(tmp_path / "lossless.dcm", rgb_header(), plain, JXL)
    ours, tabs = both([path, exact], tmp_path)
    assert ours[str(exact)] == tabs[str(exact)]
    one, other = (np.array(told[str(path)][0]["values"]) for told in (ours, tabs))
    assert np.abs(one.astype(int) - other).max() <= 1
