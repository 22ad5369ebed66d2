"""The command line: `dicom-veil inspect | deidentify | export`.

Exit status 0: all done; 1: some inputs were refused, each named on standard error by its path
with a reason, the others written; 2: wrong usage, nothing done.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from dicom_veil import __version__
from dicom_veil.deidentify import deidentify_instance
from dicom_veil.errors import Usage, VeilError
from dicom_veil.identity import identity_from_file, random_identity
from dicom_veil.inspect import Inspection, inspect
from dicom_veil.paths import opened, output_folder, walk, write_whole
from dicom_veil.plan import plan
from dicom_veil.presets import PRESETS
from dicom_veil.profile import BUILT_IN, load
from dicom_veil.read import read
from dicom_veil.report import RefusedRow, Row, report

if TYPE_CHECKING:
    from dicom_veil.window import Window

DONE, SOME_REFUSED, WRONG_USAGE = 0, 1, 2
FORMAT_NAMES = ("png", "jpeg")
# Options whose value may begin with a minus sign, which argparse takes for another option.
SIGNED = ("--window",)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        options = _parser().parse_args(_joined(given))
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        command: Callable[[argparse.Namespace], int] = options.command
        return command(options)
    except Usage as error:
        return _complain(str(error), WRONG_USAGE)
    except KeyboardInterrupt:
        return _complain("Stopped. What was finished is kept.", SOME_REFUSED)
    except BrokenPipeError:
        # Whoever read the output has seen enough.
        sys.stderr.close()
        return SOME_REFUSED


def _complain(sentence: str, status: int) -> int:
    print(f"dicom-veil: {sentence}", file=sys.stderr)
    return status


def _joined(arguments: list[str]) -> list[str]:
    """`--window -600/1500` as `--window=-600/1500`."""
    joined: list[str] = []
    for argument in arguments:
        if joined and joined[-1] in SIGNED:
            joined[-1] += f"={argument}"
        else:
            joined.append(argument)
    return joined


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dicom-veil",
        description="De-identifies DICOM files and makes pictures of them. Works offline.",
    )
    parser.add_argument("--version", action="version", version=f"dicom-veil {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    one = commands.add_parser("inspect", help="show what files hold and what identifies")
    one.add_argument("--json", action="store_true", help="print JSON, one object per line")
    one.set_defaults(command=_inspect)

    two = commands.add_parser("deidentify", help="write de-identified DICOM files")
    two.add_argument("--profile", default=BUILT_IN[0], metavar="NAME|FILE.json",
                     help=f"rules to use: {', '.join(BUILT_IN)}, or a profile file")  # fmt: skip
    two.add_argument("--key-file", type=Path, metavar="FILE",
                     help="project key (32 bytes or more): same key, same pseudonyms and UIDs; "
                          "without it a random key is used and forgotten")  # fmt: skip
    two.add_argument("--report", type=Path, metavar="FILE.json", help="write what was done")
    two.set_defaults(command=_deidentify)

    three = commands.add_parser("export", help="write pictures without any metadata")
    three.add_argument("--format", required=True, choices=FORMAT_NAMES)
    window = three.add_mutually_exclusive_group()
    window.add_argument("--window", type=_window_argument, metavar="CENTER/WIDTH",
                        help="center and width, as 40/400; default: the file's own")  # fmt: skip
    window.add_argument("--preset", choices=[preset.name for preset in PRESETS])
    three.add_argument("--frame", type=_frame_argument, default=1, metavar="N|all",
                       help="frame number, from 1 (default), or all")  # fmt: skip
    three.set_defaults(command=_export)

    for command in (two, three):
        command.add_argument("--output", type=Path, required=True, metavar="DIR")
        command.add_argument("--force", action="store_true", help="replace existing output files")
    for command in (one, two, three):
        command.add_argument("paths", type=Path, nargs="+", metavar="PATH",
                             help="file, or folder with all below it")  # fmt: skip
    return parser


def _window_argument(text: str) -> tuple[float, float]:
    try:
        center, width = (float(part) for part in text.split("/"))
    except ValueError:
        raise argparse.ArgumentTypeError("give it as CENTER/WIDTH, for example 40/400") from None
    if not width > 0:
        raise argparse.ArgumentTypeError("the width must be more than 0")
    return center, width


def _frame_argument(text: str) -> int | None:
    if text == "all":
        return None
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("give a number from 1, or all")
    return int(text)


def _each(
    paths: Sequence[Path], work: Callable[[int, BinaryIO], None], refused: list[RefusedRow]
) -> None:
    """Does `work` on every file; one that is refused is named and harms no other.

    Raises `Usage` when the paths hold no file at all.
    """
    number = 0
    for number, path in enumerate(walk(paths), 1):
        try:
            with opened(path) as file:
                work(number, file)
        except Usage:
            raise
        except VeilError as error:
            print(f"{path}: {error}", file=sys.stderr)
            refused.append({"number": number, "code": error.code, "reason": str(error)})


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


def _inspect(options: argparse.Namespace) -> int:
    refused: list[RefusedRow] = []
    profile = load(BUILT_IN[0])
    files = _files(options.paths)

    def work(number: int, file: BinaryIO) -> None:
        instance = read(file)
        inspection = inspect(instance, plan(instance, profile))
        if options.json:
            print(json.dumps({"number": number, **inspection}, ensure_ascii=False))
        else:
            print("\n".join(_lines(number, inspection)), end="\n\n")

    _each(files, work, refused)
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


def _deidentify(options: argparse.Namespace) -> int:
    profile = load(options.profile)
    identity = identity_from_file(options.key_file) if options.key_file else random_identity()
    if options.report and options.report.exists() and not options.force:
        raise Usage(f"{options.report.name} exists; --force replaces it.")
    files = _files(options.paths)
    folder = _output(options, len(files), ".dcm")
    rows: list[Row] = []
    refused: list[RefusedRow] = []

    def work(number: int, file: BinaryIO) -> None:
        instance = read(file)
        done = deidentify_instance(instance, profile, identity, number)
        target = folder / f"IMG-{number:05d}.dcm"
        write_whole(target, done.stream(instance), force=options.force)
        rows.append(done.row)

    _each(files, work, refused)
    if options.report:
        text = report(rows, refused, profile)
        write_whole(options.report, [text.encode("utf-8")], force=options.force)
    print(f"{len(rows)} de-identified, {len(refused)} refused.", file=sys.stderr)
    return SOME_REFUSED if refused else DONE


def _export(options: argparse.Namespace) -> int:
    # Pictures need numpy and the codecs; the other commands start without them.
    from dicom_veil.decode import frame_count
    from dicom_veil.export import FORMATS
    from dicom_veil.picture import render

    form = next(one for one in FORMATS if one.name == options.format)
    window = _chosen_window(options)
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
            pixels = render(instance, frame_index, window)
            suffix = f"-{frame_index + 1:04d}" if options.frame is None and frames > 1 else ""
            target = folder / f"IMG-{number:05d}{suffix}{form.extension}"
            write_whole(target, [form.encode(pixels)], force=options.force)
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
