"""What inputs are called in what a command says: their number, since names of files name patients.

Folders and files of hospitals are called after patients, and what a program says ends in logs.
"""

import argparse

OPTION = "--name-inputs"


def add(parser: argparse.ArgumentParser) -> None:
    """The option of a person who has the files and wants their paths."""
    parser.add_argument(
        OPTION, action="store_true", dest="name_inputs",
        help="name inputs by their paths too, not by their numbers in the sorted list alone: a "
             "path can identify, so not where messages are logged",
    )  # fmt: skip


def called(
    number: int, count: int, place: object, options: argparse.Namespace, what: str = "input"
) -> str:
    """Input `number` from 1 of `count`, and its place where the person asked for it."""
    more = f" ({place})" if options.name_inputs else ""
    return f"{what} {number} of {count}{more}"
