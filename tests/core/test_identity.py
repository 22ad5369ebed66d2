"""Identity: same key same result, another key another; valid UIDs; readable pseudonyms."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.uid import UID

from dicom_veil.errors import Usage
from dicom_veil.identity import (
    ALPHABET,
    Identity,
    check_letter,
    identity_from_file,
    random_identity,
)

ONE, OTHER = Identity(bytes(32)), Identity(bytes(31) + b"\1")


@given(st.text(min_size=1))
def test_uids_are_valid_stable_and_keyed(original: str) -> None:
    made = ONE.uid(original)
    assert UID(made).is_valid
    assert made == ONE.uid(original) != OTHER.uid(original)
    number = int(made.removeprefix("2.25."))
    assert number >> 76 & 0xF == 8  # a UUID of version 8
    assert number >> 62 & 0x3 == 2  # of the RFC's variant


@given(st.text(min_size=1))
def test_pseudonyms_are_readable_and_checked(patient: str) -> None:
    made = ONE.pseudonym(patient)
    letters = made.removeprefix("SUBJ-")
    assert len(letters) == 9
    assert set(letters) <= set(ALPHABET)
    assert check_letter(letters[:-1]) == letters[-1]
    assert made != OTHER.pseudonym(patient)


@given(
    st.text(alphabet=ALPHABET[:31], min_size=8, max_size=8), st.integers(0, 7), st.integers(1, 30)
)
def test_a_mistyped_letter_is_noticed(letters: str, place: int, shift: int) -> None:
    wrong = ALPHABET[(ALPHABET.index(letters[place]) + shift) % 31]
    assert check_letter(letters[:place] + wrong + letters[place + 1 :]) != check_letter(letters)


def test_the_key_is_never_shown() -> None:
    identity = random_identity()
    assert identity.key.hex() not in repr(identity)
    assert repr(identity.key) not in f"{identity} {identity!r}"


def test_key_files_must_hold_a_key(tmp_path: Path) -> None:
    short, good = tmp_path / "short", tmp_path / "good"
    short.write_bytes(b"password")
    good.write_bytes(bytes(range(40)))
    with pytest.raises(Usage, match="32"):
        identity_from_file(short)
    with pytest.raises(Usage, match="cannot be read"):
        identity_from_file(tmp_path / "absent")
    assert identity_from_file(good) == identity_from_file(good)
