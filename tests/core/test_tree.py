"""The tag viewer's rows: everything there is, what happens to it, and what it will be."""

from io import BytesIO

from dicom_veil.deidentify import transform
from dicom_veil.identity import Identity
from dicom_veil.inspect import count
from dicom_veil.profile import load
from dicom_veil.read import read
from dicom_veil.tree import rows
from tests.core.canary import canary

IDENTITY = Identity(bytes(32))


def test_every_attribute_has_a_row_and_no_result_holds_a_marker() -> None:
    planted = canary()
    instance = read(BytesIO(planted.content))
    steps, dataset, _ = transform(instance, load("basic"), IDENTITY)
    table = rows(instance, steps, dataset)
    added = [row for row in table if row["rule"] == "added"]
    items = [row for row in table if not row["vr"]]
    assert len(table) - len(added) - len(items) == count(instance.dataset)
    assert not planted.survivors(" ".join(row["result"] for row in table).encode())
    by_path = {row["path"]: row for row in table}
    name = by_path["PatientName"]
    assert name["value"].encode() == planted.markers["PatientName"]
    assert name["result"].startswith("SUBJ-")
    assert (name["action"], name["rule"]) == ("Z", "E.1-1")
    nested = by_path["CTAcquisitionDetailsSequence[1].CTExposureSequence[1].OperatorsName"]
    assert nested["depth"] == 2
    assert nested["value"]
    assert by_path["Rows"]["action"] == "K"
    assert by_path["Rows"]["result"] == by_path["Rows"]["value"] == "8"
    assert by_path["PatientIdentityRemoved"]["result"] == "YES"
    inside = [row for row in table if row["path"].startswith("OriginalAttributesSequence[1].")]
    assert {row["action"] for row in inside} == {"X"}  # what is in a removed sequence goes too
    private = [row for row in table if row["private"]]
    assert private
    assert all(not row["result"] for row in private)
