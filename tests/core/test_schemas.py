"""The JSON Schemas: presets and imports keep to them, and they refuse what the program refuses."""

import json
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator

from dicom_veil.errors import Usage
from dicom_veil.importers.ctp import import_ctp
from dicom_veil.methods import METHODS, cleaner
from dicom_veil.options import OPTIONS
from dicom_veil.profile import BUILT_IN, DATES, ENTRIES, UNLISTED, from_json
from tests.core.schemas import mistakes, schema

PRESETS = sorted(path.name for path in (files("dicom_veil") / "data" / "profiles").iterdir())


@pytest.mark.parametrize("name", ["profile", "report"])
def test_schemas_are_schemas(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))


@pytest.mark.parametrize("name", PRESETS)
def test_presets_keep_to_the_schema(name: str) -> None:
    text = (files("dicom_veil") / "data" / "profiles" / name).read_text(encoding="utf-8")
    assert mistakes("profile", json.loads(text)) == []


def test_the_schema_knows_what_the_program_knows() -> None:
    properties = schema("profile")["properties"]
    assert set(properties) - {"$schema"} == set(ENTRIES)
    assert set(properties["options"]["items"]["enum"]) == set(OPTIONS)
    assert tuple(properties["dates"]["enum"]) == DATES
    assert tuple(properties["unlisted"]["enum"]) == UNLISTED
    assert tuple(properties["base"]["enum"]) == BUILT_IN


def profile(**more: object) -> dict[str, object]:
    return {"format": 1, "name": "own", "base": "basic", **more}


def with_rule(**rule: str) -> dict[str, object]:
    return profile(rules=[rule])


GOOD = [
    profile(),
    profile(options=["retain_uids", "clean_descriptors"]),
    profile(dates="year"),
    profile(unlisted="remove"),
    profile(unlisted="remove", unlisted_groups=["0018", "0020"]),
    with_rule(attribute="PatientAge", action="C", method="age-cap:89|age-bracket:5"),
    with_rule(attribute="(0010,1010)", action="X"),
    with_rule(attribute="00101010", action="K"),
    with_rule(attribute="RequestAttributesSequence.ScheduledProcedureStepID", action="Z"),
    with_rule(attribute="(0029,xx10)", creator="SIEMENS CSA HEADER", action="K"),
    with_rule(attribute="PatientAddress", action="C", method="zip3"),
    with_rule(attribute="StudyDescription", action="C", method=r"regex:/a\/|b/x/"),
    with_rule(attribute="StudyDescription", action="C", method="set:a|b"),
    with_rule(attribute="StudyDate", action="C", method="date-parts:*/1/1"),
    with_rule(attribute="StudyDate", action="C", method="date-add:-10"),
]
BAD = [
    {"format": 2, "name": "own"},
    {"format": 1},
    profile(name="Own Profile"),
    profile(base="nonsense"),
    profile(nonsense=1),
    profile(options=["nonsense"]),
    profile(options=["retain_long_full_dates", "retain_long_modified_dates"]),
    profile(options=["retain_long_full_dates"], dates="year"),
    profile(dates="day"),
    profile(unlisted="empty"),
    profile(unlisted_groups=["0018"]),
    profile(unlisted="remove", unlisted_groups=["0019"]),
    profile(unlisted="remove", unlisted_groups=[24]),
    profile(rules={}),
    with_rule(attribute="PatientAge"),
    with_rule(attribute="PatientAge", action="Y"),
    with_rule(attribute="PatientAge", action="C"),
    with_rule(attribute="PatientAge", action="X", method="age-cap:89"),
    with_rule(attribute="PatientAge", action="C", method="nonsense"),
    with_rule(attribute="PatientAge", action="C", method="age-cap"),
    with_rule(attribute="PatientAge", action="C", method="zip3:4"),
    with_rule(attribute="PatientAge", action="X", nonsense="x"),
    with_rule(attribute="(0029,xx10)", action="K"),
    with_rule(attribute="(0028,xx10)", action="K", creator="X"),
    with_rule(attribute="Patient Age", action="K"),
]


@pytest.mark.parametrize("document", GOOD)
def test_what_is_good_for_both(document: dict[str, object]) -> None:
    assert mistakes("profile", document) == []
    from_json(json.dumps(document))


@pytest.mark.parametrize("document", BAD)
def test_what_is_bad_for_both(document: dict[str, object]) -> None:
    assert mistakes("profile", document)
    with pytest.raises(Usage):
        from_json(json.dumps(document))


@pytest.mark.parametrize("name", sorted(METHODS))
def test_the_schema_names_every_method(name: str) -> None:
    arguments = {
        "": "",
        "/pattern/replacement/": ":/a/b/",
        "count": ":3",
        "days": ":-5",
        "scheme:code": ":DCM:121008",
        "digits": ":4",
        "text": ":a",
        "year/month/day": ":*/1/1",
        "years": ":5",
    }
    method = name + arguments[METHODS[name].argument]
    cleaner(method)
    assert mistakes("profile", with_rule(attribute="PatientAge", action="C", method=method)) == []


def test_imports_are_profiles_that_load() -> None:
    imported = import_ctp(
        """<script><p t="DATEINC">-10</p>
        <e en="T" t="00080020" n="StudyDate">@incrementdate(this,@DATEINC)</e>
        <e en="T" t="00100020" n="PatientID">@hash(this,10)</e>
        <e en="T" t="00101010" n="PatientAge">@round(this,5)</e>
        <e en="T" t="00080080" n="InstitutionName">@contents(this,"(a)/b","$1|")</e>
        <e en="T" t="00080081" n="InstitutionAddress">our place</e>
        <e en="T" t="0009[GEMS_IDEN_01]02">@keep()</e>
        <k en="T" t="safeprivateelements"/></script>"""
    )
    assert mistakes("profile", imported.profile) == []
    loaded = from_json(json.dumps(imported.profile))
    assert len(loaded.own) == 6
    assert loaded.options == ("retain_safe_private",)
