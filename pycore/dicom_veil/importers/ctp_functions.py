"""What the functions of RSNA CTP's DicomAnonymizer mean as rules of a profile.

A rule sees the attribute's own value and the patient's pseudonym; it knows no other attribute's
value, no time of day and no table. What needs those is not mapped, or to something stricter, and
says so.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from pydicom.datadict import tag_for_keyword

from dicom_veil.generalise import regex_argument
from dicom_veil.importers import Meaning, unmapped
from dicom_veil.importers.ctp_calls import Call, parse

PATIENT = frozenset({0x00100010, 0x00100020})
STRICTEST_FIRST = "XZDUCK"
HASH_DIGITS = 16
NO_PARAMETER = "It uses a parameter that the script does not set."
UNKNOWN = "The function is none that the manual of CTP lists."
OTHER = "It takes the value of another attribute."
BLANK = "An empty value stays empty."
OWN_HASH = "Veil's keyed pseudonyms take the place of CTP's hash, so the values are others."


@dataclass(frozen=True)
class Scope:
    """The attribute that a line is for, and the script's parameters and names of elements."""

    tag: int
    vr: str
    parameters: dict[str, str]
    names: dict[str, int]

    def parameter(self, text: str) -> str | None:
        """The text itself, or the parameter's that it names by `@` or `$`."""
        return self.parameters.get(text[1:].strip()) if text[:1] in ("@", "$") else text

    def element(self, text: str) -> int | None:
        """The tag of an element as an argument names it; None where nothing has that name."""
        text = text.strip()
        if text in ("", "this"):
            return self.tag
        match = re.fullmatch(r"[\[(]?([0-9A-Fa-f]{4}),?([0-9A-Fa-f]{4})[\])]?", text)
        if match is not None:
            return int(match[1] + match[2], 16)
        if text in self.names:
            return self.names[text]
        return tag_for_keyword(text) or tag_for_keyword(re.sub(r"Seq$", "Sequence", text))

    def is_this(self, call: Call, index: int = 0) -> bool:
        """Whether an argument names the very attribute that the line is for."""
        return self.element(call.argument(index)) == self.tag


def meaning(script: str, scope: Scope) -> Meaning:
    """What a whole script asks for."""
    try:
        parts = parse(script)
    except ValueError:
        return unmapped("A bracket or a quotation mark is missing.")
    notes: tuple[str, ...] = ()
    if parts and isinstance(parts[0], Call) and parts[0].name == "always":
        parts = parts[1:]
        notes = ("It is done where the attribute is present; none is added.",)
    if any(isinstance(part, Call) and part.name == "remove" for part in parts):
        return Meaning("X")
    found = _parts(parts, scope)
    return Meaning(found.action, found.method, (*found.notes, *(notes if found.action else ())))


def _parts(parts: tuple[str | Call, ...], scope: Scope) -> Meaning:
    if not parts:
        return Meaning("Z")
    if len(parts) == 1 and isinstance(parts[0], Call):
        function = FUNCTIONS.get(parts[0].name)
        return function(parts[0], scope) if function else unmapped(UNKNOWN)
    text = ""
    for part in parts:
        if isinstance(part, Call) and part.name != "param":
            return unmapped("It puts a text together from values.")
        more = part if isinstance(part, str) else scope.parameter(part.argument(0))
        if more is None:
            return unmapped(NO_PARAMETER)
        text += more
    return _text(text)


def _text(text: str) -> Meaning:
    return Meaning("C", f"set:{text.strip()}") if text.strip() else Meaning("Z")


def _param(call: Call, scope: Scope) -> Meaning:
    text = scope.parameter(call.argument(0))
    return unmapped(NO_PARAMETER) if text is None else _text(text)


def _plain(action: str) -> Callable[[Call, Scope], Meaning]:
    return lambda _call, _scope: Meaning(action)


def _not(reason: str) -> Callable[[Call, Scope], Meaning]:
    return lambda _call, _scope: unmapped(reason)


def _of_this(action: str, method: str = "", *notes: str) -> Callable[[Call, Scope], Meaning]:
    """A function of the attribute's own value alone."""

    def mapped(call: Call, scope: Scope) -> Meaning:
        if not scope.is_this(call):
            return unmapped(OTHER)
        return Meaning(action, method, notes)

    return mapped


def _process(_call: Call, scope: Scope) -> Meaning:
    return Meaning("K") if scope.vr == "SQ" else unmapped("Only a sequence can be processed.")


def _value(call: Call, scope: Scope) -> Meaning:
    if not scope.is_this(call):
        return unmapped(OTHER)
    notes = (BLANK,) if len(call.arguments) > 1 else ()
    return Meaning("K", notes=notes)


def _contents(call: Call, scope: Scope) -> Meaning:
    if not scope.is_this(call):
        return unmapped(OTHER)
    if len(call.arguments) < 2:
        return Meaning("K")
    # $1 and \. in a replacement are Java's; Python says \1 and takes other characters as they are.
    replacement = re.sub(r"\\([^0-9])", r"\1", call.argument(2)).replace("\\", r"\\")
    replacement = re.sub(r"\$([0-9])", r"\\\1", replacement)
    return Meaning("C", f"regex:{regex_argument(call.argument(1), replacement)}")


def _truncate(call: Call, scope: Scope) -> Meaning:
    return _numbered(call, scope, "truncate")


def _increment(call: Call, scope: Scope) -> Meaning:
    note = "The same number of days for everybody stands in the profile: who has it can undo it."
    return _numbered(call, scope, "date-add", note)


def _round(call: Call, scope: Scope) -> Meaning:
    note = "Ages go to the lower end of their bracket, not to the nearest one."
    return _numbered(call, scope, "age-bracket", note)


def _numbered(call: Call, scope: Scope, method: str, *notes: str) -> Meaning:
    number = scope.parameter(call.argument(1))
    if not scope.is_this(call):
        return unmapped(OTHER)
    if number is None or not re.fullmatch(r"[-+]?\d{1,6}", number.strip()):
        return unmapped("Its number is missing, or in a parameter that the script does not set.")
    return Meaning("C", f"{method}:{int(number)}", notes)


def _modify_date(call: Call, scope: Scope) -> Meaning:
    if not scope.is_this(call):
        return unmapped(OTHER)
    parts = [(scope.parameter(call.argument(index)) or "").strip() for index in (1, 2, 3)]
    return Meaning("C", f"date-parts:{'/'.join(part or '?' for part in parts)}")


def _hash(call: Call, scope: Scope) -> Meaning:
    of = scope.element(call.argument(0))
    if scope.tag in PATIENT or of in PATIENT:
        return _pseudonym(scope, OWN_HASH)
    if of != scope.tag:
        return unmapped(OTHER)
    wanted = scope.parameter(call.argument(1)) or ""
    digits = int(wanted) if re.fullmatch(r"[1-9]\d{0,3}", wanted) else HASH_DIGITS
    return Meaning("C", f"hash:{min(digits, HASH_DIGITS)}", (OWN_HASH,))


def _hash_patient(call: Call, scope: Scope) -> Meaning:
    if scope.element(call.argument(1)) not in PATIENT:
        return _hash(Call("hash", call.arguments[1:]), scope)
    return _pseudonym(scope, OWN_HASH)


def _pseudonym(scope: Scope, note: str) -> Meaning:
    """PatientName and PatientID get the pseudonym by themselves where they are replaced."""
    return Meaning("D" if scope.tag in PATIENT else "C",
                   "" if scope.tag in PATIENT else "pseudonym", (note,))  # fmt: skip


def _patients_alone(what: str, note: str) -> Callable[[Call, Scope], Meaning]:
    def mapped(call: Call, scope: Scope) -> Meaning:
        if scope.tag in PATIENT or scope.element(call.argument(0)) in PATIENT:
            return _pseudonym(scope, note)
        return unmapped(what)

    return mapped


def _hash_uid(call: Call, scope: Scope) -> Meaning:
    if not scope.is_this(call, 1):
        return unmapped(OTHER)
    return Meaning("U")


def _if(call: Call, scope: Scope) -> Meaning:
    yes, no = (meaning(clause, scope) for clause in (*call.clauses, "", "")[:2])
    if scope.is_this(call) and call.argument(1) == "exists":
        return yes
    if scope.is_this(call) and call.argument(1) == "isblank":
        # What is done to nothing is nothing, unless it puts something there or stops the file.
        notes = yes.notes if not yes.action else (BLANK,) if yes.action == "C" else ()
        return Meaning(no.action, no.method, (*no.notes, *notes))
    return _stricter(yes, no, "A condition cannot be a rule: the stricter of both ways is taken.")


def _select(call: Call, scope: Scope) -> Meaning:
    root, nested = (meaning(clause, scope) for clause in (*call.clauses, "", "")[:2])
    note = "One rule is for the attribute wherever it stands: the stricter of both is taken."
    return _stricter(root, nested, note)


def _stricter(one: Meaning, other: Meaning, note: str) -> Meaning:
    if (one.action, one.method) == (other.action, other.method):
        return one
    for way in (one, other):
        if not way.action:
            return way
    if one.action == other.action:
        return unmapped("It does one of two things, by a condition.")
    taken = min(one, other, key=lambda way: STRICTEST_FIRST.index(way.action))
    return Meaning(taken.action, taken.method, (*taken.notes, note))


PRESENT = "Where the attribute is missing, none is added."
STOPS = "It sets a file aside; a profile's rules do not, so this must be seen to before."
SHIFTED = "The days come from the project key, one number per patient, not from CTP's hash."
TABLED = "The pseudonym takes its place: give the table of patients to Veil beside the profile."
# Every function of the manual, and those that its scripts use beside.
FUNCTIONS: dict[str, Callable[[Call, Scope], Meaning]] = {
    "append": _not("It adds a value to those that are there."),
    "blank": _plain("Z"),
    "call": _not("It calls a plug-in of CTP."),
    "contents": _contents,
    "date": _not("It takes the date of the day on which it is done."),
    "dateinterval": _not("It counts days from a date in a table."),
    "decrypt": _not("It decrypts a value."),
    "default": _not("It stands for a rule of CTP's own."),
    "empty": _plain("Z"),
    "encrypt": _not("Whoever has the script's key could decrypt it."),
    "hash": _hash,
    "hashdate": _of_this("C", "shift", SHIFTED),
    "hashname": _hash,
    "hashptid": _hash_patient,
    "hashuid": _hash_uid,
    "if": _if,
    "incrementdate": _increment,
    "initials": _patients_alone("Initials tell who somebody is.", OWN_HASH),
    "integer": _patients_alone("It numbers values in the order in which they come.", TABLED),
    "keep": _plain("K"),
    "lookup": _patients_alone("It looks a value up in a table.", TABLED),
    "lowercase": _of_this("C", "lowercase"),
    "modifydate": _modify_date,
    "param": _param,
    "pathelement": _not("It takes a part of a path."),
    "process": _process,
    "quarantine": _not(STOPS),
    "remove": _plain("X"),
    "require": lambda _call, _scope: Meaning("K", notes=(PRESENT,)),
    "round": _round,
    "scramble": _not("What is scrambled can be put back."),
    "select": _select,
    "skip": _not(STOPS),
    "this": _plain("K"),
    "time": _not("It takes the time of day at which it is done."),
    "truncate": _truncate,
    "uppercase": _of_this("C", "uppercase"),
    "value": _value,
}
