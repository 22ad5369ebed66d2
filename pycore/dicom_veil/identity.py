"""Pseudonyms and UIDs from a project key: HMAC-SHA-256 over the original value.

The same key gives the same result in another tab, on another machine and in another year;
without the key nothing can be recomputed. The key itself is 32 random bytes that the caller keeps.
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from unicodedata import normalize

from dicom_veil.errors import Refused, Usage

# Crockford's base 32: no letter that is taken for a digit or another letter.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
KEY_BYTES = 32
PSEUDONYM_LETTERS = 8
PASSPHRASE_LETTERS = 12
SCRYPT_SALT, SCRYPT_N, SCRYPT_R, SCRYPT_P = b"dicom-veil project key 1", 1 << 17, 8, 1


@dataclass(frozen=True)
class Identity:
    """What one project key makes; `repr` never shows the key.

    `patients` are a person's own pseudonyms by PatientID: with them, a patient that they do not
    name is refused.
    """

    key: bytes
    patients: Mapping[str, str] | None = field(default=None, hash=False)

    def __post_init__(self) -> None:
        if len(self.key) != KEY_BYTES:
            raise Usage(f"A project key has {KEY_BYTES} bytes.")

    def __repr__(self) -> str:
        return "Identity(…)"

    def _digest(self, purpose: str, value: str) -> bytes:
        return hmac.digest(self.key, purpose.encode() + b"\0" + value.encode("utf-8"), "sha256")

    def uid(self, original: str) -> str:
        """The UID that takes the place of `original`: 2.25. and a UUID (PS3.5 B.2).

        The UUID is of version 8 (RFC 9562 5.8): 122 bits of the keyed hash.
        """
        number = int.from_bytes(self._digest("uid", original)[:16], "big")
        number = number & ~(0xF << 76) | (8 << 76)
        number = number & ~(0x3 << 62) | (2 << 62)
        return f"2.25.{number}"

    def number(self, purpose: str, value: str) -> int:
        """A number of 64 bits for some purpose, such as a shift of dates."""
        return int.from_bytes(self._digest(purpose, value)[:8], "big")

    def label(self, purpose: str, value: str) -> str:
        """Ten letters that stand for a value that is no patient's, such as an AE title."""
        number = self.number(purpose, value)
        return "".join(ALPHABET[number >> shift & 31] for shift in range(45, -1, -5))

    def pseudonym(self, patient: str) -> str:
        """A name for a patient: `SUBJ-`, eight letters (40 bits) and a check letter.

        `patient` is whatever tells this patient from others, normally PatientID.
        """
        number = int.from_bytes(self._digest("patient", patient)[:5], "big")
        letters = "".join(
            ALPHABET[number >> shift & 31] for shift in range(5 * PSEUDONYM_LETTERS - 5, -1, -5)
        )
        return f"SUBJ-{letters}{check_letter(letters)}"

    def pseudonym_of(self, patient_id: str, patient: str) -> str:
        """The pseudonym by the person's own table if there is one, else the keyed one."""
        if self.patients is None:
            return self.pseudonym(patient)
        own = self.patients.get(patient_id)
        if own is None:
            raise Refused("The table of patients has no pseudonym for this patient's PatientID.")
        return own


def check_letter(letters: str) -> str:
    """The letter that makes a mistyped or swapped letter noticeable (weights 1, 3, 5, … mod 31)."""
    total = sum((2 * place + 1) * ALPHABET.index(letter) for place, letter in enumerate(letters))
    return ALPHABET[total % 31]


def random_identity() -> Identity:
    """A key that dies with the process."""
    return Identity(secrets.token_bytes(KEY_BYTES))


def key_from_passphrase(passphrase: str) -> bytes:
    """The key that a passphrase stands for, the same everywhere (scrypt, RFC 7914).

    128 MB and about half a second make guessing dear. There is no secret salt: the passphrase
    alone repeats a project, and so it has to be one that nobody can guess.
    """
    from hashlib import scrypt

    if len(passphrase) < PASSPHRASE_LETTERS:
        raise Usage(f"A passphrase has at least {PASSPHRASE_LETTERS} characters.")
    return scrypt(
        normalize("NFC", passphrase).encode("utf-8"),
        salt=SCRYPT_SALT, n=SCRYPT_N, r=SCRYPT_R, p=SCRYPT_P,
        maxmem=256 * SCRYPT_N * SCRYPT_R, dklen=KEY_BYTES,
    )  # fmt: skip


def identity_from_file(path: Path) -> Identity:
    """The key that a file's bytes stand for: at least 32 bytes that nobody can guess."""
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Usage(f"The key file cannot be read: {reason}.") from None
    if len(content) < KEY_BYTES:
        raise Usage(
            f"The key file holds {len(content)} bytes; a key needs at least {KEY_BYTES} that "
            "nobody can guess. One is made by: head -c 32 /dev/urandom > FILE"
        )
    return Identity(sha256(content).digest())
