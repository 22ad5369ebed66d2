"""dcmtk's renderers as an outside judge of pictures (Debian's package dcmtk)."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from dicom_veil.window import Window

needs_dcmtk = pytest.mark.skipif(
    not all(shutil.which(tool) for tool in ("dcm2pnm", "dcmj2pnm", "dcml2pnm")),
    reason="dcm2pnm of dcmtk is not installed",
)


class JudgeCannot(Exception):
    """The judge itself gave no picture; holds its own words."""


def dcm2pnm(
    path: Path,
    transfer_syntax: str,
    frame_index: int,
    window: Window | None,
    target: Path,
    *,
    options: tuple[str, ...] = (),
    overlays: bool = False,
) -> NDArray[np.uint8]:
    """One frame as dcmtk draws it: 8 bits, without scaling, and without overlays unless wanted."""
    target.unlink(missing_ok=True)
    command = [
        _tool(transfer_syntax), *(("+O", "0") if overlays else ("-O",)), "-S",
        "+F", str(frame_index + 1),
        *_window_options(window), *options, "+op", str(path), str(target),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    if not target.exists():
        raise JudgeCannot(" ".join(done.stderr.split()))
    return read_pnm(target.read_bytes())


def _tool(transfer_syntax: str) -> str:
    """dcmtk has one program for each family of codestreams."""
    if transfer_syntax in ("1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81"):
        return "dcml2pnm"
    return "dcmj2pnm" if transfer_syntax.startswith("1.2.840.10008.1.2.4.") else "dcm2pnm"


def _window_options(window: Window | None) -> list[str]:
    """dcmtk knows LINEAR and SIGMOID; LINEAR_EXACT is LINEAR half a value on, one value wider."""
    if window is None:
        return []
    if window.voi_lut is not None:
        return ["+Wl", str(window.voi_lut + 1)]
    shift = 1.0 if window.function == "LINEAR_EXACT" else 0.0
    function = "+Wfs" if window.function == "SIGMOID" else "+Wfl"
    return ["+Ww", repr(window.center + shift / 2), repr(window.width + shift), function]


def read_pnm(content: bytes) -> NDArray[np.uint8]:
    """A raw PGM or PPM of 8 bits: (rows, columns) or (rows, columns, 3)."""
    lines: list[bytes] = []
    while len(lines) < 3:
        line, content = content.split(b"\n", 1)
        if not line.startswith(b"#"):
            lines.append(line)
    magic, size, maximum = lines
    assert maximum == b"255"
    columns, rows = map(int, size.split())
    shape = (rows, columns) if magic == b"P5" else (rows, columns, 3)
    return np.frombuffer(content, np.uint8).reshape(shape)
