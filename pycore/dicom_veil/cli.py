"""The command line: `dicom-veil inspect | deidentify | export | verify | import | scan`.

Exit status 0: all done; 1: some inputs were refused, each named on standard error by its number
(`naming`) with a reason, the others written; 2: wrong usage, nothing done.
"""

import argparse
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from dicom_veil import __version__, commands, naming, studies
from dicom_veil.batch.pool import PATIENCE, default_workers
from dicom_veil.errors import CannotWrite, Usage
from dicom_veil.exits import SOME_REFUSED, WRONG_USAGE
from dicom_veil.export import arguments
from dicom_veil.profile import BUILT_IN

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
    except CannotWrite as error:
        return _complain(f"{error} What was finished is kept.", SOME_REFUSED)
    except KeyboardInterrupt:
        return _complain("Stopped. What was finished is kept.", SOME_REFUSED)
    except BrokenPipeError:
        # Whoever read the output has seen enough.
        sys.stderr.close()
        return SOME_REFUSED
    except Exception as error:  # noqa: BLE001  # its words could quote a value or name a file
        where = "".join(traceback.format_tb(error.__traceback__))
        return _complain(
            f"An error in the program ({type(error).__name__}):\n{where}", SOME_REFUSED
        )


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
    adding = parser.add_subparsers(metavar="COMMAND", required=True)

    one = adding.add_parser("inspect", help="show what files hold and what identifies")
    one.add_argument("--json", action="store_true", help="print JSON, one object per line")
    one.set_defaults(command=commands.inspect)

    two = adding.add_parser("deidentify", help="write de-identified DICOM files")
    two.add_argument("--profile", default=BUILT_IN[0], metavar="NAME|FILE.json",
                     help=f"rules to use: {', '.join(BUILT_IN)}, or a profile file")  # fmt: skip
    two.add_argument("--key-file", type=Path, metavar="FILE",
                     help="project key (32 bytes or more): same key, same pseudonyms and UIDs; "
                          "without it a random key is used and forgotten")  # fmt: skip
    two.add_argument("--passphrase", action="store_true",
                     help="ask for a passphrase that the project key is made from")  # fmt: skip
    two.add_argument("--patients", type=Path, metavar="TABLE.csv",
                     help="your own pseudonyms: two columns, PatientID and pseudonym")  # fmt: skip
    two.add_argument("--reidentification", type=Path, metavar="FILE.age",
                     help="write the way back, encrypted (asks for a passphrase)")  # fmt: skip
    two.add_argument("--report", type=Path, metavar="FILE",
                     help="write what was done: FILE.json, FILE.csv or FILE.html")  # fmt: skip
    _studies(two)
    two.set_defaults(command=studies.deidentify)

    three = adding.add_parser("export", help="write pictures without any metadata")
    arguments.add(three)
    three.set_defaults(command=_export)

    four = adding.add_parser("verify", help="search an output for what its input identifies by")
    four.add_argument("output", type=Path, metavar="OUTPUT",
                      help="what any program made of it: a file, or a folder of them")  # fmt: skip
    four.add_argument("--against", type=Path, required=True, metavar="INPUT",
                      help="the original, or the folder of all of them")  # fmt: skip
    four.add_argument("--profile", default=BUILT_IN[0], metavar="NAME|FILE.json",
                      help="what may stay: the rules that the output was made by")  # fmt: skip
    naming.add(four)
    four.set_defaults(command=commands.verify)

    five = adding.add_parser("import", help="make a profile of another program's rules")
    five.add_argument("rules", type=Path, metavar="FILE",
                      help="RSNA CTP script (header or pixels), deid recipe (pixels), or "
                           "dicom-anonymizer dictionary (.json)")  # fmt: skip
    five.add_argument("--output", type=Path, required=True, metavar="FILE.json")
    five.add_argument("--force", action="store_true", help="replace an existing file")
    five.set_defaults(command=commands.import_rules)

    six = adding.add_parser("scan", help="show the text that is burned into pictures")
    form = six.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true",
                      help="print JSON, one object per line: boxes per frame")  # fmt: skip
    form.add_argument("--text", action="store_true", help="print lines for people (the default)")
    six.set_defaults(command=_scan)

    for command in (one, two, three, six):
        naming.add(command)
    for command in (one, six):
        command.add_argument("paths", type=Path, nargs="+", metavar="PATH",
                             help="file, or folder with all below it")  # fmt: skip
    return parser


def _export(options: argparse.Namespace) -> int:
    # Pictures need numpy and the codecs; the other commands start without them.
    from dicom_veil.export.command import export

    return export(options)


def _scan(options: argparse.Namespace) -> int:
    from dicom_veil.text.command import scan

    return scan(options)


def _studies(command: argparse.ArgumentParser) -> None:
    """Options of what may be thousands of files."""
    add = command.add_argument
    add("--output", required=True, metavar="DIR|URL", help="folder, or fsspec URL such as s3://…")
    add("--force", action="store_true", help="replace what an earlier run wrote")
    add("--resume", action="store_true",
        help="go on with an interrupted run: same inputs, output, profile and key")  # fmt: skip
    add(
        "--dry-run", action="store_true", help="show what there is and would be done; write nothing"
    )
    add("--clean-pixels", nargs="?", const="default", metavar="default|strict|RULES.json",
        help="remove text that is burned into pictures: all but clearly technical (default), all "
             "(strict), or what your own rules say; searched again afterwards")  # fmt: skip
    add("--accept", action="append", default=[], choices=[*studies.KINDS, "all"],
        help="accept an answer that a question states: names, ids, studies or all")  # fmt: skip
    add("--quarantine", type=Path, metavar="DIR",
        help="list there what was not written, with reasons and paths")  # fmt: skip
    add("--quarantine-originals", action="store_true",
        help="copy those files there too, as they are: they identify")  # fmt: skip
    add("--zip", type=_size_argument, nargs="?", const=0, metavar="SIZE",
        help="pack the output as ZIP, in several of at most SIZE (as 4G) if given")  # fmt: skip
    add("--dicomdir", action="store_true",
        help="names of eight characters and a DICOMDIR, for media (PS3.10)")  # fmt: skip
    add("--pictures", action="store_true",
        help="write pictures of the results, too: a PNG of each frame, in PICTURES/")  # fmt: skip
    add("--workers", type=_count_argument, default=default_workers(), metavar="N",
        help="processes (default: cores less one)")  # fmt: skip
    add("--timeout", type=_count_argument, default=PATIENCE, metavar="SECONDS",
        help="a worker without a sign of life for so long is replaced (%(default)d)")  # fmt: skip
    add("--scheduler", metavar="ADDRESS", help="work on the Dask cluster at this address")
    add(
        "paths",
        nargs="+",
        metavar="PATH|URL",
        help="file, folder with all below it, ZIP, TAR, DICOMDIR",
    )


def _count_argument(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("give a number from 1")
    return int(text)


def _size_argument(text: str) -> int:
    """Bytes, out of a number with K, M or G (powers of 1000) behind it."""
    factor = {"K": 10**3, "M": 10**6, "G": 10**9}.get(text[-1:].upper())
    digits = text[:-1] if factor else text
    if not digits.isdecimal() or int(digits) < 1:
        raise argparse.ArgumentTypeError("give it as a number of bytes, or as 700M or 4G")
    return int(digits) * (factor or 1)
