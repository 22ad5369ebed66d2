"""The cleaners of texts: `text` of Clean Descriptors, `meaning` and `code` of coded entries."""

from dicom_veil.codebook import meaning
from dicom_veil.context import Context
from dicom_veil.descriptors import clean, identifies
from dicom_veil.generalise import Cleaner


def text(_argument: str) -> Cleaner:
    """What stays of a text, or None when nothing does."""

    def cleaned(value: str, _vr: str, context: Context) -> str | None:
        return clean(value, context.identifying).kept or None

    return cleaned


def whole(_argument: str) -> Cleaner:
    """A text of which every word may stay, or None: part of a code is another code."""

    def cleaned(value: str, _vr: str, context: Context) -> str | None:
        return None if clean(value, context.identifying).dropped else value

    return cleaned


def code_meaning(argument: str) -> Cleaner:
    """A meaning as PS3.16 has it; `argument` is the code, its scheme first: `DCM:121008`.

    The words in the file stay where all of them are terms: a code has more than one name. A unit
    of UCUM is its own meaning (PS3.16 7.2.2): `ml/100ml` is another unit than `ml/100ml/s`.
    """
    scheme, _, code = argument.partition(":")
    known = meaning(scheme, code) or (code if scheme == "UCUM" else None)
    if known is None:
        return text("")

    def replaced(value: str, _vr: str, context: Context) -> str | None:
        if not clean(value, context.identifying).dropped:
            return value
        return None if identifies(known, context.identifying) else known[:64]

    return replaced


def code(_argument: str) -> Cleaner:
    """A code value as it is, unless it holds something that identifies."""

    def cleaned(value: str, _vr: str, context: Context) -> str | None:
        return None if identifies(value, context.identifying) else value

    return cleaned
