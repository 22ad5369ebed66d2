"""The methods that a rule of one's own can name, and what cleans by them.

A method is written as its name and, after a colon, its argument: `age-cap:89`. Several are joined
by `|`, each working on what the one before left: `age-at-study|age-cap:89|age-bracket:5`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from dicom_veil import generalise, wording
from dicom_veil.context import Context
from dicom_veil.errors import Usage
from dicom_veil.forms import STRING_VRS, TEXT_VRS, fits
from dicom_veil.generalise import Cleaner


@dataclass(frozen=True)
class Method:
    """What a method is called, which argument it takes ("" for none) and for which VRs it is."""

    name: str
    label: str
    argument: str
    vrs: frozenset[str]
    make: Callable[[str], Cleaner]


DATE_VRS = frozenset({"DA", "DT", "TM"})
_ALL = (
    Method(
        "age-at-study",
        "age on the day of the study",
        "",
        frozenset({"AS"}),
        generalise.age_at_study,
    ),
    Method(
        "age-bracket",
        "age in brackets of so many years",
        "years",
        frozenset({"AS"}),
        generalise.age_bracket,
    ),
    Method(
        "age-cap",
        "ages above this one become one more",
        "years",
        frozenset({"AS"}),
        generalise.age_cap,
    ),
    Method(
        "birth-year",
        "year of birth, unless older than this at the study",
        "years",
        frozenset({"DA"}),
        generalise.birth_year,
    ),
    Method(
        "date-add",
        "the same number of days added for everybody",
        "days",
        frozenset({"DA", "DT"}),
        generalise.date_add,
    ),
    Method(
        "date-parts",
        "parts of the date set, * keeps one",
        "year/month/day",
        frozenset({"DA", "DT"}),
        generalise.date_parts,
    ),
    Method("ae", "a stand-in for an AE title", "", frozenset({"AE"}), generalise.ae_title),
    Method("code", "a code that holds nothing identifying", "", TEXT_VRS, wording.code),
    Method("hash", "digits of a keyed hash", "digits", TEXT_VRS, generalise.keyed_hash),
    Method("lowercase", "small letters", "", TEXT_VRS - {"AE", "CS"}, generalise.lowercase),
    Method("month", "month of the date", "", DATE_VRS, generalise.month),
    Method(
        "meaning",
        "the meaning that PS3.16 has for a code",
        "scheme:code",
        TEXT_VRS,
        wording.code_meaning,
    ),
    Method("pseudonym", "the patient's pseudonym", "", TEXT_VRS, generalise.pseudonym),
    Method(
        "regex", "what matches is replaced", "/pattern/replacement/", STRING_VRS, generalise.regex
    ),
    Method("set", "a text of one's own", "text", STRING_VRS, generalise.fixed),
    Method("shift", "the patient's own number of days earlier", "", DATE_VRS, generalise.shifted),
    Method("text", "words that are terms and identify nobody", "", TEXT_VRS, wording.text),
    Method(
        "truncate",
        "the first characters, or the last when negative",
        "count",
        TEXT_VRS,
        generalise.truncate,
    ),
    Method("uppercase", "capital letters", "", TEXT_VRS, generalise.uppercase),
    Method(
        "zip3",
        "the ZIP code of an address to three digits, 000 where few live there",
        "",
        frozenset({"LO", "LT", "SH", "ST", "UT"}),
        generalise.zip3,
    ),
    Method("whole", "kept if every word is a term", "", TEXT_VRS, wording.whole),
    Method("year", "year of the date", "", DATE_VRS, generalise.year),
)
METHODS = {method.name: method for method in _ALL}
# Their arguments may hold any character, so nothing can follow them.
GREEDY = frozenset({"regex", "set"})


def parts_of(text: str) -> tuple[tuple[Method, str], ...]:
    """The methods, each with its argument, that a rule's `method` names.

    Raises `Usage` with a sentence for a name that none of them has.
    """
    found: list[tuple[Method, str]] = []
    rest = text
    while rest:
        name = re.split(r"[:|]", rest, maxsplit=1)[0]
        if name not in METHODS:
            raise Usage(f"There is no method of that name. There are: {', '.join(METHODS)}.")
        step, _, rest = (rest, "", "") if name in GREEDY else rest.partition("|")
        found.append((METHODS[name], step.partition(":")[2]))
    return tuple(found)


@lru_cache(maxsize=1024)
def cleaner(text: str) -> Cleaner:
    """What cleans by the methods that `text` names. Raises `Usage` with a sentence."""
    cleaners: list[Cleaner] = []
    for method, argument in parts_of(text):
        try:
            cleaners.append(method.make(argument))
        except Usage as error:
            raise Usage(f'Method "{method.name}" cannot be used so. {error}') from None
    if not cleaners:
        raise Usage("A method needs a name.")
    return cleaners[0] if len(cleaners) == 1 else _chain(tuple(cleaners))


def _chain(cleaners: tuple[Cleaner, ...]) -> Cleaner:
    def clean(value: str, vr: str, context: Context) -> str | None:
        new: str | None = value
        for step in cleaners:
            if new is not None:
                new = step(new, vr, context)
        return new

    return clean


def unfit(text: str, vr: str) -> str:
    """Why the methods that `text` names are not for attributes of a VR, or an empty string."""
    for method, argument in parts_of(text):
        if vr not in method.vrs:
            return f'Method "{method.name}" is not for values of VR {vr}.'
        if method.name == "set" and not fits(argument, vr):
            return f"The text is no value of VR {vr}."
    return ""
