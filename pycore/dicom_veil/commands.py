"""What each command of the command line does; every function here answers with an exit status."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from dicom_veil.errors import Usage, VeilError
from dicom_veil.exits import DONE, SOME_REFUSED
from dicom_veil.inspect import Inspection
from dicom_veil.inspect import inspect as inspection_of
from dicom_veil.naming import called
from dicom_veil.paths import opened, walk, write_whole
from dicom_veil.plan import plan
from dicom_veil.profile import BUILT_IN, Profile, from_json, load
from dicom_veil.read import read
from dicom_veil.report import RefusedRow, refused_row

if TYPE_CHECKING:
    from dicom_veil.devices.ctp import Imported as PixelRules

KINDS = {
    "uid": "a UID", "day": "a date", "name": "a name", "word": "a word of a name", "code": "an ID",
    "place": "an address or institution", "text": "the text", "blob": "bytes", "hash": "a hash",
    "short day": "a date", "time": "a time of day", "short code": "an ID",
}  # fmt: skip


def _each(
    files: Sequence[Path],
    work: Callable[[int, BinaryIO], None],
    refused: list[RefusedRow],
    options: argparse.Namespace,
    *,
    whole: bool = True,
) -> None:
    """Does `work` on every file; one that is refused is named and harms no other."""
    for number, path in enumerate(files, 1):
        try:
            with opened(path, whole=whole) as file:
                work(number, file)
        except Usage:
            raise
        except VeilError as error:
            print(f"{called(number, len(files), path, options)}: {error}", file=sys.stderr)
            refused.append(refused_row(number, error))


def _files(paths: Sequence[Path]) -> list[Path]:
    """The input files; all are known before the first output is written."""
    files = list(walk(paths))
    if not files:
        raise Usage("The paths hold no file.")
    return files


def inspect(options: argparse.Namespace) -> int:
    refused: list[RefusedRow] = []
    profile = load(BUILT_IN[0])
    files = _files(options.paths)

    def work(number: int, file: BinaryIO) -> None:
        instance = read(file)
        inspection = inspection_of(instance, plan(instance, profile))
        if options.json:
            print(json.dumps({"number": number, **inspection}, ensure_ascii=False))
        else:
            print("\n".join(_lines(number, inspection)), end="\n\n")

    _each(files, work, refused, options, whole=False)
    return SOME_REFUSED if refused else DONE


def _lines(number: int, found: Inspection) -> Iterator[str]:
    """One instance for a person at a terminal."""
    instance, counts = found["instance"], found["counts"]
    yield f"{number}  {instance['sop_class']}, {instance['transfer_syntax']}"
    if instance["has_pixels"]:
        yield (f"   {instance['columns']}×{instance['rows']}, {instance['frames']} frame(s), "
               f"{instance['bits_stored']} bit, {instance['photometric']}")  # fmt: skip
    if cine := found["cine"]:
        yield f"   {cine['rate']:.4g} frames per second by {cine['source']}"
    if video := found["video"]:
        yield f"   A film: {video['codec']}, {video['container']}"
    yield (f"   {counts['identifying']} attributes identify, {counts['private']} are private, "
           f"{counts['uids']} hold UIDs")  # fmt: skip
    for entry in found["identifying"] or ():
        if entry["rule"] != "private" and entry["action"] != "U":
            yield f"   {entry['action']}  {entry['tag']} {entry['path']}: {entry['value']}"
    for note in found["notes"]:
        yield f"   Note: {note}"


def verify(options: argparse.Namespace) -> int:
    # Searches the output of any program; the pipeline's own search has run before it wrote.
    from dicom_veil.against import verify_files

    profile = load(options.profile)
    if options.output.is_dir() or options.against.is_dir():
        return _verify_trees(options, profile)
    try:
        with opened(options.output) as output, opened(options.against) as source:
            hits = verify_files(output, source, profile, options.output.name)
    except VeilError as error:
        raise Usage(str(error)) from None
    for hit in hits:
        print(f"{hit.where}: {KINDS[hit.kind]} of {hit.attribute}")
    found = f"{len(hits)} places still identify." if hits else "Nothing was found."
    print(found, file=sys.stderr)
    return SOME_REFUSED if hits else DONE


def _verify_trees(options: argparse.Namespace, profile: Profile) -> int:
    from dicom_veil.trees import verify_trees

    for path in (options.output, options.against):
        if not path.exists():
            raise Usage("One of the paths is not there.")
    try:
        looked = list(verify_trees(options.output, options.against, profile))
    except VeilError as error:
        raise Usage(str(error)) from None
    for number, one in enumerate(looked, 1):
        which = called(number, len(looked), one.place, options, "output")
        for hit in one.hits:
            print(f"{which}: {hit.where}: {KINDS[hit.kind]} of {hit.attribute}")
        if one.error:
            print(f"{which}: {one.error}", file=sys.stderr)
    failed = sum(bool(one.hits) for one in looked)
    closed, alone = sum(bool(one.error) for one in looked), sum(one.alone for one in looked)
    found = f"{failed} of {len(looked)} outputs still identify." if failed else (
        f"Nothing was found in {len(looked) - closed} outputs.")  # fmt: skip
    more = f" {alone} could not be told by their pixels: held against every input." if alone else ""
    print(found + more, file=sys.stderr)
    return SOME_REFUSED if failed or closed or not looked else DONE


def import_rules(options: argparse.Namespace) -> int:
    from dicom_veil.devices import importer_of
    from dicom_veil.importers.ctp import import_ctp
    from dicom_veil.importers.kitware import import_kitware

    try:
        text = options.rules.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Usage(f"The rules cannot be read ({type(error).__name__}).") from None
    if pixel_importer := importer_of(text):
        return _import_pixel_rules(pixel_importer(text), options)
    imported = (import_kitware if options.rules.suffix == ".json" else import_ctp)(text)
    content = json.dumps(imported.profile, indent=2, ensure_ascii=False) + "\n"
    from_json(content)
    write_whole(options.output, [content.encode("utf-8")], force=options.force)
    for problem in imported.problems:
        print(f"line {problem.line}: {problem.attribute}: {problem.reason}", file=sys.stderr)
    count = len(imported.problems)
    print(f"{len(imported.profile['rules'])} rules, {count} remarks.", file=sys.stderr)
    return DONE


def _import_pixel_rules(imported: "PixelRules", options: argparse.Namespace) -> int:
    """Rules for pixels, for `deidentify --clean-pixels`."""
    from dicom_veil.devices.rules import FORMAT, from_json

    content = json.dumps({"format": FORMAT, "rules": imported.rules}, indent=2, ensure_ascii=False)
    from_json(content)
    write_whole(options.output, [f"{content}\n".encode()], force=options.force)
    for line, sentence in imported.problems:
        print(f"line {line}: {sentence}", file=sys.stderr)
    counts = f"{len(imported.rules)} rules for pixels, {len(imported.problems)} remarks."
    print(counts, file=sys.stderr)
    return DONE
