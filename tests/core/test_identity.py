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
from dicom_veil.patients import Link, links_csv, table_from_text

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


@given(st.text(min_size=1), st.integers(0, 121))
def test_a_key_knows_its_own_uids(original: str, bit: int) -> None:
    """And no other key's, nor one with a bit changed anywhere."""
    made = ONE.uid(original)
    assert ONE.made_uid(made)
    assert ONE.uid(made) == made
    assert not OTHER.made_uid(made)
    assert OTHER.uid(made) != made
    number = int(made.removeprefix("2.25."))
    place = bit if bit < 62 else bit + 2 if bit < 74 else bit + 6
    assert not ONE.made_uid(f"2.25.{number ^ (1 << place)}")


@pytest.mark.parametrize(
    "uid", ["", "2.25.", "2.25.0", "2.25.x", "1.2.3", "2.25." + "9" * 59, "2.25.1.2", "2.25.٣"]
)
def test_other_uids_are_not_its_own(uid: str) -> None:
    assert not ONE.made_uid(uid)
    assert UID(ONE.uid(uid)).is_valid


def test_a_uid_is_known_in_its_one_spelling() -> None:
    """With a zero in front, of another version or variant it is not the one that was made."""
    number = int(ONE.uid("1.2.3").removeprefix("2.25."))
    for other in (f"0{number}", number ^ 1 << 76, number ^ 1 << 62, number | 1 << 128):
        assert not ONE.made_uid(f"2.25.{other}")


def test_many_originals_do_not_collide() -> None:
    """82 bits: by chance these do once in 10^16 times."""
    assert len({ONE.uid(f"1.2.{n}") for n in range(20_000)}) == 20_000


@given(st.text(), st.integers(0, 12), st.integers(1, 31))
def test_a_key_knows_its_own_labels(value: str, place: int, change: int) -> None:
    made = ONE.label("ae", value)
    assert len(f"AE_{made}") == 16
    assert ONE.made_label("ae", made)
    assert not ONE.made_label("other", made)
    assert not OTHER.made_label("ae", made)
    wrong = ALPHABET[ALPHABET.index(made[place]) ^ change]
    assert not ONE.made_label("ae", made[:place] + wrong + made[place + 1 :])


def test_seals_tell_values_apart() -> None:
    """Each value with its length: what stands in one cannot move to the next."""
    assert ONE.seal("a", "b") == ONE.seal("a", "b")
    values = [("a", "b"), ("ab", ""), ("a\0", "b"), ("a", "b", ""), ("b", "a")]
    different = {ONE.seal(*one) for one in values} | {OTHER.seal("a", "b")}
    assert len(different) == 6


def test_what_may_be_a_pseudonym() -> None:
    made = ONE.pseudonym("x")
    assert ONE.may_be_pseudonym(made)
    assert not any(
        map(ONE.may_be_pseudonym, ["", "SUBJ-", made[:-1], made + "0", made[5:], "4711"])
    )
    wrong = ALPHABET[(ALPHABET.index(made[-1]) + 1) % 31]
    assert not ONE.may_be_pseudonym(made[:-1] + wrong)
    table = Identity(bytes(32), {"4711": "Case 1"})
    assert table.may_be_pseudonym("Case 1")
    assert not table.may_be_pseudonym(made)


def test_a_re_identification_table_is_a_table_of_pseudonyms() -> None:
    links = [
        Link("4711", "Doe^Jane", "SUBJ-A", "1.2.3", "2.25.1"),
        Link("4711", "Doe^Jane", "SUBJ-A", "1.2.4", "2.25.2"),
        Link("0815, b", "M\u00fcller^J", "SUBJ-B", "1.2.5", "2.25.3"),
        Link("", "Nobody^Known", "SUBJ-C", "1.2.6", "2.25.4"),
    ]
    text = links_csv(links).decode()
    assert table_from_text(text) == {"4711": "SUBJ-A", "0815, b": "SUBJ-B"}


@pytest.mark.parametrize(
    "more",
    [
        Link("4711", "Doe^Jane", "SUBJ-B", "1.2.4", "2.25.2"),
        Link("4712", "Doe^John", "SUBJ-A", "1.2.4", "2.25.2"),
        Link("4712", "Doe^John", "", "1.2.4", "2.25.2"),
    ],
)
def test_a_re_identification_table_that_contradicts_itself_is_refused(more: Link) -> None:
    text = links_csv([Link("4711", "Doe^Jane", "SUBJ-A", "1.2.3", "2.25.1"), more]).decode()
    with pytest.raises(Usage) as refused:
        table_from_text(text)
    assert "471" not in str(refused.value)
    with pytest.raises(Usage):
        table_from_text(links_csv([]).decode())
