"""Importers: what scripts and dictionaries of other programs become, and what is said of it."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dicom_veil.errors import Usage
from dicom_veil.importers import Imported
from dicom_veil.importers.ctp import import_ctp
from dicom_veil.importers.ctp_calls import Call, parse
from dicom_veil.importers.ctp_functions import FUNCTIONS
from dicom_veil.importers.kitware import import_kitware
from dicom_veil.methods import cleaner

# The functions that CTP's manual lists, and those that its scripts use beside.
LISTED = (
    "append", "blank", "call", "contents", "date", "dateinterval", "decrypt", "default",
    "empty", "encrypt", "hash", "hashdate", "hashname", "hashptid", "hashuid", "if",
    "incrementdate", "initials", "integer", "keep", "lookup", "lowercase", "modifydate",
    "param", "pathelement", "process", "quarantine", "remove", "require", "round", "scramble",
    "select", "skip", "this", "time", "truncate", "uppercase", "value",
)  # fmt: skip


def script(*lines: str) -> str:
    """A script in XML: the lines stand from line 2 on."""
    return "\n".join(["<script>", *lines, "</script>"])


def element(tag: str, text: str, *, name: str = "", enabled: str = "T") -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;")
    return f'<e en="{enabled}" t="{tag}" n="{name}">{escaped}</e>'


def rules(imported: Imported) -> list[dict[str, str]]:
    found: list[dict[str, str]] = imported.profile["rules"]
    return found


def only(tag: str, text: str, *more: str) -> tuple[str, str, list[str]]:
    """Action, method and kinds of problems of a script of one line."""
    imported = import_ctp(script(element(tag, text), *more))
    rule = rules(imported)[0] if rules(imported) else {}
    kinds = [problem.kind for problem in imported.problems]
    assert all(problem.line == 2 for problem in imported.problems)
    return rule.get("action", ""), rule.get("method", ""), kinds


PARAMETERS = '<p t="DATEINC">-3210</p>\n<p t="SITE">7</p>'


@pytest.mark.parametrize(
    ("tag", "text", "action", "method", "kinds"),
    [
        ("00181030", "@remove()", "X", "", []),
        ("00181030", "before @remove() after", "X", "", []),
        ("00181030", "@empty()", "Z", "", []),
        ("00181030", "", "Z", "", []),
        ("00181030", "@blank(8)", "Z", "", []),
        ("00180015", "@keep()", "K", "", []),
        ("0008103e", "@keep()", "K", "", ["looser"]),
        ("00180015", "@require()", "K", "", ["changed"]),
        ("00540016", "@process()", "K", "", []),
        ("00540016", "@always()@process()", "K", "", ["changed"]),
        ("00080050", "@hash(this,10)", "C", "hash:10", ["changed"]),
        ("00080050", "@hash(this)", "C", "hash:16", ["changed"]),
        ("00100010", "@hashname(this,6,2)", "D", "", ["changed"]),
        ("00100020", "@hashptid(@SITE,PatientID,16)", "D", "", ["changed"]),
        ("00100020", "@lookup(this,ptid)", "D", "", ["changed"]),
        ("00100020", "@integer(this,ptid,4)", "D", "", ["changed"]),
        ("00120040", "@hashptid(@SITE,PatientID)", "C", "pseudonym", ["changed"]),
        ("00100010", "@initials(this)", "D", "", ["changed"]),
        ("00080090", "@initials(this)", "", "", ["unmapped"]),
        ("00080020", "@incrementdate(this,@DATEINC)", "C", "date-add:-3210", ["changed"]),
        ("0008002a", "@incrementdate(this,@DATEINC)", "C", "date-add:-3210", ["changed"]),
        ("00080020", "@incrementdate(this,@NOWHERE)", "", "", ["unmapped"]),
        ("00080020", "@hashdate(this,PatientID)", "C", "shift", ["changed"]),
        ("00080020", "@modifydate(this,*,1,1)", "C", "date-parts:*/1/1", []),
        ("00080020", "@dateinterval(this,base,PatientID)", "", "", ["unmapped"]),
        ("00101010", "@round(this,5)", "C", "age-bracket:5", ["changed"]),
        ("0020000d", "@hashuid(@UIDROOT,this)", "U", "", []),
        ("00080018", "@hashuid(@UIDROOT,this)", "", "", []),
        ("00080018", "@keep()", "", "", ["unmapped"]),
        ("00080016", "@keep()", "", "", []),
        ("0020000d", "@hashuid(@UIDROOT,SOPInstanceUID)", "", "", ["unmapped"]),
        ("00080080", "@hashuid(@UIDROOT,this)", "", "", ["unmapped"]),
        ("00080080", "@truncate(this,3)", "C", "truncate:3", []),
        ("00080080", "@uppercase(this)", "C", "uppercase", []),
        ("00080080", "@lowercase(this)", "C", "lowercase", []),
        ("00080080", "@lowercase(StationName)", "", "", ["unmapped"]),
        ("00080080", "@value(this)", "K", "", ["looser"]),
        ("00080080", "@contents(this)", "K", "", ["looser"]),
        ("00080080", '@contents(this,"[0-9]+")', "C", "regex:/[0-9]+//", []),
        ("00080080", '@contents(this,"(a)/(b)","$2,$1")', "C", r"regex:/(a)\/(b)/\2,\1/", []),
        ("00080080", '@contents(this,"(")', "", "", ["unmapped"]),
        ("00080080", '@contents(this,"(?>a)\\z")', "", "", ["unmapped"]),
        ("00080080", "@contents(StationName)", "", "", ["unmapped"]),
        ("00080080", "@param(@SITE)", "C", "set:7", []),
        ("00080080", "@param(@NOWHERE)", "", "", ["unmapped"]),
        ("00080080", "Site @param(@SITE)", "C", "set:Site 7", []),
        ("00080080", "Our \\@ site", "C", "set:Our @ site", []),
        ("00080080", "@always()Our site", "C", "set:Our site", ["changed"]),
        ("00080080", "a@contents(this)", "", "", ["unmapped"]),
        ("00080020", "yesterday", "", "", ["unmapped"]),
        ("00280010", "512", "X", "", ["unmapped"]),
        ("00080080", "@encrypt(this,key)", "", "", ["unmapped"]),
        ("00180015", "@encrypt(this,key)", "X", "", ["unmapped"]),
        ("00180015", "@date()", "X", "", ["unmapped"]),
        ("00180015", "@call(id,x)", "X", "", ["unmapped"]),
        ("00180015", "@nonsense()", "X", "", ["unmapped"]),
        ("00180015", "@keep(", "X", "", ["unmapped"]),
        ("00080060", "@quarantine()", "X", "", ["unmapped"]),
        ("00180015", "@if(this,isblank){@remove()}{@keep()}", "K", "", []),
        ("00180015", "@if(this,isblank){CHEST}{@keep()}", "K", "", ["changed"]),
        ("00180015", "@if(this,isblank){@quarantine()}{@keep()}", "K", "", ["changed"]),
        ("00180015", "@if(this,exists){@keep()}{@empty()}", "K", "", []),
        ("00180015", '@if(Modality,equals,"CT"){@keep()}{@remove()}', "X", "", ["changed"]),
        ("00180015", '@if(this,contains,"x"){@quarantine()}{@keep()}', "X", "", ["unmapped"]),
        ("00180015", "@if(Modality,exists){ONE}{TWO}", "X", "", ["unmapped"]),
        ("0020000e", "@select(){@keep()}{@hashuid(@R,this)}", "U", "", ["changed"]),
        ("00120063", "@always()@append(){CTP}", "", "", ["changed"]),
        ("00120064", "113100/113105", "", "", ["changed"]),
        ("00020016", "@remove()", "", "", ["changed"]),
        ("00100020", "@if(this,matches,\"A.*\"){@hash(this)}{@remove()}", "X", "",
         ["changed"]),
        ("00091010", "@remove()", "", "", []),
        ("00091010", "@keep()", "", "", ["unmapped"]),
        ("0009[GEMS_IDEN_01]02", "@remove()", "", "", []),
        ("000900[GEMS_IDEN_01]", "@keep()", "", "", []),
        ("0009[GEMS_IDEN_01]02", "@keep()", "K", "", ["looser"]),
        ("0009[GEMS_IDEN_01]02", "@call(x)", "", "", ["unmapped"]),
    ],
)  # fmt: skip
def test_what_a_line_of_ctp_becomes(
    tag: str, text: str, action: str, method: str, kinds: list[str]
) -> None:
    assert only(tag, text, PARAMETERS) == (action, method, kinds)


def test_every_listed_function_is_known() -> None:
    assert sorted(LISTED) == sorted(FUNCTIONS)


@pytest.mark.parametrize("name", LISTED)
def test_no_function_is_skipped_silently(name: str) -> None:
    """Whatever the arguments: a rule, or a problem, or both; and a method that exists."""
    for arguments in ("", "this", "this,1", "this,1,2,3", "PatientID", '"unclosed'):
        for clauses in ("", "{@keep()}", "{@remove()}{x}"):
            imported = import_ctp(script(element("00081010", f"@{name}({arguments}){clauses}")))
            assert rules(imported) or imported.problems
            for rule in rules(imported):
                if rule["action"] == "C":
                    cleaner(rule["method"])


def test_private_rules_name_their_creator() -> None:
    imported = import_ctp(script(element("0009[GEMS_IDEN_01]e2", "@keep()")))
    assert rules(imported) == [
        {"attribute": "(0009,xxE2)", "creator": "GEMS_IDEN_01", "action": "K"}
    ]


def test_lines_switched_off_ask_for_nothing() -> None:
    imported = import_ctp(script(element("00100010", "@keep()", enabled="F")))
    assert rules(imported) == []
    assert imported.problems == ()


def test_names_of_elements_are_those_of_the_script() -> None:
    text = script(
        element("00100020", "@hash(TheID,9)", name="TheID"),
        element("00080096", "@process()", name="ReferringPhysiciansIDSeq"),
    )
    imported = import_ctp(text)
    assert rules(imported)[0] == {"attribute": "PatientID", "action": "D"}
    assert rules(imported)[1]["action"] == "K"


@pytest.mark.parametrize(
    ("line", "options", "kinds"),
    [
        ('<k en="T" t="safeprivateelements">x</k>', ["retain_safe_private"], ["changed"]),
        ('<k en="F" t="safeprivateelements">x</k>', [], []),
        ('<k en="T" t="0018">Keep group 0018</k>', [], ["changed"]),
        ('<k en="T" t="0019">Keep group 0019</k>', [], ["changed"]),
        ('<k en="F" t="0018">Keep group 0018</k>', [], []),
        ('<k en="T" t="nonsense">x</k>', [], ["unmapped"]),
        ('<r en="T" t="privategroups">x</r>', [], []),
        ('<r en="F" t="privategroups">x</r>', [], ["changed"]),
        ('<r en="T" t="curves">x</r>', [], []),
        ('<r en="F" t="overlays">x</r>', [], ["changed"]),
        ('<r en="T" t="unspecifiedelements">x</r>', [], ["changed"]),
        ('<r en="F" t="unspecifiedelements">x</r>', [], []),
        ('<r en="T" t="nonsense">x</r>', [], ["unmapped"]),
    ],
)
def test_rules_for_whole_groups(line: str, options: list[str], kinds: list[str]) -> None:
    imported = import_ctp(script(line))
    assert imported.profile["options"] == options
    assert [problem.kind for problem in imported.problems] == kinds


def test_the_older_form_of_a_script_means_the_same() -> None:
    old = """# a comment
param.DATEINC=-10
set.[0008,0020]StudyDate=@incrementdate(this,@DATEINC)
#set.[0008,0050]AccessionNumber=@keep()
set.[0009,[GEMS_IDEN_01]02]=@keep()
keep.safeprivateelements=
keep.group18=
remove.privategroups=
#remove.overlays=
"""
    new = script(
        '<p t="DATEINC">-10</p>',
        element("00080020", "@incrementdate(this,@DATEINC)"),
        element("00080050", "@keep()", enabled="F"),
        element("0009[GEMS_IDEN_01]02", "@keep()"),
        '<k en="T" t="safeprivateelements"/>',
        '<k en="T" t="18"/>',
        '<r en="T" t="privategroups"/>',
        '<r en="F" t="overlays"/>',
    )
    assert import_ctp(old).profile == import_ctp(new).profile
    assert [(p.kind, p.reason) for p in import_ctp(old).problems] == [
        (p.kind, p.reason) for p in import_ctp(new).problems
    ]
    assert import_ctp(old).problems[0].line == 3


def test_lines_are_counted_as_an_editor_does() -> None:
    text = f'\n<?xml version="1.0"?>\n<script>\n{element("00180015", "@date()")}\n</script>'
    assert [problem.line for problem in import_ctp(text).problems] == [4]


@pytest.mark.parametrize(
    "text",
    [
        "", "nonsense", "<script>", "<html></html>", "<script></script>",
        '<!DOCTYPE s [<!ENTITY a "b">]><s><e en="T" t="00100010">&a;</e></s>',
    ],
)  # fmt: skip
def test_what_is_no_script_is_refused(text: str) -> None:
    with pytest.raises(Usage):
        import_ctp(text)


def test_calls_are_parsed_as_ctp_does() -> None:
    parsed = parse('a@if(this,contains,"x,)y"){@keep()}{b\\@}c')
    assert parsed == (
        "a",
        Call("if", ("this", "contains", '"x,)y"'), ("@keep()", "b\\@")),
        "c",
    )
    nested = parse("@if(a,exists){@if(b,exists){1}{2}}{3}")[0]
    assert isinstance(nested, Call)
    assert nested.clauses == ("@if(b,exists){1}{2}", "3")


@given(st.text(alphabet='@if(){}",\\a this', max_size=30))
def test_any_script_gives_a_rule_or_a_problem(text: str) -> None:
    imported = import_ctp(script(element("00080080", text)))
    assert rules(imported) or imported.problems


@pytest.mark.parametrize(
    ("key", "value", "expected", "kinds"),
    [
        ("(0x0010, 0x0010)", '"replace"', ("PatientName", "D", ""), []),
        ("(0x0010, 0x0030)", '"empty"', ("PatientBirthDate", "Z", ""), []),
        ("(0x0008, 0x0080)", '"delete"', ("InstitutionName", "X", ""), []),
        ("(0x0008, 0x0080)", '"keep"', ("InstitutionName", "K", ""), ["looser"]),
        ("(0x0020, 0x000D)", '"replace_UID"', ("StudyInstanceUID", "U", ""), []),
        ("(0x0008, 0x0080)", '"replace_UID"', None, ["unmapped"]),
        ("(0x0008, 0x0080)", '"empty_or_replace"', ("InstitutionName", "D", ""), []),
        ("(0x0008, 0x0080)", '"delete_or_empty"', ("InstitutionName", "Z", ""), []),
        ("(0x0008, 0x1140)", '"delete_or_empty_or_replace_UID"',
         ("ReferencedImageSequence", "Z", ""), []),
        ("(0x0008, 0x1030)", '{"action": "regexp", "find": "a/b", "replace": "c"}',
         ("StudyDescription", "C", r"regex:/a\/b/c/"), []),
        ("(0x0008, 0x1030)", '{"action": "regexp", "find": "("}', None, ["unmapped"]),
        ("(0x0008, 0x1030)", '{"action": "regexp", "find": "(", "replace": ""}', None,
         ["unmapped"]),
        ("(0x0008, 0x1030)", '{"action": "replace_with_value", "value": "x"}',
         ("StudyDescription", "C", "set:x"), []),
        ("(0x0028, 0x0010)", '{"action": "replace_with_value", "value": 512}',
         ("Rows", "X", ""), ["unmapped"]),
        ("(0x0008, 0x1030)", '"nonsense"', None, ["unmapped"]),
        ("(0x0008, 0x1030)", "7", None, ["unmapped"]),
        ("(0x0002, 0x0016)", '"delete"', None, ["changed"]),
        ("(0x5000, 0x0000, 0xFF00, 0x0000)", '"delete"', None, ["unmapped"]),
        ("(0x0009, 0x1010)", '"delete"', None, []),
        ("(0x0009, 0x1010)", '"keep"', None, ["unmapped"]),
        ("PatientName", '"delete"', None, ["unmapped"]),
    ],
)  # fmt: skip
def test_what_an_entry_of_kitware_becomes(
    key: str, value: str, expected: tuple[Any, ...] | None, kinds: list[str]
) -> None:
    imported = import_kitware(f'{{\n"{key}": {value}\n}}')
    found = [(r["attribute"], r["action"], r.get("method", "")) for r in rules(imported)]
    assert found == ([expected] if expected else [])
    assert [(problem.kind, problem.line) for problem in imported.problems] == [
        (kind, 2) for kind in kinds
    ]


@pytest.mark.parametrize("text", ["", "[]", "7", '{"a": ', "[[1, 2]]"])
def test_what_is_no_dictionary_is_refused(text: str) -> None:
    with pytest.raises(Usage):
        import_kitware(text)


def test_problems_are_sentences() -> None:
    text = script(*(element("00081010", f"@{name}(this,1)") for name in LISTED))
    for problem in import_ctp(text).problems:
        assert re.match(r"[A-Z].*\.$", problem.reason)
