"""Plan, apply and write together: nothing planted survives, nothing else changes."""

import copy
import subprocess
import sys
import warnings
import zlib
from io import BytesIO

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.uid import (
    UID,
    CTImageStorage,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from dicom_veil import errors
from dicom_veil.decode import decode_frame, frame_count
from dicom_veil.decoded import value_of
from dicom_veil.deidentify import deidentify, deidentify_instance
from dicom_veil.identity import Identity
from dicom_veil.inspect import inspect
from dicom_veil.plan import path_text, plan
from dicom_veil.profile import Profile, load
from dicom_veil.read import read
from dicom_veil.standard import confidentiality, vr_of
from dicom_veil.types import attribute_type, resolve
from tests.core.canary import canary
from tests.core.files import bundled, real_files

BASIC = load("basic")
IDENTITY = Identity(bytes(range(32)))
SYNTAXES = [
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    ExplicitVRBigEndian,
    DeflatedExplicitVRLittleEndian,
]


def output_of(content: bytes, profile: Profile = BASIC, identity: Identity = IDENTITY) -> bytes:
    source = BytesIO(content)
    done = deidentify(source, profile, identity, 1)
    return b"".join(done.stream(read(BytesIO(content))))


def plainly(output: bytes) -> bytes:
    """The output with its data set inflated, so that it can be searched."""
    body = read(BytesIO(output)).body
    body.seek(0)
    return output + body.read()


def dataset_of(content: bytes) -> Dataset:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pydicom.dcmread(BytesIO(content), force=True)


def assert_same_pictures(before: bytes, after: bytes, label: str) -> None:
    """Only what is no image was taken out of the codestreams: the last frame decodes the same."""
    old, new = read(BytesIO(before)), read(BytesIO(after))
    last = frame_count(old.dataset) - 1
    try:
        decode_frame(old, last)
    except errors.DamagedPixels:
        return
    assert np.array_equal(decode_frame(old, last).values, decode_frame(new, last).values), label


@pytest.mark.parametrize("syntax", SYNTAXES, ids=lambda uid: uid.keyword)
def test_no_canary_survives(syntax: UID) -> None:
    """91 distinct markers in every place that the field's tools leave values in: none is left."""
    planted = canary(syntax)
    assert len(planted.markers) >= 80
    assert len(planted.survivors(plainly(planted.content))) == len(planted.markers)
    assert planted.survivors(plainly(output_of(planted.content))) == []


@pytest.mark.parametrize("syntax", SYNTAXES, ids=lambda uid: uid.keyword)
def test_result_is_valid_and_pixels_are_the_same(syntax: UID) -> None:
    planted = canary(syntax)
    before, after = dataset_of(planted.content), dataset_of(output_of(planted.content))
    assert after.file_meta.TransferSyntaxUID == syntax
    assert after.file_meta.MediaStorageSOPInstanceUID == after.SOPInstanceUID
    assert after.PixelData == before.PixelData
    assert after.PatientIdentityRemoved == "YES"
    assert after.LongitudinalTemporalInformationModified == "REMOVED"
    assert after.DeidentificationMethodCodeSequence[0].CodeValue == "113100"
    assert after.preamble == bytes(128)


def test_every_real_file_keeps_its_pixels_and_loses_its_identity() -> None:
    done = 0
    for path in real_files():
        content = path.read_bytes()
        try:
            output = output_of(content)
        except errors.VeilError:
            continue
        done += 1
        before, after = dataset_of(content), dataset_of(output)
        for keyword in ("PixelData", "FloatPixelData", "DoubleFloatPixelData"):
            assert (keyword in before) == (keyword in after), path.name
            if keyword in before and before[keyword].value != after[keyword].value:
                assert_same_pictures(content, output, path.name)
        assert not read(BytesIO(output)).notes or "no pixel data" in read(BytesIO(output)).notes[0]
        old = value_of(read(BytesIO(content)).dataset, "PatientName")
        assert not old or str(value_of(read(BytesIO(output)).dataset, "PatientName")) != str(old)
    assert done > 100


def test_the_original_is_never_changed() -> None:
    planted = canary()
    instance = read(BytesIO(planted.content))
    before = copy.deepcopy(instance.dataset)
    elements = dict(instance.dataset._dict)
    inspect(instance, plan(instance, BASIC))
    deidentify_instance(instance, BASIC, IDENTITY, 1)
    # Not even a raw element was decoded in place.
    assert all(instance.dataset._dict[tag] is element for tag, element in elements.items())
    assert instance.dataset == before


def test_same_key_same_bytes_in_another_process() -> None:
    path = bundled("CT_small.dcm")
    code = (
        "import sys, io; sys.path.insert(0, 'pycore')\n"
        "from dicom_veil.deidentify import deidentify\n"
        "from dicom_veil.identity import Identity\n"
        "from dicom_veil.profile import load\n"
        "from dicom_veil.read import read\n"
        "content = open(sys.argv[1], 'rb').read()\n"
        "done = deidentify(io.BytesIO(content), load('basic'), Identity(bytes(range(32))), 1)\n"
        "sys.stdout.buffer.write(b''.join(done.stream(read(io.BytesIO(content)))))\n"
    )
    other = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, check=True
    ).stdout
    assert other == output_of(path.read_bytes())
    assert other != output_of(path.read_bytes(), identity=Identity(bytes(32)))


def test_references_follow_the_instances_that_they_name() -> None:
    """The same UID becomes the same UID wherever it stands, as deep as it may be."""
    before = dataset_of(bundled("rtplan.dcm").read_bytes())
    after = dataset_of(output_of(bundled("rtplan.dcm").read_bytes()))
    old = before.ReferencedStructureSetSequence[0]
    new = after.ReferencedStructureSetSequence[0]
    assert new.ReferencedSOPInstanceUID == IDENTITY.uid(old.ReferencedSOPInstanceUID)
    assert new.ReferencedSOPClassUID == old.ReferencedSOPClassUID
    assert after.SOPInstanceUID == IDENTITY.uid(before.SOPInstanceUID)


def _with_every_attribute() -> tuple[bytes, dict[int, str]]:
    """An instance that holds every plain row of Table E.1-1 with a value, in implicit VR."""
    dataset = dataset_of(bundled("CT_small.dcm").read_bytes())
    planted: dict[int, str] = {}
    texts = {"DA": "17830612", "DT": "17830612110000", "TM": "111213.5", "AS": "077Y", "IS": "77",
             "DS": "77.5", "UI": "1.9.7"}  # fmt: skip
    for tag, row in confidentiality().items():
        vr = vr_of(tag) or "UN"
        if tag >> 16 <= 6 or vr == "SQ" or tag == 0x00080018:
            continue
        if vr in ("OB", "OW", "UN"):
            value: object = b"KANARI--"
        elif vr in ("US", "UL", "SS", "FL", "FD", "AT"):
            value = 777
        else:
            value = texts.get(vr, "KANARI")
        dataset.add(pydicom.DataElement(tag, vr, value))
        planted[tag] = row.basic
    buffer = BytesIO()
    dataset.save_as(buffer, implicit_vr=False)
    return buffer.getvalue(), planted


def test_every_row_of_the_table_is_obeyed() -> None:
    """Each attribute of Table E.1-1 (not sequences) is removed, emptied or replaced."""
    content, planted = _with_every_attribute()
    assert len(planted) > 550
    before, after = read(BytesIO(content)).dataset, read(BytesIO(output_of(content))).dataset
    for tag, action in planted.items():
        old, new = value_of(before, tag), value_of(after, tag)
        wanted = resolve(action, attribute_type(CTImageStorage, None, tag))
        label = f"{tag:08X} {action}"
        assert old, label
        if wanted == "X":
            assert tag not in after, label
        else:
            assert tag in after, label
            assert new != old, label
            assert bool(new) == (wanted in "DU" or tag in (0x00100010, 0x00100020)), label


def test_plan_is_a_value_without_values() -> None:
    planted = canary()
    steps = plan(read(BytesIO(planted.content)), BASIC)
    assert not planted.survivors(repr(steps).encode())
    assert not planted.survivors(" ".join(path_text(s.path, s.tag) for s in steps).encode())
    assert any(len(step.path) == 3 for step in steps)
    assert {step.rule for step in steps} >= {"E.1-1", "private", "unknown", "group", "supplement"}


def test_reason_when_no_valid_file_can_be_made() -> None:
    dataset = dataset_of(bundled("CT_small.dcm").read_bytes())
    del dataset.SOPClassUID
    del dataset.file_meta.MediaStorageSOPClassUID
    buffer = BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pydicom.dcmwrite(buffer, dataset)
    with pytest.raises(errors.Refused):
        output_of(buffer.getvalue())


def test_deflated_output_is_a_raw_deflate_stream() -> None:
    output = output_of(canary(DeflatedExplicitVRLittleEndian).content)
    assert len(output) % 2 == 0
    start = output.index(b"VEIL_") + len("VEIL_0.1.0")
    assert zlib.decompress(output[start:], -15)[:2] == b"\x08\x00"


def test_well_known_uids_stay() -> None:
    """A UID that the standard registered (here a frame of reference) tells nothing of a patient."""
    dataset = dataset_of(bundled("CT_small.dcm").read_bytes())
    dataset.FrameOfReferenceUID = "1.2.840.10008.1.4.1.3"
    buffer = BytesIO()
    dataset.save_as(buffer)
    assert dataset_of(output_of(buffer.getvalue())).FrameOfReferenceUID == "1.2.840.10008.1.4.1.3"
