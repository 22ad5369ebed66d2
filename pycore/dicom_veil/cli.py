"""The command line: `dicom-veil inspect | deidentify | export | verify | import`.

Exit status 0: all done; 1: some inputs were refused, each named on standard error by its path
with a reason, the others written; 2: wrong usage, nothing done.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from dicom_veil import __version__, commands
from dicom_veil.commands import SOME_REFUSED, WRONG_USAGE
from dicom_veil.errors import Usage
from dicom_veil.presets import PRESETS
from dicom_veil.profile import BUILT_IN

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
    two.set_defaults(command=commands.deidentify)

    three = adding.add_parser("export", help="write pictures without any metadata")
    three.add_argument("--format", required=True, choices=FORMAT_NAMES)
    window = three.add_mutually_exclusive_group()
    window.add_argument("--window", type=_window_argument, metavar="CENTER/WIDTH",
                        help="center and width, as 40/400; default: the file's own")  # fmt: skip
    window.add_argument("--preset", choices=[preset.name for preset in PRESETS])
    three.add_argument("--frame", type=_frame_argument, default=1, metavar="N|all",
                       help="frame number, from 1 (default), or all")  # fmt: skip
    three.set_defaults(command=commands.export)

    four = adding.add_parser("verify", help="search an output for what its input identifies by")
    four.add_argument("output", type=Path, metavar="OUTPUT", help="what any program made of it")
    four.add_argument("--against", type=Path, required=True, metavar="INPUT")
    four.add_argument("--profile", default=BUILT_IN[0], metavar="NAME|FILE.json",
                      help="what may stay: the rules that the output was made by")  # fmt: skip
    four.set_defaults(command=commands.verify)

    five = adding.add_parser("import", help="make a profile of another program's rules")
    five.add_argument("rules", type=Path, metavar="FILE",
                      help="RSNA CTP script, or dicom-anonymizer dictionary (.json)")  # fmt: skip
    five.add_argument("--output", type=Path, required=True, metavar="FILE.json")
    five.add_argument("--force", action="store_true", help="replace an existing file")
    five.set_defaults(command=commands.import_rules)

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
