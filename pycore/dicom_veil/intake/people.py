"""What a person said about who is who → whose instances are whose (`Identity.people`).

same       all sides are one person: one pseudonym, one shift of dates
different  each side is a person of its own
out        none of what is concerned is written
"""

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from dicom_veil.context import same_name
from dicom_veil.intake.header import Header
from dicom_veil.intake.questions import Question

Choice = Literal["same", "different", "out"]
People = dict[tuple[str, str], str]


class Decided(NamedTuple):
    """`people` for `Identity`; `out`: numbers of the inputs that are left out."""

    people: People
    out: tuple[int, ...]


def decided(headers: Mapping[int, Header], answers: Iterable[tuple[Question, Choice]]) -> Decided:
    """What follows from all answers; an answer about a part of another's persons joins both."""
    listed = list(answers)
    own = {n: (one.patient, same_name(one.patient_name)) for n, one in headers.items()}
    people: People = {}
    out: set[int] = set()
    for question, choice in listed:
        concerned = [number for side in question.inputs for number in side]
        if choice == "out":
            out.update(concerned)
        elif choice == "different" and question.kind == "names":
            people |= {own[n]: "\0".join((headers[n].patient, "name", own[n][1]))
                       for n in concerned}  # fmt: skip
    for question, choice in listed:
        if choice == "same" and question.kind != "names":
            places = dict.fromkeys(own[number] for side in question.inputs for number in side)
            _join(people, list(places), set(own.values()))
    return Decided(people, tuple(sorted(out)))


def _join(people: People, places: list[tuple[str, str]], everybody: set[tuple[str, str]]) -> None:
    """All that these persons are called becomes the first's, also where it was joined before."""
    names = [people.get(place, place[0]) for place in places]
    first = names[0]
    people |= {one: first for one in everybody if people.get(one, one[0]) in names}
