"""The project key and passphrases, as a person at a terminal gives them."""

import argparse
import sys
from getpass import getpass

from dicom_veil.errors import Usage
from dicom_veil.identity import (
    PASSPHRASE_LETTERS,
    Identity,
    identity_from_file,
    key_from_passphrase,
    random_identity,
)
from dicom_veil.patients import table_from_file


def identity_of(options: argparse.Namespace) -> Identity:
    """The project key that was asked for, with the person's own pseudonyms if there are any."""
    if options.key_file and options.passphrase:
        raise Usage("The project key comes from a file or from a passphrase, not from both.")
    if options.key_file:
        key = identity_from_file(options.key_file).key
    elif options.passphrase:
        key = key_from_passphrase(asked("Project passphrase"))
    else:
        key = random_identity().key
    return Identity(key, table_from_file(options.patients) if options.patients else None)


def asked(what: str) -> str:
    """A passphrase, without showing it; from standard input where there is no terminal."""
    if sys.stdin.isatty():
        return getpass(f"{what}: ")
    return sys.stdin.readline().rstrip("\r\n")


def new_passphrase(what: str) -> str:
    """A passphrase that was typed twice the same (once where nobody types)."""
    first = asked(what)
    if len(first) < PASSPHRASE_LETTERS:
        raise Usage(f"A passphrase has at least {PASSPHRASE_LETTERS} characters.")
    if sys.stdin.isatty() and asked("Once more") != first:
        raise Usage("The two passphrases are not the same.")
    return first
