"""Who the patients of a whole tree are: looked for in every output, whichever input it is of.

Of each input what says who its patient is, once for all instances that say the same. Not its other
dates and UIDs, descriptions, and hashes: they are many, and say nothing in another's output. Of so
many words chance finds more than of one's own, so a name or an ID is not looked for where it is
made of words that stand in headers anyway (`common`, `terms`: a phantom called JPEG), nor one word
of a name in a script without spaces, which is part of many words. `weigh` leaves out more.
"""

from collections.abc import Iterable

from pydicom.tag import Tag

from dicom_veil.common import is_common
from dicom_veil.needles import Token
from dicom_veil.notation import words
from dicom_veil.terms import terms
from dicom_veil.tokens import Tokens
from dicom_veil.weigh import SPACELESS

KINDS = frozenset({"name", "word", "code", "day", "place", "uid"})
WHO = frozenset(
    int(Tag(keyword))
    for keyword in (
        "PatientName", "PatientID", "PatientBirthDate", "PatientBirthName",
        "PatientMotherBirthName", "OtherPatientNames", "OtherPatientIDs", "PatientAddress",
        "PatientTelephoneNumbers", "MedicalRecordLocator", "ResponsiblePerson", "AccessionNumber",
        "StudyInstanceUID",
    )
)  # fmt: skip


def says_who(token: Token) -> bool:
    """Whether a token of an input is looked for in the outputs of others, too."""
    if token.kind not in KINDS or token.tag not in WHO:
        return False
    if token.kind == "word" and SPACELESS.match(token.text):
        return False
    named = token.text.partition("\n")[0]
    return token.kind in ("day", "uid") or not all(map(_is_usual, words(named)))


def _is_usual(word: str) -> bool:
    return is_common(word) or word in terms().words


def without_own(found: Iterable[Token], own: Tokens) -> list[Token]:
    """Of other inputs' tokens those that the output's own input does not say as well."""
    return [
        token
        for token in found
        if token.day not in own.days.get(token.needles[0], {})
        and not any(
            one.kind == token.kind
            for needle in token.needles
            for one in own.by_needle.get(needle, ())
        )
    ]
