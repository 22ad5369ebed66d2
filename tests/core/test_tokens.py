"""What is looked for of an original, what is not, and which words no cleaned text may hold."""

from collections import Counter
from datetime import date
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dicom_veil.identifying import identifying_words
from dicom_veil.needles import Token
from dicom_veil.notation import (
    code_pattern,
    day_needles,
    day_of,
    day_pattern,
    fold,
    spelled,
    squash,
    uid_pattern,
)
from dicom_veil.plan import plan
from dicom_veil.profile import load
from dicom_veil.read import read
from dicom_veil.tokens import MANY, tokens_of
from dicom_veil.value_tokens import value_tokens
from dicom_veil.verify import candidates
from tests.core.test_verify import original

BASIC = load("basic")
LATIN = ("latin-1",)
NAME, ID, TEXT, DAY, UID = 0x00100010, 0x00100020, 0x00104000, 0x00080020, 0x0020000D


def of(kind: str, tag: int, text: str) -> dict[str, set[str]]:
    """Texts of the tokens of one value, by kind."""
    found: dict[str, set[str]] = {}
    for token in value_tokens(kind, tag, text.encode("latin-1"), LATIN):
        found.setdefault(token.kind, set()).update(token.text.splitlines())
    return found


def test_names_in_either_order_and_by_component() -> None:
    found = of("name", NAME, "Doe-Smith^Mary Jane^Q^Dr^III")
    assert {"doe-smith mary jane q", "mary jane q doe-smith", "mary jane doe-smith",
            "doe-smith mary jane"} <= found["name"]  # fmt: skip
    assert found["word"] == {"doe-smith", "doe", "smith", "mary jane", "mary", "jane"}
    assert of("name", NAME, "Doe, Mary")["word"] == {"doe", "mary"}
    found = of("name", NAME, "M\xfcller^J\xf8rn")
    assert found["word"] == {"muller", "mueller", "jorn", "joern", "rellum"}


@pytest.mark.parametrize("text", ["Anonymous", "PATIENT^TEST", "X^Y", "^", "", "Dr", "12^34"])
def test_stand_ins_are_no_names(text: str) -> None:
    assert "word" not in of("name", NAME, text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("MR-123", True), ("A1B", True), ("12345", True), ("CT", False), ("123", False),
     ("2019", False), ("0000", False), ("1987", False), ("unknown", False), ("Avanto", True)],
)  # fmt: skip
def test_what_makes_an_id(text: str, wanted: bool) -> None:
    assert bool(of("code", ID, text).get("code")) == wanted


def test_text_by_line_and_the_numbers_in_it() -> None:
    found = of("text", TEXT, "seen with MRN 4711081\r\non ward\r\nby the brother in law")
    assert found["code"] == {"4711081"}
    assert found["text"] >= {"by the brother in law", "seen with mrn 4711081"}
    assert of("text", TEXT, "no pain") == {}


def test_dates_and_uids() -> None:
    assert of("day", DAY, "20190817")["day"] == {"20190817"}
    assert of("day", DAY, "2019-08-17")["day"] == {"20190817"}
    for nothing in ("19000101", "20190230", "2019", "", "00010101"):
        assert of("day", DAY, nothing) == {}, nothing
    assert of("uid", UID, "1.2.840.10008.1.2.1") == {}
    assert of("uid", UID, "1.2.840.113619.2.5") == {"uid": {"1.2.840.113619.2.5"}}


def test_tokens_and_words_of_an_instance() -> None:
    instance = read(BytesIO(original()))
    steps = plan(instance, BASIC)
    tokens = tokens_of(instance, steps)
    kinds = {token.kind for several in tokens.by_needle.values() for token in several}
    assert kinds >= {"uid", "name", "word", "code", "place", "text"}
    assert {b"1961", b"2019"} <= set(tokens.days)
    assert tokens.wide
    assert not tokens_of(instance, ()).by_needle
    words = identifying_words(instance, steps)
    assert words >= {"m\xfcller", "muller", "mueller", "l\xfcdenscheidt", "hans", "peter",
                     "kowalczyk",
                     "ewa", "mr123456", "mr-123.456", "vinzenz", "k\xf6ln", "koeln", "20190817",
                     "17.08.2019", "2019-08-17", "acc0099881", "ctawp99123"}  # fmt: skip
    # Descriptions are judged by the allow-list; single letters and small numbers are no words.
    assert not words & {"fall", "horse", "hazelnuts", "7", "12", ""}


@given(st.dates(min_value=date(1850, 1, 1), max_value=date(9990, 1, 1)))
def test_every_notation_of_a_date_has_a_needle(when: date) -> None:
    """What the exact pattern finds, the fast search has not passed over."""
    y, m, d = when.year, when.month, when.day
    day = (y, m, d)
    name = when.strftime("%B")
    for text in (
        f"{y}{m:02}{d:02}", f"{y}-{m:02}-{d:02}", f"{d}.{m}.{y}", f"{m}/{d}/{y}",
        f"{d:02}{m:02}{y}",
        f"{d} {name} {y}", f"{name[:3]} {d}, {y}", f"{y}\u5e74{m}\u6708{d}\u65e5", f"{y}.{m}.{d}",
        f"{d:02}-{name[:3]}-{y}",
    ):  # fmt: skip
        assert day_pattern(day).search(fold(f"on {text} at noon")), text
        assert any(
            needle in squash(f"on {text} at noon".encode()) for needle in day_needles(day)
        ), text
    assert day_of(f"{y:04}{m:02}{d:02}") == day
    other = (y + 1, m, d) if (m, d) != (2, 29) else (y + 4, m, d)
    assert not day_pattern(other).search(f"{d}.{m}.{y}")


WORDS = st.text(st.characters(categories=("Lu", "Ll")), min_size=4, max_size=12)


@given(WORDS, st.sampled_from(["", " ", "^", "-", ", ", "\0", "_"]), WORDS)
def test_squashed_needles_are_found_in_every_encoding(one: str, gap: str, two: str) -> None:
    """ASCII in UTF-8 and UTF-16, whatever stands between."""
    one, two = fold(one), fold(two)
    if (one + two).isascii():
        needle = squash((one + two).encode())
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            for text in (one + gap + two, one.upper() + gap + two.lower()):
                assert needle in squash(f" {text} ".encode(encoding))


def test_patterns_keep_to_their_boundaries() -> None:
    assert code_pattern("123456").search("id 123-456.")
    assert code_pattern("mr-123.456").search("mr123456")
    for text in ("0123456", "1234567", "1.123456", "12345"):
        assert not code_pattern("123456").search(text), text
    assert uid_pattern("1.2.3.4").search("x1_2_3_4.dcm")
    for text in ("1.2.3.45", "11.2.3.4", "5.1.2.3.4"):
        assert not uid_pattern("1.2.3.4").search(text), text
    assert spelled("Gro\xdfe \xc5s") == ("grosse as", "grosse aas")


def test_a_token_says_nothing_by_accident() -> None:
    token = Token("word", "doe", (b"doe",), None, NAME)
    assert "doe" not in repr(tokens_of(read(BytesIO(original())), (), [token]))


def test_many_needles_are_found_as_few_are() -> None:
    """Those of a whole tree are searched by their first bytes; shorter ones than that as well."""
    values = ["Lee^Ann", *(f"{number:08d}" for number in range(20_000_000, 20_000_000 + MANY))]
    tokens = [
        token
        for value in values
        for token in value_tokens("code" if value.isdigit() else "name", 0x00100020,
                                  value.encode(), ("latin-1",))
    ]  # fmt: skip
    made = tokens_of(read(BytesIO(original())), (), tokens)
    assert made.by_head
    for data in (b"Ann", b"of 2000-1234.", b"see LEE 20000007", b"nobody", b"x", b""):
        few = candidates(data, made._replace(by_head={}), thorough=True)
        assert Counter(candidates(data, made, thorough=True)) == Counter(few)
        assert bool(few) == (len(data) > 1 and data != b"nobody")
