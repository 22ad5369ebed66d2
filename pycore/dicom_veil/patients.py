"""A person's own pseudonyms: a table of two columns, PatientID and the name that takes its place.

And the way back: which patient became which pseudonym, as a table for one person's eyes, which
leaves only encrypted (`age`).
"""

import csv
import re
from collections.abc import Iterable, Mapping
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from dicom_veil.errors import Usage

LINKS_HEAD = (
    "PatientID", "PatientName", "pseudonym", "StudyInstanceUID", "new StudyInstanceUID",
)  # fmt: skip
# What both LO and PN can hold as one plain value (PS3.5 6.2).
PSEUDONYM = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,62}[A-Za-z0-9]|[A-Za-z0-9]")


def table_from_file(path: Path) -> Mapping[str, str]:
    """PatientID → pseudonym out of a CSV file."""
    try:
        return table_from_text(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise Usage(f"The table of patients cannot be read ({type(error).__name__}).") from None


def table_from_text(text: str) -> Mapping[str, str]:
    """PatientID → pseudonym. Raises `Usage` naming the line, never what stands in it.

    The separator is what the first line has: a comma, a semicolon or a tab. A first line that
    says `PatientID` is a heading. A re-identification table (`links_csv`) is one as well.
    """
    if text.lstrip("\ufeff").split("\r\n", 1)[0] == ",".join(LINKS_HEAD):
        return _table_from_links(text)
    first = text.split("\n", 1)[0]
    separator = next((one for one in "\t;," if one in first), ",")
    table: dict[str, str] = {}
    taken: set[str] = set()
    for number, row in enumerate(csv.reader(StringIO(text), delimiter=separator), 1):
        cells = [cell.strip() for cell in row]
        if not any(cells) or (number == 1 and cells[0].casefold() == "patientid"):
            continue
        where = f"Line {number} of the table of patients"
        if len(cells) != 2 or not all(cells):
            raise Usage(f"{where} must have two entries: the PatientID and its pseudonym.")
        patient_id, pseudonym = cells
        if not PSEUDONYM.fullmatch(pseudonym):
            raise Usage(f"{where}: a pseudonym is 1 to 64 letters, digits, spaces, - . and _.")
        if patient_id in table:
            raise Usage(f"{where} names a PatientID a second time.")
        if pseudonym in taken:
            raise Usage(f"{where} gives a pseudonym a second time.")
        table[patient_id] = pseudonym
        taken.add(pseudonym)
    if not table:
        raise Usage("The table of patients is empty.")
    return table


def _table_from_links(text: str) -> Mapping[str, str]:
    """The patients of a re-identification table; those without a PatientID cannot be named."""
    table: dict[str, str] = {}
    for number, row in enumerate(csv.reader(StringIO(text.lstrip("\ufeff"))), 1):
        if number == 1 or not any(row):
            continue
        where = f"Line {number} of the re-identification table"
        if len(row) != len(LINKS_HEAD) or not PSEUDONYM.fullmatch(row[2]):
            raise Usage(f"{where} is not as it was written.")
        patient_id, pseudonym = row[0], row[2]
        if patient_id and table.setdefault(patient_id, pseudonym) != pseudonym:
            raise Usage(f"{where} gives a PatientID another pseudonym than a line before.")
    if len(set(table.values())) != len(table):
        raise Usage("The re-identification table gives a pseudonym to more than one PatientID.")
    if not table:
        raise Usage("The re-identification table names no PatientID.")
    return table


class Link(NamedTuple):
    """One study of one patient, before and after."""

    patient_id: str
    patient_name: str
    pseudonym: str
    study_instance_uid: str
    new_study_instance_uid: str


def links_csv(links: Iterable[Link]) -> bytes:
    """The re-identification table as CSV, each study once. To be encrypted before it is kept."""
    buffer = StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(LINKS_HEAD)
    writer.writerows(dict.fromkeys(links))
    return buffer.getvalue().encode("utf-8")


def encrypted(content: bytes, passphrase: str) -> bytes:
    """`content` as an age file that the `age` command opens with the passphrase."""
    try:
        from pyrage import passphrase as age
    except ImportError:
        raise Usage(
            "The re-identification table is only given out encrypted, and that needs one more "
            "package: pip install dicom-veil[age]"
        ) from None
    return bytes(age.encrypt(content, passphrase))
