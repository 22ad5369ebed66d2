"""Other people's decoders, asked for the stored values of every frame: the judges of ours.

pydicom with GDCM, pylibjpeg (libjpeg of ISO's reference software, OpenJPEG, its own RLE) and
Pillow, each by itself; dcmtk by its command line, which writes the frames uncompressed.
"""

import logging
import shutil
import subprocess
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.pixels import get_decoder

Array = NDArray[Any]
DCMTK = {
    "dcmdjpeg": tuple(f"1.2.840.10008.1.2.4.{n}" for n in (50, 51, 53, 55, 57, 70)),
    "dcmdjpls": tuple(f"1.2.840.10008.1.2.4.{n}" for n in (80, 81)),
    "dcmdrle": ("1.2.840.10008.1.2.5",),
    "dcmconv": ("1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99",
                "1.2.840.10008.1.2.2"),
}  # fmt: skip
# As coded: no conversion of colours.
OPTIONS = {"dcmdjpeg": ["--conv-never", "--color-by-pixel"], "dcmdjpls": ["--color-by-pixel"]}


@contextmanager
def silent() -> Iterator[None]:
    """Without the many words of these libraries about bad files."""
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(logging.NOTSET)


def by_pydicom(content: bytes, frames: list[int]) -> dict[str, list[Array]]:
    """Decoder → the frames, for every plug-in of pydicom that decodes them all."""
    found: dict[str, list[Array]] = {}
    with silent():
        try:
            dataset = pydicom.dcmread(BytesIO(content), force=True)
            syntax = dataset.file_meta.TransferSyntaxUID
            decoder = get_decoder(syntax)
        except Exception:  # noqa: BLE001 - whatever it cannot read, it is no reference
            return found
        plugins = decoder.available_plugins if syntax.is_encapsulated else ("",)
        for plugin in plugins:
            try:
                found[plugin or "pydicom"] = [
                    decoder.as_array(dataset, index=index, raw=True, decoding_plugin=plugin)[0]
                    for index in frames
                ]
            except Exception:  # noqa: BLE001, S112
                continue
    return found


def by_dcmtk(path: Path, syntax: str, frames: list[int], folder: Path) -> dict[str, list[Array]]:
    """The frames by dcmtk's program for the transfer syntax, if it has one and that succeeds."""
    program = next((name for name, syntaxes in DCMTK.items() if syntax in syntaxes), None)
    if program is None or shutil.which(program) is None:
        return {}
    target = folder / "out.dcm"
    command = [program, "--quiet", *OPTIONS.get(program, []), str(path), str(target)]
    if program == "dcmconv":
        command.insert(1, "--write-xfer-little")
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        return {}
    decoded = by_pydicom(target.read_bytes(), frames)
    target.unlink()
    return {"dcmtk": next(iter(decoded.values()))} if decoded else {}


def largest_difference(one: list[Array], other: list[Array]) -> float:
    """How far two decodings are apart; infinite where they are not of the same kind."""
    apart = 0.0
    for ours, theirs in zip(one, other, strict=True):
        same_kind = ours.dtype == theirs.dtype.newbyteorder("=")
        if ours.shape != theirs.shape or not same_kind:
            return float("inf")
        if not np.array_equal(ours, theirs, equal_nan=ours.dtype.kind == "f"):
            apart = max(apart, float(np.abs(ours.astype(float) - theirs).max()))
    return apart
