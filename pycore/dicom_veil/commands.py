"""What each command of the command line does; every function here answers with an exit status."""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from dicom_veil.deidentify import deidentify_instance
from dicom_veil.errors import Usage, VeilError
from dicom_veil.identity import (
    PASSPHRASE_LETTERS,
    Identity,
    identity_from_file,
    key_from_passphrase,
    random_identity,
)
from dicom_veil.inspect import Inspection
from dicom_veil.inspect import inspect as inspection_of
from dicom_veil.paths import opened, output_folder, walk, write_whole
from dicom_veil.patients import Link, encrypted, links_csv, table_from_file
from dicom_veil.plan import plan
from dicom_veil.presets import PRESETS
from dicom_veil.profile import BUILT_IN, from_json, load
from dicom_veil.read import read
from dicom_veil.report import RefusedRow, Row, refused_row, report
from dicom_veil.report_forms import as_csv, as_html

if TYPE_CHECKING:
    from dicom_veil.window import Window

DONE, SOME_REFUSED, WRONG_USAGE = 0, 1, 2
KINDS = {
    "uid": "a UID", "day": "a date", "name": "a name", "word": "a word of a name", "code": "an ID",
    "place": "an address or institution", "text": "the text", "blob": "bytes", "hash": "a hash",
}  # fmt: skip


def _each(
    files: Sequence[Path],
    work: Callable[[int, BinaryIO], None],
    refused: list[RefusedRow],
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
            print(f"{path}: {error}", file=sys.stderr)
            refused.append(refused_row(number, error))


def _files(paths: Sequence[Path]) -> list[Path]:
    """The input files; all are known before the first output is written."""
    files = list(walk(paths))
    if not files:
        raise Usage("The paths hold no file.")
    return files


def _output(options: argparse.Namespace, count: int, extension: str) -> Path:
    """The output folder, found free of what `count` inputs would write; else nothing is begun."""
    folder = output_folder(options.output)
    names = {f"IMG-{number:05d}" for number in range(1, count + 1)}
    for path in sorted(folder.glob(f"IMG-*{extension}")):
        if path.name[:9] in names and not options.force:
            raise Usage(f"{path.name} exists in the output folder; --force replaces it.")
    return folder


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

    _each(files, work, refused, whole=False)
    return SOME_REFUSED if refused else DONE


def _lines(number: int, found: Inspection) -> Iterator[str]:
    """One instance for a person at a terminal."""
    instance, counts = found["instance"], found["counts"]
    yield f"{number}  {instance['sop_class']}, {instance['transfer_syntax']}"
    if instance["has_pixels"]:
        yield (f"   {instance['columns']}×{instance['rows']}, {instance['frames']} frame(s), "
               f"{instance['bits_stored']} bit, {instance['photometric']}")  # fmt: skip
    yield (f"   {counts['identifying']} attributes identify, {counts['private']} are private, "
           f"{counts['uids']} hold UIDs")  # fmt: skip
    for entry in found["identifying"]:
        if entry["rule"] != "private" and entry["action"] != "U":
            yield f"   {entry['action']}  {entry['tag']} {entry['path']}: {entry['value']}"
    for note in found["notes"]:
        yield f"   Note: {note}"


def deidentify(options: argparse.Namespace) -> int:
    profile = load(options.profile)
    form = _report_form(options.report)
    for path in (options.report, options.reidentification):
        if path and path.exists() and not options.force:
            raise Usage(f"{path.name} exists; --force replaces it.")
    files = _files(options.paths)
    identity = _identity(options)
    secret = ""
    if options.reidentification:
        secret = _new_passphrase("Passphrase for the re-identification table")
        encrypted(b"", secret)  # says now, not at the end, that a package is missing
    folder = _output(options, len(files), ".dcm")
    rows: list[Row] = []
    links: list[Link] = []
    refused: list[RefusedRow] = []

    def work(number: int, file: BinaryIO) -> None:
        instance = read(file)
        done = deidentify_instance(instance, profile, identity, number)
        target = folder / f"IMG-{number:05d}.dcm"
        write_whole(target, done.stream(instance), force=options.force)
        rows.append(done.row)
        links.append(done.link)

    _each(files, work, refused)
    if options.report:
        text = form(report(rows, refused, profile))
        write_whole(options.report, [text.encode("utf-8")], force=options.force)
    if options.reidentification:
        content = encrypted(links_csv(links), secret)
        write_whole(options.reidentification, [content], force=options.force)
    print(f"{len(rows)} de-identified, {len(refused)} refused.", file=sys.stderr)
    return SOME_REFUSED if refused else DONE


def _report_form(path: Path | None) -> Callable[[str], str]:
    """What makes the form of report that a file's ending asks for."""
    ending = path.suffix if path else ".json"
    if ending == ".json":
        return lambda text: text
    if ending in (".csv", ".html"):
        make = as_csv if ending == ".csv" else as_html
        return lambda text: make(json.loads(text))
    raise Usage("A report ends in .json, .csv or .html.")


def _identity(options: argparse.Namespace) -> Identity:
    """The project key that was asked for, with the person's own pseudonyms if there are any."""
    if options.key_file and options.passphrase:
        raise Usage("The project key comes from a file or from a passphrase, not from both.")
    if options.key_file:
        key = identity_from_file(options.key_file).key
    elif options.passphrase:
        key = key_from_passphrase(_asked("Project passphrase"))
    else:
        key = random_identity().key
    return Identity(key, table_from_file(options.patients) if options.patients else None)


def _asked(what: str) -> str:
    """A passphrase, without showing it; from standard input where there is no terminal."""
    if sys.stdin.isatty():
        return getpass(f"{what}: ")
    return sys.stdin.readline().rstrip("\r\n")


def _new_passphrase(what: str) -> str:
    """A passphrase that was typed twice the same (once where nobody types)."""
    first = _asked(what)
    if len(first) < PASSPHRASE_LETTERS:
        raise Usage(f"A passphrase has at least {PASSPHRASE_LETTERS} characters.")
    if sys.stdin.isatty() and _asked("Once more") != first:
        raise Usage("The two passphrases are not the same.")
    return first


def verify(options: argparse.Namespace) -> int:
    # Searches the output of any program; the pipeline's own search has run before it wrote.
    from dicom_veil.against import verify_files

    profile = load(options.profile)
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


def import_rules(options: argparse.Namespace) -> int:
    from dicom_veil.importers.ctp import import_ctp
    from dicom_veil.importers.kitware import import_kitware

    try:
        text = options.rules.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Usage(f"The rules cannot be read ({type(error).__name__}).") from None
    imported = (import_kitware if options.rules.suffix == ".json" else import_ctp)(text)
    content = json.dumps(imported.profile, indent=2, ensure_ascii=False) + "\n"
    from_json(content)
    write_whole(options.output, [content.encode("utf-8")], force=options.force)
    for problem in imported.problems:
        print(f"line {problem.line}: {problem.attribute}: {problem.reason}", file=sys.stderr)
    count = len(imported.problems)
    print(f"{len(imported.profile['rules'])} rules, {count} remarks.", file=sys.stderr)
    return DONE


def export(options: argparse.Namespace) -> int:
    # Pictures need numpy and the codecs; the other commands start without them.
    from dicom_veil.decode import frame_count
    from dicom_veil.export import FORMATS
    from dicom_veil.export.shot import Shot

    form = next(one for one in FORMATS if one.name == options.format)
    window = _chosen_window(options)
    settings = form.settings({})
    encode = form.encode
    if encode is None:
        raise Usage(f"{form.label} is not made on the command line yet.")
    files = _files(options.paths)
    folder = _output(options, len(files), form.extension)
    refused: list[RefusedRow] = []
    written = 0

    def work(number: int, file: BinaryIO) -> None:
        nonlocal written
        instance = read(file)
        frames = frame_count(instance.dataset)
        wanted = range(frames) if options.frame is None else (options.frame - 1,)
        for frame_index in wanted:
            shot = Shot(instance, frame_index, window)
            suffix = f"-{frame_index + 1:04d}" if options.frame is None and frames > 1 else ""
            target = folder / f"IMG-{number:05d}{suffix}{form.extension}"
            write_whole(target, [encode(shot, settings)], force=options.force)
            written += 1

    _each(files, work, refused)
    print(f"{written} pictures written, {len(refused)} files refused.", file=sys.stderr)
    return SOME_REFUSED if refused else DONE


def _chosen_window(options: argparse.Namespace) -> "Window | None":
    from dicom_veil.window import Window

    if options.window:
        return Window(*options.window)
    for preset in PRESETS:
        if preset.name == options.preset:
            return Window(preset.center, preset.width, source="preset")
    return None
