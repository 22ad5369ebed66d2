"""Whatever of an original is planted in an output is found, wherever and however it is written."""

import warnings
import zlib
from base64 import b64encode
from collections.abc import Callable
from hashlib import md5, sha256
from io import BytesIO
from unicodedata import normalize
from urllib.parse import quote

import pydicom
import pytest
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.tag import Tag

from dicom_veil import errors
from dicom_veil.against import verify_files
from dicom_veil.deidentify import deidentify, deidentify_instance
from dicom_veil.identity import Identity
from dicom_veil.plan import plan
from dicom_veil.profile import BUILT_IN, load
from dicom_veil.read import read
from dicom_veil.tokens import tokens_of
from dicom_veil.verify import Hit, verify
from tests.core import raw
from tests.core.files import bundled, real_files

BASIC = load("basic")
IDENTITY = Identity(bytes(range(32)))
UID = "1.2.276.0.7230010.3.1.4.8323329.20190817.17"


def original(**changes: object) -> bytes:
    """A CT of somebody with a rich header, Latin-1; `changes` by keyword."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dataset = pydicom.dcmread(bundled("CT_small.dcm"))
        dataset.SpecificCharacterSet = "ISO_IR 100"
        values: dict[str, object] = {
            "PatientName": "Müller-Lüdenscheidt^Hans Peter^^Dr.", "PatientID": "MR-123.456",
            "PatientBirthDate": "19610304", "StudyDate": "20190817", "SeriesDate": "20190817",
            "ContentDate": "20190818", "AccessionNumber": "ACC0099881",
            "OperatorsName": "Kowalczyk^Ewa", "ReferringPhysicianName": "Lee^Ann",
            "InstitutionName": "St. Vinzenz Hospital", "InstitutionAddress": "Am Ring 7, Köln",
            "StudyDescription": "Follow-up after fall from horse", "StationName": "CTAWP99123",
            "PatientTelephoneNumbers": "+49 221 4711-0815", "StudyInstanceUID": UID,
            "PatientComments": "Transferred from ward 12\r\nAllergic to hazelnuts",
            "SOPInstanceUID": "1.2.276.0.7230010.3.1.4.99.1", **changes,
        }  # fmt: skip
        for keyword, value in values.items():
            setattr(dataset, keyword, value)
        dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
        dataset.file_meta.SourceApplicationEntityTitle = "VINZENZ_CT1"
        buffer = BytesIO()
        dataset.save_as(buffer)
    return buffer.getvalue()


def output_of(content: bytes) -> bytes:
    instance = read(BytesIO(content))
    return b"".join(deidentify_instance(instance, BASIC, IDENTITY, 1).stream(instance))


ORIGINAL = original()
OUTPUT = output_of(ORIGINAL)


def changed(change: Callable[[Dataset], None], content: bytes = OUTPUT) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dataset = pydicom.dcmread(BytesIO(content))
        change(dataset)
        buffer = BytesIO()
        dataset.save_as(buffer)
    return buffer.getvalue()


def hits(output: bytes, source: bytes = ORIGINAL, name: str = "") -> tuple[Hit, ...]:
    found = verify_files(BytesIO(output), BytesIO(source), BASIC, name)
    assert all("Lüdenscheidt" not in repr(hit) and "123" not in hit.where for hit in found)
    return found


def with_comment(value: str | bytes, vr: str = "LT", charset: str = "ISO_IR 192") -> bytes:
    def change(dataset: Dataset) -> None:
        dataset.SpecificCharacterSet = charset
        dataset.add(DataElement(Tag(0x0018, 0x1008 if vr == "LO" else 0x4000), vr, value))

    return changed(change)


NOTATIONS = [
    "Müller-Lüdenscheidt^Hans Peter", "MÜLLER-LÜDENSCHEIDT, HANS", "hans peter müller-lüdenscheidt",
    "Muller Ludenscheidt", "MUELLER-LUEDENSCHEIDT", "scan of Müller done", "Lüdenscheidt",
    "lüdenscheidt_ct_1", "Kowalczyk", "EWA KOWALCZYK", "KowalczykEwa", "Dr Lee", "ann_lee",
    "MR-123.456", "MR123456", "mr 123 456", "ID:MR123456;", "XMR123456Y", "acc-0099881",
    "ACC 0099881", "20190817", "2019-08-17", "2019.08.17", "17.08.2019", "17.8.2019", "8/17/2019",
    "08/17/2019", "17082019", "08172019", "17 Aug 2019", "Aug 17, 2019", "August 17th, 2019",
    "17-AUG-2019", "2019-08-17T12:00:00", "20190817120000.000000+0100", "2019/8/17",
    "2019年8月17日",
    "born 4.3.1961", "1961-03-04", "St. Vinzenz Hospital", "ST VINZENZ HOSPITAL", "ctawp99123",
    "+49 221 4711-0815", "Am Ring 7, Köln", "Am Ring 7  Koeln",
    "Follow-up after fall from horse", "allergic to hazelnuts", UID, UID.replace(".", "_"),
    f"see {UID}.", "VINZENZ_CT1",
]  # fmt: skip


def test_own_output_is_clean() -> None:
    assert hits(OUTPUT, name="IMG-00001.dcm") == ()


@pytest.mark.parametrize("text", NOTATIONS)
def test_every_notation_is_found(text: str) -> None:
    found = hits(with_comment(text))
    assert found
    assert {hit.where for hit in found} == {"AcquisitionComments"}


PLAIN = ["Kowalczyk", "MR123456", "17.08.2019", UID, "St. Vinzenz Hospital"]
WRAPPED: dict[str, Callable[[str], bytes]] = {
    "utf-16-le": lambda text: text.encode("utf-16-le"),
    "utf-16-be": lambda text: text.encode("utf-16-be"),
    "base 64": lambda text: b64encode(f"name={text};more of it".encode()),
    "hexadecimal": lambda text: f"the name is {text}".encode().hex().encode(),
    "zlib": lambda text: b"stream\n" + zlib.compress(f"a {text} b {text} c".encode()),
    "gzip": lambda text: zlib.compress(f"a {text} b {text} c".encode(), wbits=31),
    "percent": lambda text: b"a=1&n=" + quote(text.replace("l", "_")).replace("_", "%6C").encode(),
    "entities": lambda text: b"<n>" + "".join(f"&#{ord(c)};" for c in text).encode() + b"</n>",
    "swapped": lambda text: bytes(
        byte for pair in zip(*[iter(f"x {text} x  ".encode())] * 2, strict=False)
        for byte in reversed(pair)
    ),
    "among bytes": lambda text: bytes(range(256)) + text.encode() + bytes(range(128, 256)),
}  # fmt: skip


@pytest.mark.parametrize("text", PLAIN)
@pytest.mark.parametrize("wrap", WRAPPED)
def test_every_wrapping_is_found(wrap: str, text: str) -> None:
    def change(dataset: Dataset) -> None:
        dataset.ICCProfile = WRAPPED[wrap](text)
        dataset.ICCProfile += b"\0" * (len(dataset.ICCProfile) % 2)

    assert {hit.where for hit in hits(changed(change))} == {"ICCProfile"}


def _nested(dataset: Dataset, text: str) -> None:
    inner, outer = Dataset(), Dataset()
    inner.CodeMeaning = text
    outer.PurposeOfReferenceCodeSequence = Sequence([inner])
    dataset.SourceImageSequence = Sequence([Dataset(), outer])


def _private_sequence(dataset: Dataset, text: str) -> None:
    item = Dataset()
    item.add(DataElement(Tag(0x0011, 0x1001), "UN", text.encode()))
    dataset.private_block(0x0011, "SOMEBODY", create=True).add_new(1, "SQ", Sequence([item]))


def _overlay(dataset: Dataset, text: str) -> None:
    dataset.add(DataElement(Tag(0x6000, 0x3000), "OW", text.encode().ljust(64, b"\0")))


PLACES: dict[str, tuple[Callable[[Dataset, str], None], str]] = {
    "nested": (_nested, "SourceImageSequence[2].PurposeOfReferenceCodeSequence[1].CodeMeaning"),
    "private sequence": (_private_sequence, "(0011,1001)[1].(0011,1001)"),
    "overlay": (_overlay, "OverlayData"),
    "padding": (
        lambda d, t: setattr(d, "DataSetTrailingPadding", t.encode().ljust(64)),
        "DataSetTrailingPadding",
    ),
    "document": (
        lambda d, t: setattr(d, "EncapsulatedDocument", f"<cda>{t}</cda> ".encode().ljust(64)),
        "EncapsulatedDocument",
    ),
    "method": (lambda d, t: setattr(d, "DeidentificationMethod", t[:64]), "DeidentificationMethod"),
    "unknown": (lambda d, t: d.add(DataElement(Tag(0x0008, 0x7777), "LO", t)), "(0008,7777)"),
    "meta": (
        lambda d, t: setattr(d.file_meta, "SendingApplicationEntityTitle", t[:64]),
        "file meta SendingApplicationEntityTitle",
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", PLAIN)
@pytest.mark.parametrize("place", PLACES)
def test_every_place_is_looked_at(place: str, text: str) -> None:
    plant, where = PLACES[place]
    assert where in {hit.where for hit in hits(changed(lambda dataset: plant(dataset, text)))}


@pytest.mark.parametrize("text", PLAIN)
def test_preamble_name_and_what_follows_the_pixels(text: str) -> None:
    assert hits(text.encode().ljust(128, b"\0") + OUTPUT[128:])[0].where == "preamble"
    assert hits(OUTPUT, name=f"{text.replace('/', '-')}.dcm")[0].where == "file name"

    def longer(dataset: Dataset) -> None:
        dataset.PixelData += f" {text} ".encode().ljust(80)

    assert hits(changed(longer))[0].where == "after the pixels"


@pytest.mark.parametrize("text", PLAIN)
def test_deflated_and_big_endian_outputs(text: str) -> None:
    for syntax in ("1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2", "1.2.840.10008.1.2.2"):

        def change(dataset: Dataset, syntax: str = syntax) -> None:
            dataset.file_meta.TransferSyntaxUID = syntax
            dataset.AcquisitionComments = text
            if syntax.endswith(".2.2"):
                dataset.PixelData = dataset.PixelData[::-1]

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            dataset = pydicom.dcmread(BytesIO(OUTPUT))
            change(dataset)
            buffer = BytesIO()
            clean = Dataset(dict(dataset))
            pydicom.dcmwrite(
                buffer, pydicom.FileDataset("", clean, file_meta=dataset.file_meta),
                implicit_vr=syntax == "1.2.840.10008.1.2",
                little_endian=syntax != "1.2.840.10008.1.2.2",
                enforce_file_format=True,
            )  # fmt: skip
        assert "AcquisitionComments" in {hit.where for hit in hits(buffer.getvalue())}, syntax


def test_hashes_that_anybody_can_compute_again() -> None:
    for value in (b"MR-123.456", "Müller-Lüdenscheidt^Hans Peter^^Dr.".encode(), UID.encode()):
        for algorithm in (md5, sha256):
            digest = algorithm(value).digest()
            for text in (
                digest.hex().upper(),
                digest.hex()[:24],
                str(int.from_bytes(digest, "big")),
            ):
                found = hits(with_comment(text[:64]))
                assert {hit.kind for hit in found} == {"hash"}
            uid = f"2.25.{str(int.from_bytes(digest, 'big'))[:38]}"
            assert hits(changed(lambda d, uid=uid: setattr(d, "FrameOfReferenceUID", uid)))
    assert not hits(with_comment(sha256(b"somebody else").hexdigest()))


@pytest.mark.parametrize(
    ("charset", "name", "planted"),
    [
        ("ISO_IR 100", "Bäcker^Jörg", "Jörg Bäcker"),
        ("ISO_IR 101", "Wałęsa^Lech", "wałęsa"),
        ("ISO_IR 126", "Διονυσιος", "ΔΙΟΝΥΣΙΟΣ"),
        ("ISO_IR 144", "Люкceмбypг^Иван", "Иван"),
        ("ISO_IR 127", "قباني^لنزار", "قباني"),
        ("ISO_IR 138", "שרון^דבורה", "דבורה שרון"),
        ("GB18030", "王^小东", "小东"),
        ("ISO_IR 192", "Nguyễn^Thị Hương", "NGUYEN"),
        ("ISO_IR 192", "山田^太郎", "山田太郎"),
    ],
)
def test_names_of_every_character_set(charset: str, name: str, planted: str) -> None:
    """Written in UTF-8 by the next program, or left in the bytes of the old character set."""
    source = original(SpecificCharacterSet=charset, PatientName=name, InstitutionAddress="",
                      OperatorsName="")  # fmt: skip
    output = output_of(source)
    assert hits(output, source) == ()

    def as_utf_8(dataset: Dataset) -> None:
        dataset.SpecificCharacterSet = "ISO_IR 192"
        dataset.AcquisitionComments = planted

    def as_bytes(dataset: Dataset) -> None:
        raw = dataset_of(source).get_item("PatientName").value
        dataset.private_block(0x0011, "SOMEBODY", create=True).add_new(1, "UN", raw)

    def as_utf_16(dataset: Dataset) -> None:
        dataset.ICCProfile = b"text\0\0\0\0" + planted.encode("utf-16-be")

    for change in (as_utf_8, as_bytes, as_utf_16):
        assert hits(changed(change, output), source), change.__name__


def dataset_of(content: bytes) -> Dataset:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pydicom.dcmread(BytesIO(content))


@pytest.mark.parametrize("file", ["chrH31.dcm", "chrH32.dcm", "chrI2.dcm", "chrX2.dcm"])
def test_names_in_iso_2022(file: str) -> None:
    """Escape sequences: the original bytes, and the same name in UTF-8."""
    source = bundled(file).read_bytes()
    output = output_of(source)
    name = dataset_of(source).PatientName

    def as_utf_8(dataset: Dataset) -> None:
        dataset.SpecificCharacterSet = "ISO_IR 192"
        dataset.AcquisitionComments = str(name.ideographic or name.alphabetic)

    def as_bytes(dataset: Dataset) -> None:
        raw = dataset_of(source).get_item("PatientName").value
        dataset.private_block(0x0011, "SOMEBODY", create=True).add_new(1, "UN", raw)

    assert hits(output, source) == ()
    for change in (as_utf_8, as_bytes):
        assert hits(changed(change, output), source), change.__name__


def test_common_words_do_not_drown_the_result() -> None:
    """A patient called Head, a doctor called Chest, an ID of two letters, a year."""
    source = original(
        PatientName="Head^Short", ReferringPhysicianName="Chest^Philips", PatientID="CT",
        BodyPartExamined="HEAD", AccessionNumber="2004", StudyID="1", StationName="CT",
        SeriesDescription="CHEST", Manufacturer="Philips Medical Systems",
        ProtocolName="CT HEAD",
    )  # fmt: skip
    assert hits(output_of(source), source) == ()
    # What was not there before is no coincidence.
    planted = changed(lambda d: setattr(d, "AcquisitionComments", "Short, Head"), output_of(source))
    assert {hit.kind for hit in hits(planted, source)} == {"name", "word"}
    assert not hits(changed(lambda d: setattr(d, "AcquisitionComments", "in 2004"),
                            output_of(source)), source)  # fmt: skip


def test_numbers_are_not_taken_for_ids_or_dates() -> None:
    source = original(PatientID="0125000", AccessionNumber="4000", StudyID="5120")
    output = changed(
        lambda d: (
            setattr(d, "PixelSpacing", ["0.0125000", "20190817.5"]),
            setattr(d, "SliceThickness", "5120"),
            setattr(d, "WindowCenter", "4000"),
        ),
        output_of(source),
    )  # fmt: skip
    assert hits(output, source) == ()
    exact = changed(lambda d: setattr(d, "AcquisitionNumber", "0125000"), output)
    assert [hit.where for hit in hits(exact, source)] == ["AcquisitionNumber"]


def test_a_shifted_date_may_meet_another_date_of_the_patient() -> None:
    """ContentDate moved by one day becomes StudyDate; but no date may stay where it was."""
    moved = changed(lambda d: setattr(d, "ContentDate", "20190817"))
    assert hits(moved) == ()
    stayed = changed(lambda d: setattr(d, "ContentDate", "20190818"))
    assert [hit.where for hit in hits(stayed)] == ["ContentDate"]


def test_output_that_is_no_dicom() -> None:
    assert hits(b'{"name": "H. P. M\xc3\xbcller-L\xc3\xbcdenscheidt"}')[0].where == "the file"
    assert hits(b"case,site\n1,2\n") == ()
    with pytest.raises(errors.VeilError):
        hits(OUTPUT[: len(OUTPUT) // 2])


def test_in_the_pipeline() -> None:
    """`verify` on the parts that were just made, pixels staying in the input."""
    instance = read(BytesIO(ORIGINAL))
    steps = plan(instance, BASIC)
    tokens = tokens_of(instance, steps)
    done = deidentify_instance(instance, BASIC, IDENTITY, 1)
    assert verify(instance, steps, done.parts, tokens, "IMG-00001.dcm") == ()
    assert "Kowalczyk" not in repr(tokens)
    head = done.parts[0]
    assert isinstance(head, bytes)
    leaking = (head.replace(b"GE MEDICAL SYSTEMS", b"Kowalczyk and wife"), *done.parts[1:])
    found = verify(instance, steps, leaking, tokens)
    assert [(hit.kind, hit.attribute) for hit in found] == [("word", "OperatorsName")]


def test_text_behind_native_pixels_is_quarantined() -> None:
    """Pixel data stays a range of the input: what stands behind its last frame would stay too."""
    longer = changed(
        lambda d: setattr(d, "PixelData", d.PixelData + b"of Ewa Kowalczyk".ljust(64)), ORIGINAL
    )
    with pytest.raises(errors.Quarantined) as raised:
        deidentify(BytesIO(longer), BASIC, IDENTITY, 1)
    assert {hit[0] for hit in raised.value.hits} == {"after the pixels"}


def test_nothing_that_is_no_frame_stands_behind_native_pixels() -> None:
    """A stranger's name, which no search can know; the pixels and their length stay."""
    stranger = b"for Papperlapapp".ljust(64)
    longer = changed(lambda d: setattr(d, "PixelData", d.PixelData + stranger), ORIGINAL)
    before = read(BytesIO(longer))
    done = deidentify(BytesIO(longer), BASIC, IDENTITY, 1)
    output = b"".join(done.stream(before))
    assert b"Papperlapapp" not in output
    pixels = pydicom.dcmread(BytesIO(longer)).PixelData
    assert pydicom.dcmread(BytesIO(output)).PixelData == pixels[:-64] + bytes(64)


@pytest.mark.parametrize(
    ("rows", "pixels"),
    [
        (b"", b"of Ewa Zwiebel"), (b"\0\0", b"of Ewa Zwiebel"), (b"\xff\0", b"of Ewa Zwiebel"),
        (b"\1\0", bytes(range(1, 255)) * 9000 + b"of Ewa Zwiebel"),
    ],
)  # fmt: skip
def test_text_for_pixels_where_nobody_knows_how_many_there_are(rows: bytes, pixels: bytes) -> None:
    """No Rows, more of them than there are, and text far behind the last."""
    shape = [(0x00280002, b"\1\0"), (0x00280010, rows), (0x00280011, b"\4\0"),
             (0x00280100, b"\x08\0")]  # fmt: skip
    content = raw.instance([
        *((tag, raw.element(tag, "US", value)) for tag, value in shape),
        (0x7FE00010, raw.element(0x7FE00010, "OW", pixels)),
    ])  # fmt: skip
    with pytest.raises(errors.Quarantined) as raised:
        deidentify(BytesIO(content), BASIC, IDENTITY, 1)
    assert {hit[0] for hit in raised.value.hits} == {"after the pixels"}


# Headers in which the name of somebody is at the same time a value that stays: the patient's as
# SequenceName, the author's as Manufacturer. They are right to be quarantined.
HOLDING = {"SequenceName": "dicom2nifti__", "Manufacturer": "weasis-dicom-tools__prOverlay"}


@pytest.mark.parametrize("preset", BUILT_IN)
def test_real_files_raise_no_false_alarm(preset: str) -> None:
    profile, done = load(preset), 0
    for path in real_files():
        try:
            deidentify(BytesIO(path.read_bytes()), profile, IDENTITY, 1)
            done += 1
        except errors.Quarantined as quarantined:
            for where, _kind, _attribute in quarantined.hits:
                assert path.name.startswith(HOLDING.get(where, "?")), path.name
        except errors.VeilError:
            continue
    assert done > 100


@pytest.mark.parametrize(
    ("attributes", "value", "found"),
    [
        ({"PatientID": "HOSP-1234567"}, "case 1234567", True),
        ({"PatientID": "HOSP-1234567"}, "1234-567", True),
        ({"PatientID": "HOSP1234567"}, "x1234567", True),
        ({"PatientID": "HOSP-1234567"}, "71234567", False),
        ({"PatientID": "HOSP-1234567"}, "12345678", False),
        ({"AccessionNumber": "ACC 0099881"}, "0099881", True),
        ({"AccessionNumber": "ACC 99881"}, "no 99881", False),
        ({"AccessionNumber": "CT 111111"}, "no 111111", False),
        ({"StudyID": "CT20190817"}, "lot 20190817", False),
        ({"PatientID": "SUBJ-123456789"}, "123456789", False),
        ({"PatientBirthDate": "19610304"}, "040361", True),
        ({"PatientBirthDate": "19610304"}, "pat 030461.", True),
        ({"PatientBirthDate": "19610304"}, "610304 a", True),
        ({"PatientBirthDate": "19610304"}, "V610304", False),
        ({"PatientBirthDate": "19610304"}, "1.610304", False),
        ({"PatientBirthDate": "19610304"}, "6103041", False),
        ({"PatientBirthDate": "19010101"}, "010101", False),
        ({"StudyDate": "20190817"}, "190817", False),
        ({"PatientName": "Kowalczyk^Ewa"}, "kyzclawok", True),
        ({"PatientName": "Kowalczyk^Ewa"}, "K AWE", False),
        ({"PatientName": "Lerner^Al"}, "RENREL", True),
        ({"PatientName": "Lerner^Al"}, "RENRELS", False),
    ],
)  # fmt: skip
def test_parts_and_mirrors_of_what_identifies(
    attributes: dict[str, str], value: str, found: bool
) -> None:
    """In a text that no rule lists; a number of six digits in a number stays."""
    dataset = pydicom.dcmread(bundled("CT_small.dcm"))
    for keyword, text in attributes.items():
        setattr(dataset, keyword, text)
    dataset.SegmentLabel = value
    dataset.Exposure = "40361"
    dataset.TriggerTime = "610304"
    buffer = BytesIO()
    dataset.save_as(buffer)
    if found:
        with pytest.raises(errors.Quarantined) as raised:
            deidentify(buffer, BASIC, IDENTITY, 1)
        assert {hit[0] for hit in raised.value.hits} == {"SegmentLabel"}
        assert {hit[2] for hit in raised.value.hits} == set(attributes)
    else:
        assert deidentify(buffer, BASIC, IDENTITY, 1)


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("Kaufman^Al", "KAUFMAN01", True),
        ("Kaufman^Al", "T1_KAUFMANSCAN", True),
        ("Lemke^Al", "LEMKE2", True),
        ("Lemke^Al", "LEMKEN", False),
        ("Lee^Al", "LEE", True),
        ("Lee^Al", "SLEEP", False),
    ],
)
def test_names_with_something_glued_to_them(name: str, value: str, found: bool) -> None:
    """A kept code string that holds a name with digits or letters beside it is quarantined."""
    dataset = pydicom.dcmread(bundled("CT_small.dcm"))
    dataset.PatientName, dataset.SequenceName = name, value
    buffer = BytesIO()
    dataset.save_as(buffer)
    if found:
        with pytest.raises(errors.Quarantined):
            deidentify(BytesIO(buffer.getvalue()), load("basic"), Identity(bytes(32)), 1)
    else:
        deidentify(BytesIO(buffer.getvalue()), load("basic"), Identity(bytes(32)), 1)


LABEL = 0x00620005  # Segment Label, which no rule lists


def told(
    name: str | bytes, planted: str | bytes, *, vr: str = "PN", tag: int = 0x00100010
) -> bytes:
    """An instance whose `tag` holds `name` with a VR, and whose Segment Label says `planted`."""
    value, label = (one.encode("utf-8") if isinstance(one, str) else one for one in (name, planted))
    return raw.instance([
        (0x00080005, raw.element(0x00080005, "CS", "ISO_IR 192")),
        (tag, raw.element(tag, vr, value)),
        (LABEL, raw.element(LABEL, "LO", label)),
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("name", "planted"),
    [
        ("李^明", "李明"), ("Li^Ming=李^明", "李 明"), ("王^小明", "明小王 王小明"),
        ("Yamada^Tarou=山田^太郎=やまだ^たろう", "ヤマダ"),
        ("Yamada^Tarou=山田^太郎", "山田太郎".encode("shift_jis")),
        ("Wang^XiaoDong=王^小东", "王小东".encode("gb18030")),
        ("Иванов^Пётр", "Иванов".encode("cp1251")),
        ("Müller^Änne", normalize("NFD", "Müller")), (normalize("NFD", "Müller^Änne"), "Müller"),
        ("MUELLER^ANNE", "Müller"), ("Strauss^Anna", "Strauß"), ("Boehm^Anna", "for Böhm"),
        ("Kaufmann^Anna", "ＫＡＵＦＭＡＮＮ"), ("Kaufmann^Anna", "Kauf\u00admann"),
        ("Kaufmann^Anna", "Kauf\u200bmann"), ("^Anna^^Kaufmann", "Kaufmann"),
    ],
)  # fmt: skip
def test_the_same_name_written_otherwise_is_found(name: str, planted: str | bytes) -> None:
    with pytest.raises(errors.Quarantined):
        deidentify(BytesIO(told(name, planted)), BASIC, IDENTITY, 1)


@pytest.mark.parametrize("name", ["Doe^Jane", "Bauer^Ina", "Quelle^Ria", "Ng^Bo"])
def test_a_name_is_not_stretched(name: str) -> None:
    content = told(name, "Dö, Baur, Qülle, ngb, to do")
    assert deidentify(BytesIO(content), BASIC, IDENTITY, 1)


@pytest.mark.parametrize("preset", BUILT_IN)
@pytest.mark.parametrize(
    ("tag", "vr", "value", "planted"),
    [
        *((0x00100010, vr, "Kaufmann^Roswitha", "Roswitha")
          for vr in ("LO", "SH", "ST", "UT", "AE", "CS", "OB", "UR", "DA", "IS", "UI")),
        *((0x00100020, vr, "47117771", "is 47117771") for vr in ("PN", "CS", "IS", "UI", "DA")),
        *((0x00100030, vr, "19520708", "8.7.1952") for vr in ("LO", "LT", "OB", "CS", "IS", "TM")),
        *((0x0020000D, vr, "1.2.826.0.1.77.4711.9", "of 1.2.826.0.1.77.4711.9")
          for vr in ("OB", "CS")),
    ],
)  # fmt: skip
def test_what_identifies_is_looked_for_whatever_its_vr(
    preset: str, tag: int, vr: str, value: str, planted: str
) -> None:
    content = told(value, planted, vr=vr, tag=tag)
    with pytest.raises(errors.Quarantined):
        deidentify(BytesIO(content), load(preset), IDENTITY, 1)


@pytest.mark.parametrize(
    ("vr", "value", "stays"),
    [
        ("IS", "47117771", False), ("DS", "47117771.0", False), ("IS", "+047117771", False),
        ("IS", "5\\47117771", False), ("IS", "19520708", False), ("DS", "19520708", False),
        ("IS", "147117771", True), ("DS", "0.47117771", True), ("DS", "1.19520708", True),
    ],
)  # fmt: skip
def test_an_id_or_a_birth_date_as_a_number_that_stays(vr: str, value: str, stays: bool) -> None:
    content = raw.instance([
        (0x00100030, raw.element(0x00100030, "DA", "19520708")),
        (0x00200012, raw.element(0x00200012, vr, value)),
    ], patient_id="47117771")  # fmt: skip
    if stays:
        assert deidentify(BytesIO(content), BASIC, IDENTITY, 1)
    else:
        with pytest.raises(errors.Quarantined):
            deidentify(BytesIO(content), BASIC, IDENTITY, 1)
