"""What the command `export` takes: the options of every format, as the formats declare them."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dicom_veil.export import FORMATS
from dicom_veil.export.choices import Option
from dicom_veil.presets import PRESETS

# Namespace attributes of what formats declare; None or absent is not chosen.
PREFIX = "format_"


def add(parser: argparse.ArgumentParser) -> None:
    """Everything that stands behind `dicom-veil export`."""
    more = parser.add_argument
    more("--format", required=True, choices=[one.name for one in FORMATS])
    more("--output", type=Path, required=True, metavar="DIR")
    more("--force", action="store_true", help="replace existing output files")
    more("--zip", action="store_true", help="pack the output as export.zip")
    more("--series", action="store_true",
         help="one file for each series; formats that show a series do so anyway")  # fmt: skip
    window = parser.add_mutually_exclusive_group()
    window.add_argument("--window", type=_window, metavar="CENTER/WIDTH",
                        help="center and width, as 40/400; default: the file's own")  # fmt: skip
    window.add_argument("--preset", choices=[preset.name for preset in PRESETS])
    every = "frame number, from 1, or all (default: 1; all where a file holds several)"
    more("--frame", type=_frame, metavar="N|all", help=every)
    for option, names in _declared().items():
        _add(parser, option, names)
    more("paths", nargs="+", metavar="PATH", help="file, folder with all below it, ZIP, TAR")


def chosen(options: argparse.Namespace) -> Mapping[str, object]:
    """The formats' options that were given, by name."""
    return {
        name.removeprefix(PREFIX): value
        for name, value in vars(options).items()
        if name.startswith(PREFIX) and value is not None
    }


def _declared() -> dict[Option, list[str]]:
    """Options by the formats that have them; one that formats word differently stands once."""
    found: dict[str, tuple[Option, list[str]]] = {}
    for one in FORMATS:
        for option in one.options:
            found.setdefault(option.name, (option, []))[1].append(one.name)
    return dict(found.values())


def _add(parser: argparse.ArgumentParser, option: Option, names: list[str]) -> None:
    which = "" if len(names) == len(FORMATS) else f" ({', '.join(names)})"
    told: dict[str, Any] = {"dest": PREFIX + option.name, "help": option.meaning + which}
    if option.kind == "bool":
        flag = f"--no-{option.name}" if option.default else f"--{option.name}"
        parser.add_argument(
            flag, action="store_const", const=not option.default, default=None, **told
        )
    elif option.kind == "int":
        parser.add_argument(f"--{option.name}", type=int, metavar="N", **told)
    else:
        parser.add_argument(f"--{option.name}", choices=option.choices, **told)


def _window(text: str) -> tuple[float, float]:
    try:
        center, width = (float(part) for part in text.split("/"))
    except ValueError:
        raise argparse.ArgumentTypeError("give it as CENTER/WIDTH, for example 40/400") from None
    if not width > 0:
        raise argparse.ArgumentTypeError("the width must be more than 0")
    return center, width


def _frame(text: str) -> int:
    """0 for all."""
    if text == "all":
        return 0
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("give a number from 1, or all")
    return int(text)
