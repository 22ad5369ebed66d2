"""`dicom-veil scan`: the text that pictures show, as boxes per frame."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from dicom_veil.errors import NoPixels, Unsupported, Usage, VeilError
from dicom_veil.exits import DONE, SOME_REFUSED
from dicom_veil.paths import opened, walk
from dicom_veil.read import read
from dicom_veil.risk import risks
from dicom_veil.text.ask import answered
from dicom_veil.text.instance import Scanned, scan_instance
from dicom_veil.text.native import runner


def scan(options: argparse.Namespace) -> int:
    """Scans every file; one that cannot be scanned is named and never counted as clean."""
    try:
        run, characters = runner()
    except Unsupported as error:
        raise Usage(f"{error} Nothing was scanned.") from error
    files = list(walk(options.paths))
    if not files:
        raise Usage("The paths hold no file.")
    refused = 0
    for number, path in enumerate(files, 1):
        try:
            with opened(path, whole=True) as file:
                instance = read(file)
                found = answered(scan_instance(instance, characters), run)
        except NoPixels as error:
            print(f"{path}: {error}", file=sys.stderr)
        except VeilError as error:
            print(f"{path}: not scanned: {error}", file=sys.stderr)
            refused += 1
        else:
            _tell(number, path, found, [one["code"] for one in risks(instance)], options)
    return SOME_REFUSED if refused else DONE


def _tell(
    number: int, path: Path, found: Scanned, reasons: list[str], options: argparse.Namespace
) -> None:
    if options.json:
        whole = {"number": number, "path": str(path), "risks": reasons, **found.as_json()}
        print(json.dumps(whole, ensure_ascii=False))
    else:
        print("\n".join(_lines(number, path, found)))


def _lines(number: int, path: Path, found: Scanned) -> Iterator[str]:
    """One file for a person at a terminal."""
    count = len(found.frames)
    texts = "no text" if not found.texts else f"{len(found.texts)} text(s)"
    yield f"{number}  {path}: {texts} in {count} frame(s)"
    for one in found.texts:
        box, judged = one.judged.box, one.judged
        frames = (
            f"{one.first_frame + 1}"
            if one.first_frame == one.last_frame
            else (f"{one.first_frame + 1} to {one.last_frame + 1}")
        )
        matches = f" = {', '.join(judged.matches)}" if judged.matches else ""
        where = f"{box.left},{box.top} {box.width}×{box.height}"
        yield f"   {judged.kind}{matches}: “{judged.reading.text}” at {where}, frame {frames}"
