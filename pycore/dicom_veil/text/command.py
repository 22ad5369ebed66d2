"""`dicom-veil scan`: the text that pictures show, as boxes per frame."""

import argparse
import json
import sys
from collections.abc import Iterator

from dicom_veil.errors import NoPixels, Unsupported, Usage, VeilError
from dicom_veil.exits import DONE, SOME_REFUSED
from dicom_veil.naming import called
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
        name = called(number, len(files), path, options)
        try:
            with opened(path, whole=True) as file:
                instance = read(file)
                found = answered(scan_instance(instance, characters), run)
        except NoPixels as error:
            print(f"{name}: {error}", file=sys.stderr)
        except VeilError as error:
            print(f"{name}: not scanned: {error}", file=sys.stderr)
            refused += 1
        else:
            place = str(path) if options.name_inputs else ""
            _tell(number, place, found, [one["code"] for one in risks(instance)], options)
    return SOME_REFUSED if refused else DONE


def _tell(
    number: int, place: str, found: Scanned, reasons: list[str], options: argparse.Namespace
) -> None:
    if options.json:
        path = {"path": place} if place else {}
        whole = {"number": number, **path, "risks": reasons, **found.as_json()}
        print(json.dumps(whole, ensure_ascii=False))
    else:
        print("\n".join(_lines(number, place, found)))


def _lines(number: int, place: str, found: Scanned) -> Iterator[str]:
    """One file for a person at a terminal."""
    count = len(found.frames)
    texts = "no text" if not found.texts else f"{len(found.texts)} text(s)"
    yield f"{number}  {place}{place and ': '}{texts} in {count} frame(s)"
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
