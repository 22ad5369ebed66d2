"""Coded entries (PS3.3 8, Table 8.8-1): which of them are the standard's, and what cleans others.

A code that PS3.16 knows names no one, so it stays, with the meaning that the dictionary has: the
Code Meaning in a file is free text, and names have stood there. Of a code that only looks like
one of a public scheme the meaning is cleaned as text, and the code goes when it holds one of the
instance's identifying values. A private code can be anything: its value
and its scheme stay where every word of them is a term, else they become dummies (PS3.15 E.1.1
step 2 Notes 7, 9, 10); where a scheme is described, a private one is not (`is_local`).
"""

from pydicom.dataset import Dataset

from dicom_veil.codebook import is_public, looks_public, meaning
from dicom_veil.decoded import value_of
from dicom_veil.rules import Rule
from dicom_veil.words import fold

VALUE, SCHEME, MEANING = 0x00080100, 0x00080102, 0x00080104
LONG_VALUE, URN_VALUE = 0x00080119, 0x00080120
SOURCE = "PS3.16"


def text_of(item: Dataset, tag: int) -> str:
    """The text of one attribute, without padding; empty where there is none."""
    return str(value_of(item, tag) or "").strip(" \0")


def is_coded(item: Dataset) -> bool:
    """Whether an item of a sequence is a coded entry."""
    elements = item._dict
    return MEANING in elements or VALUE in elements or LONG_VALUE in elements


def is_local(item: Dataset) -> bool:
    """Whether an item of Coding Scheme Identification (0008,0110) describes a private scheme.

    Its designator and its UID name who made it, and no code of the result is of it.
    """
    return not is_public(text_of(item, SCHEME))


def code_rules(item: Dataset) -> dict[int, Rule]:
    """What becomes of the parts of a coded entry, by tag; what is not named stays."""
    scheme = text_of(item, SCHEME)
    code = text_of(item, VALUE) or text_of(item, LONG_VALUE)
    known = meaning(scheme, code)
    if known is not None:
        if MEANING not in item._dict or fold(text_of(item, MEANING)) == fold(known):
            return {}
        return {MEANING: Rule("C", SOURCE, f"meaning:{scheme}:{code}", "D")}
    as_text, as_code = Rule("C", "code", "text", "D"), Rule("C", "code", "code", "D")
    if looks_public(scheme, code):
        if scheme == "UCUM":
            as_text = Rule("C", "code", f"meaning:{scheme}:{code}", "D")
        rules = {MEANING: as_text, VALUE: as_code, LONG_VALUE: as_code}
    else:
        whole = Rule("C", "code", "whole", "D")
        rules = {MEANING: as_text, VALUE: whole, LONG_VALUE: whole, SCHEME: whole}
    if URN_VALUE in item._dict:
        # No dictionary has URN codes; an address can hold anything.
        rules[URN_VALUE] = Rule("D", "code")
    return {tag: rule for tag, rule in rules.items() if tag in item._dict}
