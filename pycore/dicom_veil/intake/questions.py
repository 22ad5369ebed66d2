"""What nobody but a person can decide, found in the headers before anything is written.

names    one patient (PatientID and its issuer) with more than one name
ids      one person (name and birth date) under more than one PatientID
studies  one study (StudyInstanceUID) with more than one patient

What is asked is told by input numbers and pseudonyms, no value: it may be reported.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from dicom_veil.context import same_name
from dicom_veil.intake.header import Header

SENTENCES = {
    "names": "One PatientID has {count} different names. Accepted, all of it is one patient.",
    "ids": "One name and birth date has {count} different PatientIDs. Accepted, each of them is "
    "a patient of its own.",
    "studies": "One study holds {count} different patients. Accepted, each keeps its own part.",
}


class Question(NamedTuple):
    """`numbers`: an input of each side; `pseudonyms`: of all that are concerned.

    `about` is what all sides have in common, a value of the files: it is not reported. `inputs`
    are all that are concerned, side by side.
    """

    kind: str
    sides: int
    numbers: tuple[int, ...]
    pseudonyms: tuple[str, ...]
    about: str = ""
    inputs: tuple[tuple[int, ...], ...] = ()

    def sentence(self) -> str:
        return SENTENCES[self.kind].format(count=self.sides)


Sides = dict[str, list[int]]


def questions(headers: Mapping[int, Header]) -> list[Question]:
    """All questions, in the order of the inputs that raise them."""
    asked = [
        *_ask("names", headers, lambda one: one.patient_id and one.patient, _name),
        *_ask("ids", headers, _person, lambda one: one.patient_id),
        *_ask("studies", headers, lambda one: one.study, lambda one: one.patient),
    ]
    return sorted(asked, key=lambda one: one.numbers)


def _name(header: Header) -> str:
    return same_name(header.patient_name)


def _person(header: Header) -> str:
    """Name and birth date, where both are there and the ID is."""
    name = _name(header)
    known = name and header.birth_date and header.patient_id
    return f"{name}\0{header.birth_date}" if known else ""


def _ask(
    kind: str, headers: Mapping[int, Header],
    whose: Callable[[Header], str], side: Callable[[Header], str],
) -> Iterator[Question]:  # fmt: skip
    """A question for each `whose` that has more than one `side`; empty ones say nothing."""
    groups: dict[str, Sides] = {}
    for number, header in headers.items():
        group, value = whose(header), side(header)
        if group and value:
            groups.setdefault(group, {}).setdefault(value, []).append(number)
    for group, sides in groups.items():
        if len(sides) > 1:
            inputs = tuple(map(tuple, sides.values()))
            numbers = tuple(side[0] for side in inputs)
            pseudonyms = dict.fromkeys(headers[number].pseudonym for number in numbers)
            yield Question(kind, len(sides), numbers, tuple(pseudonyms), group, inputs)
