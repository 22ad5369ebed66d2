"""Pseudonyms and UIDs from a project key: HMAC-SHA-256 over the original value.

The same key gives the same result in another tab, on another machine and in another year;
without the key nothing can be recomputed. The key itself is 32 random bytes that the caller keeps.

What this key made is not made anew (`seal` says what that is good for). UIDs and labels carry a
keyed check of their own bits, by which the key knows them:

UID     82 bits of hash, 40 of check. Two of a billion (10^9) originals collide with a probability
        of 10^-7. Only UIDs with the shape of one of these are asked (2.25., UUID version 8, which
        no scanner is known to write), and of those another program's passes with 2^-40.
label   35 bits of hash, 30 of check: there are few AE titles in a project.

Who lacks the key can make a value that passes only by guessing; who has results can copy theirs,
and gains nothing: what is kept then is a value that says no more than where it was copied from.
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from unicodedata import normalize

from dicom_veil.errors import Refused, Usage

# Crockford's base 32: no letter that is taken for a digit or another letter.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
KEY_BYTES = 32
MAX_UID = 64
PSEUDONYM_LETTERS = 8
PASSPHRASE_LETTERS = 12
UID_CHECK_BITS, LABEL_CHECK_BITS, LABEL_LETTERS = 40, 30, 13
SCRYPT_SALT, SCRYPT_N, SCRYPT_R, SCRYPT_P = b"dicom-veil project key 1", 1 << 17, 8, 1


@dataclass(frozen=True)
class Identity:
    """What one project key makes; `repr` never shows the key.

    `patients` are a person's own pseudonyms by PatientID: with them, a patient that they do not
    name is refused. `people` is who somebody is in the eyes of a person who was asked
    (`intake.people`), by what tells the patient from others and the name.
    """

    key: bytes
    patients: Mapping[str, str] | None = field(default=None, hash=False)
    people: Mapping[tuple[str, str], str] | None = field(default=None, hash=False)

    def __post_init__(self) -> None:
        if len(self.key) != KEY_BYTES:
            raise Usage(f"A project key has {KEY_BYTES} bytes.")

    def __repr__(self) -> str:
        return "Identity(…)"

    def _digest(self, purpose: str, value: str) -> bytes:
        return _digest(self.key, purpose, value)

    def uid(self, original: str) -> str:
        """The UID that takes the place of `original`: 2.25. and a UUID (PS3.5 B.2).

        The UUID is of version 8 (RFC 9562 5.8). A UID that this key made stays.
        """
        if self.made_uid(original):
            return original
        bits = int.from_bytes(self._digest("uid", original)[:11], "big") >> 6
        return f"2.25.{_uuid(self._checked('uid', bits, UID_CHECK_BITS))}"

    def made_uid(self, uid: str) -> bool:
        """Whether this key made a UID."""
        if not uid.startswith("2.25.") or not uid[5:].isdecimal() or len(uid) > MAX_UID:
            return False
        number = int(uid[5:])
        bits = number >> 80 << 74 | (number >> 64 & 0xFFF) << 62 | number & ((1 << 62) - 1)
        # Also says that the version and the variant are right, and that no zero leads.
        return uid == f"2.25.{_uuid(bits)}" and bits == self._checked(
            "uid", bits >> UID_CHECK_BITS, UID_CHECK_BITS
        )

    def _checked(self, purpose: str, bits: int, count: int) -> int:
        """`bits` followed by `count` bits that only the key can compute of them."""
        check = int.from_bytes(self._digest(f"{purpose} check", f"{bits:x}")[:8], "big")
        return bits << count | check >> (64 - count)

    def number(self, purpose: str, value: str) -> int:
        """A number of 64 bits for some purpose, such as a shift of dates."""
        return int.from_bytes(self._digest(purpose, value)[:8], "big")

    def label(self, purpose: str, value: str) -> str:
        """Thirteen letters that stand for a value that is no patient's, such as an AE title."""
        bits = self.number(purpose, value) >> (64 - 5 * LABEL_LETTERS + LABEL_CHECK_BITS)
        return _letters(self._checked(purpose, bits, LABEL_CHECK_BITS), LABEL_LETTERS)

    def made_label(self, purpose: str, label: str) -> bool:
        """Whether this key made a label."""
        if len(label) != LABEL_LETTERS or not set(label) <= set(ALPHABET):
            return False
        number = 0
        for letter in label:
            number = number << 5 | ALPHABET.index(letter)
        return number == self._checked(purpose, number >> LABEL_CHECK_BITS, LABEL_CHECK_BITS)

    def seal(self, *values: str) -> str:
        """Sixteen letters (80 bits) that only this key can write under these values."""
        digest = self._digest("seal", "\0".join(f"{len(one)} {one}" for one in values))
        return _letters(int.from_bytes(digest[:10], "big"), 16)

    def pseudonym(self, patient: str) -> str:
        """A name for a patient: `SUBJ-`, eight letters (40 bits) and a check letter.

        `patient` is whatever tells this patient from others, normally PatientID.
        """
        number = int.from_bytes(self._digest("patient", patient)[:5], "big")
        letters = _letters(number, PSEUDONYM_LETTERS)
        return f"SUBJ-{letters}{check_letter(letters)}"

    def may_be_pseudonym(self, text: str) -> bool:
        """Whether a text has the form of a pseudonym, or is one of the person's own table."""
        if self.patients is not None:
            return text in self.patients.values()
        letters = text.removeprefix("SUBJ-")
        return (
            len(letters) == PSEUDONYM_LETTERS + 1 == len(text) - 5
            and set(letters) <= set(ALPHABET)
            and check_letter(letters[:-1]) == letters[-1]
        )

    def pseudonym_of(self, patient_id: str, patient: str) -> str:
        """The pseudonym by the person's own table if there is one, else the keyed one."""
        if self.patients is None:
            return self.pseudonym(patient)
        own = self.patients.get(patient_id)
        if own is None:
            raise Refused("The table of patients has no pseudonym for this patient's PatientID.")
        return own


# A patient's instances ask for the same again and again.
@lru_cache(maxsize=4096)
def _digest(key: bytes, purpose: str, value: str) -> bytes:
    return hmac.digest(key, purpose.encode() + b"\0" + value.encode("utf-8"), "sha256")


def _uuid(bits: int) -> int:
    """122 bits as the number of a UUID of version 8 and the RFC's variant."""
    return (
        bits >> 74 << 80 | 8 << 76 | (bits >> 62 & 0xFFF) << 64 | 2 << 62 | bits & ((1 << 62) - 1)
    )


def _letters(number: int, count: int) -> str:
    return "".join(ALPHABET[number >> shift & 31] for shift in range(5 * count - 5, -1, -5))


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
