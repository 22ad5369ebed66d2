"""Stored values against the decoders of others: every frame of every file that any of them decodes.

The table in the output says of each transfer syntax how many files were decoded, refused (with the
reason, and whether a reference decodes them) and differ. Lossless values are those of all
references; lossy ones those of at least one: GDCM, Pillow and dcmtk have IJG's inverse cosine
transform, as we do, the reference software of ISO in pylibjpeg has another.
"""

import re
import shutil
import subprocess
from collections import Counter, defaultdict
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from pydicom._uid_dict import UID_dictionary

from dicom_veil import errors
from dicom_veil.decode import decode_frame, decode_stored, frame_count
from dicom_veil.read import Instance, read
from tests.core.files import distinct_files
from tests.core.references import by_dcmtk, by_pydicom, largest_difference

LOSSY = tuple(f"1.2.840.10008.1.2.4.{n}" for n in (50, 51, 53, 55))
# References that are wrong, and why. dcmtk swaps big-endian cells of 32 bits in words of 16.
WRONG = {("rtdose_expb.dcm", "dcmtk"), ("rtdose_expb_1frame.dcm", "dcmtk"),
         ("dcmjs__sample-op.dcm", "pylibjpeg")}  # fmt: skip  # a lossy stream, named lossless
PNM = {"1.2.840.10008.1.2.4.80": "dcml2pnm", "1.2.840.10008.1.2.4.81": "dcml2pnm"}
TABLE: defaultdict[str, Counter[str]] = defaultdict(Counter)
JUDGES: Counter[str] = Counter()


FILES = distinct_files()


def syntax_of(instance: Instance) -> str:
    uid = instance.transfer_syntax
    return uid.name if uid in UID_dictionary else str(uid)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_frame_is_that_of_the_references(path: Path, tmp_path: Path) -> None:
    content = path.read_bytes()
    try:
        instance = read(BytesIO(content))
        frames = list(range(frame_count(instance.dataset)))
        ours = [decode_stored(instance, index).values for index in frames]
    except errors.NoPixels:
        TABLE["(no pixels)"]["nothing to decode"] += 1
        return
    except errors.VeilError as refused:
        # Whoever decodes its first frame is a reference, also for what cannot be read at all.
        names = sorted(by_pydicom(content, [0]))
        TABLE["refused"][f"{path.name} ({refused.code}): {refused}"] += 1
        assert names == [], f"refused, but {names} decode it"
        return
    syntax = str(instance.transfer_syntax)
    judges = by_pydicom(content, frames) | by_dcmtk(path, syntax, frames, tmp_path)
    apart = {name: largest_difference(ours, theirs) for name, theirs in judges.items()}
    JUDGES.update(name for name, far in apart.items() if not far)
    row = TABLE[syntax_of(instance)]
    if not apart:
        row["decoded, no reference does"] += 1
        return
    agree = [name for name, far in apart.items() if far == 0]
    others = {name for name in apart if name not in agree and (path.name, name) not in WRONG}
    differs = not agree or (others and syntax not in LOSSY)
    row["differs" if differs else "decoded, equal"] += 1
    row["frames"] += len(frames)
    assert not differs, apart


@pytest.mark.skipif(shutil.which("dcmj2pnm") is None, reason="dcmtk is not installed")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_colours_are_those_of_dcmtk(path: Path, tmp_path: Path) -> None:
    """RGB of the first frame, palettes too, within 1 of `dcm2pnm`; YBR within 2, whose fractions
    dcmtk cuts off where PS3.3's equations (and pydicom) round."""
    try:
        instance = read(BytesIO(path.read_bytes()))
        frame = decode_frame(instance, 0)
    except errors.VeilError:
        return  # the test above looks whether anybody decodes it
    if not frame.color:
        return
    target = tmp_path / "out.ppm"
    program = PNM.get(str(instance.transfer_syntax), "dcmj2pnm")
    command = [program, "--quiet", "+op", "+F", "1", str(path), str(target)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        TABLE["colours"]["dcmtk cannot show it"] += 1
        return
    theirs = pnm(target.read_bytes())
    TABLE["colours"]["compared with dcm2pnm"] += 1
    if theirs.shape != frame.values.shape:
        TABLE["colours"][f"another size by dcm2pnm: {path.name}"] += 1
        return
    apart = np.abs(frame.values.astype(int) - theirs)
    is_ybr = decode_stored(instance, 0).photometric.startswith("YBR")
    assert apart.max() <= (2 if is_ybr else 1)
    assert apart.mean() < 1


def pnm(content: bytes) -> np.ndarray:
    """A binary PPM."""
    match = re.match(rb"P6\s(?:#.*\s)?(\d+)\s(\d+)\s(\d+)\s", content)
    assert match, content[:40]
    columns, rows = int(match[1]), int(match[2])
    return np.frombuffer(content[match.end() :], np.uint8).reshape(rows, columns, 3)


def test_table_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing differs, and the judges were there."""
    with capsys.disabled():
        print("\nstored values against references, by transfer syntax:")
        for syntax, counts in sorted(TABLE.items()):
            print(f"  {syntax}")
            for what, count in sorted(counts.items()):
                print(f"    {count:4} {what}")
        print("  files equal to each reference:", dict(JUDGES.most_common()))
    assert all("differs" not in counts for counts in TABLE.values())
