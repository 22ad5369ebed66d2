"""An instance with a distinct marker in every place that a value can hide, and how to look for it.

The markers are made of one prefix and a number, so that a survivor names its place.
"""

from dataclasses import dataclass
from io import BytesIO

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms
from pydicom import dcmread, dcmwrite
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence
from pydicom.tag import Tag
from pydicom.uid import (
    UID,
    CTImageStorage,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)


@dataclass(frozen=True)
class Canary:
    """A file with `markers`: place → the bytes that must not be found afterwards."""

    content: bytes
    markers: dict[str, bytes]

    def survivors(self, output: bytes) -> list[str]:
        return sorted(place for place, marker in self.markers.items() if marker in output)


class _Planter:
    def __init__(self) -> None:
        self.markers: dict[str, bytes] = {}

    def text(self, place: str) -> str:
        marker = f"KANARI{len(self.markers):03d}X"
        self.markers[place] = marker.encode("ascii")
        return marker

    def uid(self, place: str) -> str:
        marker = f"1.9.777{len(self.markers):03d}.5"
        self.markers[place] = marker.encode("ascii")
        return marker

    def date(self, place: str) -> str:
        day = len(self.markers)
        marker = f"17{day // 28 % 100:02d}05{day % 28 + 1:02d}"
        self.markers[place] = marker.encode("ascii")
        return marker


IDENTIFYING_TEXT = (
    "PatientName", "PatientID", "OtherPatientNames", "PatientAddress", "PatientComments",
    "PatientTelephoneNumbers", "MilitaryRank", "Occupation", "AdditionalPatientHistory",
    "InstitutionName", "InstitutionAddress", "InstitutionalDepartmentName", "StationName",
    "ReferringPhysicianName", "PerformingPhysicianName", "OperatorsName",
    "NameOfPhysiciansReadingStudy", "AccessionNumber", "StudyID", "StudyDescription",
    "SeriesDescription", "ProtocolName", "DeviceSerialNumber", "ImageComments",
    "RequestedProcedureDescription", "RequestingPhysician", "ScheduledProcedureStepDescription",
    "PerformedProcedureStepDescription", "AcquisitionComments", "DerivationDescription",
    "IssuerOfPatientID", "EthnicGroup", "DetectorID", "PlateID",
)  # fmt: skip
IDENTIFYING_UIDS = (
    "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID",
    "SynchronizationFrameOfReferenceUID", "DeviceUID",
)  # fmt: skip
# These are in no row of Table E.1-1: the rule by VR has to find them.
UNLISTED_UIDS = ("MultiFrameSourceSOPInstanceUID", "VolumeFrameOfReferenceUID")
IDENTIFYING_DATES = (
    "StudyDate", "SeriesDate", "AcquisitionDate", "ContentDate", "PatientBirthDate",
    "InstanceCreationDate", "DateOfSecondaryCapture",
)  # fmt: skip
UNLISTED_DATES = ("SecondaryReviewDate", "ExpiryDate")


def canary(transfer_syntax: UID = ExplicitVRLittleEndian) -> Canary:
    """A CT-like instance with markers everywhere but in the pixels."""
    plant = _Planter()
    dataset = Dataset()
    dataset.SOPClassUID = CTImageStorage
    dataset.Modality = "CT"
    for keyword in IDENTIFYING_TEXT:
        setattr(dataset, keyword, plant.text(keyword))
    for keyword in (*IDENTIFYING_UIDS, *UNLISTED_UIDS):
        setattr(dataset, keyword, plant.uid(keyword))
    for keyword in (*IDENTIFYING_DATES, *UNLISTED_DATES):
        setattr(dataset, keyword, plant.date(keyword))
    dataset.AcquisitionDateTime = plant.date("AcquisitionDateTime") + "120000"
    dataset.SecondaryReviewerName = plant.text("PN outside the table")
    _nest(dataset, plant)
    _private(dataset, plant)
    _odd(dataset, plant)
    _pixels(dataset)
    dataset.DataSetTrailingPadding = plant.text("padding").encode()
    return Canary(_file(dataset, plant, transfer_syntax), plant.markers)


COMPRESSED = {
    "jpeg": "1.2.840.10008.1.2.4.50",
    "jpeg-ls": "1.2.840.10008.1.2.4.80",
    "jpeg2000": "1.2.840.10008.1.2.4.90",
    "jpeg-xl": "1.2.840.10008.1.2.4.110",
}


def compressed_canary(family: str) -> Canary:
    """The same instance with compressed pixels and an ICC profile that have markers too."""
    plain = canary()
    plant = _Planter()
    plant.markers.update(plain.markers)
    with BytesIO(plain.content) as content:
        file = dcmread(content)
    cells = np.arange(32 * 32, dtype=np.uint8).reshape(32, 32)
    file.Rows, file.Columns = cells.shape
    file.BitsAllocated = file.BitsStored = 8
    file.HighBit = 7
    file.PixelData = encapsulate([_stream(family, cells, plant)])
    file["PixelData"].VR = "OB"
    file.ICCProfile = _icc(plant)
    file.file_meta.TransferSyntaxUID = UID(COMPRESSED["jpeg2000"])
    buffer = BytesIO()
    dcmwrite(buffer, file, implicit_vr=False, little_endian=True)
    return Canary(_renamed(buffer.getvalue(), COMPRESSED[family]), plant.markers)


def _renamed(content: bytes, transfer_syntax: str) -> bytes:
    """Another transfer syntax in the file meta: pydicom writes only those that it knows."""
    old = COMPRESSED["jpeg2000"].encode()
    new = transfer_syntax.encode() + b"\0" * (len(transfer_syntax) % 2)
    before, after = (
        b"\x02\x00\x10\x00UI" + len(uid).to_bytes(2, "little") + uid for uid in (old, new)
    )
    length = int.from_bytes(content[140:144], "little") + len(new) - len(old)
    content = content[:140] + length.to_bytes(4, "little") + content[144:]
    return content.replace(before, after, 1)


def _stream(family: str, cells: NDArray[np.uint8], plant: _Planter) -> bytes:
    """One frame with markers in everything that is not image."""

    def segment(marker: int, place: str, head: bytes = b"") -> bytes:
        payload = head + plant.text(f"{family}: {place}").encode()
        return bytes((0xFF, marker)) + (len(payload) + 2).to_bytes(2, "big") + payload

    if family == "jpeg2000":
        stream = imagecodecs.jpeg2k_encode(cells, level=0, codecformat="J2K")
        start = stream.index(b"\xff\x90\x00\x0a")
        return stream[:start] + segment(0x64, "COM", b"\0\1") + stream[start:] + _end(family, plant)
    if family == "jpeg-xl":
        stream = imagecodecs.jpegxl_encode(cells, lossless=True, usecontainer=True)
        for kind in (b"xml ", b"Exif", b"jumb"):
            text = plant.text(f"{family}: {kind.decode()}").encode()
            stream += (len(text) + 8).to_bytes(4, "big") + kind + text
        return stream
    if family == "jpeg-ls":
        stream = imagecodecs.jpegls_encode(cells)
    else:
        buffer = BytesIO()
        Image.fromarray(cells).save(buffer, "JPEG")
        stream = buffer.getvalue()
    extra = b"".join(
        (
            segment(0xFE, "COM"),
            segment(0xE1, "Exif", b"Exif\0\0"),
            segment(0xE1, "XMP", b"http://ns.adobe.com/xap/1.0/\0"),
            segment(0xE2, "ICC", b"ICC_PROFILE\0"),
            segment(0xED, "Photoshop", b"Photoshop 3.0\0"),
            segment(0xEE, "Adobe", b"Adobe\0\x64\0\0\0\0\0"),
        )
    )
    return stream[:2] + extra + stream[2:] + _end(family, plant)


def _end(family: str, plant: _Planter) -> bytes:
    return plant.text(f"{family}: after the image").encode()


def _icc(plant: _Planter) -> bytes:
    """A profile with markers in a text tag, in its maker's name and behind its end."""
    made = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    description = made.index(b"mluc") + 28
    marker = plant.text("ICC description").encode()
    made[description : description + len(marker)] = marker
    return bytes(made) + plant.text("after the ICC profile").encode().ljust(64)


def _nest(dataset: Dataset, plant: _Planter) -> None:
    """Names below sequences that the table does not name, three deep; and references."""
    inner = Dataset()
    inner.PatientName = plant.text("nested three deep: PatientName")
    inner.ReferencedSOPInstanceUID = plant.uid("nested three deep: UID")
    inner.add(DataElement(Tag(0x0009, 0x0010), "LO", plant.text("nested private creator")))
    inner.add(DataElement(Tag(0x0009, 0x1001), "LO", plant.text("nested private value")))
    middle = Dataset()
    middle.OperatorsName = plant.text("nested two deep: OperatorsName")
    middle.PurposeOfReferenceCodeSequence = Sequence([inner])
    outer = Dataset()
    outer.StudyDate = plant.date("nested: StudyDate")
    outer.CTExposureSequence = Sequence([middle])
    dataset.CTAcquisitionDetailsSequence = Sequence([outer])
    reference = Dataset()
    reference.ReferencedSOPClassUID = CTImageStorage
    reference.ReferencedSOPInstanceUID = plant.uid("ReferencedImageSequence")
    dataset.ReferencedImageSequence = Sequence([reference])
    original = Dataset()
    original.SourceOfPreviousValues = plant.text("OriginalAttributesSequence")
    original.AttributeModificationDateTime = plant.date("modified") + "000000"
    dataset.OriginalAttributesSequence = Sequence([original])
    author = Dataset()
    author.VerifyingObserverName = plant.text("VerifyingObserverSequence")
    author.VerifyingOrganization = plant.text("VerifyingOrganization")
    dataset.VerifyingObserverSequence = Sequence([author])
    content = Dataset()
    content.ValueType = "TEXT"
    content.TextValue = plant.text("SR TextValue")
    person = Dataset()
    person.ValueType = "PNAME"
    person.PersonName = plant.text("SR PersonName")
    concept = Dataset()
    concept.CodeValue = "1"
    concept.CodingSchemeDesignator = "99X"
    concept.CodeMeaning = plant.text("SR CodeMeaning")
    person.ConceptNameCodeSequence = Sequence([concept])
    content.ContentSequence = Sequence([person])
    dataset.ContentSequence = Sequence([content])


def _private(dataset: Dataset, plant: _Planter) -> None:
    block = dataset.private_block(0x0019, plant.text("private creator"), create=True)
    block.add_new(0x01, "LO", plant.text("private LO"))
    block.add_new(0x02, "UN", plant.text("private UN").encode())
    item = Dataset()
    item.PatientName = plant.text("private sequence")
    block.add_new(0x03, "SQ", Sequence([item]))
    dataset.add(DataElement(Tag(0x0021, 0x1005), "LO", plant.text("private without creator")))


def _odd(dataset: Dataset, plant: _Planter) -> None:
    """Overlays, curves, group lengths, unknown attributes, text hidden in bytes."""
    dataset.add(DataElement(Tag(0x6000, 0x3000), "OW", plant.text("overlay data").encode() * 2))
    dataset.add(DataElement(Tag(0x6000, 0x0022), "LO", plant.text("overlay description")))
    dataset.add(DataElement(Tag(0x6002, 0x1500), "LO", plant.text("overlay label")))
    dataset.add(DataElement(Tag(0x5000, 0x2500), "LO", plant.text("curve label")))
    dataset.add(DataElement(Tag(0x0008, 0x7777), "LO", plant.text("unknown even group")))
    dataset.add(DataElement(Tag(0x0004, 0x1130), "CS", plant.text("directory element")))
    icon = Dataset()
    icon.PixelData = plant.text("icon image").encode() + b" "
    icon["PixelData"].VR = "OB"
    dataset.IconImageSequence = Sequence([icon])
    dataset.EncapsulatedDocument = plant.text("encapsulated document").encode()
    dataset.DocumentTitle = plant.text("DocumentTitle")
    annotation = Dataset()
    text = Dataset()
    text.UnformattedTextValue = plant.text("graphic annotation")
    annotation.TextObjectSequence = Sequence([text])
    dataset.GraphicAnnotationSequence = Sequence([annotation])


def _pixels(dataset: Dataset) -> None:
    dataset.Rows = dataset.Columns = 8
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.BitsAllocated = dataset.BitsStored = 16
    dataset.HighBit = 15
    dataset.PixelRepresentation = 0
    dataset.PixelData = bytes(range(128))
    dataset["PixelData"].VR = "OW"


def _file(dataset: Dataset, plant: _Planter, transfer_syntax: UID) -> bytes:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = CTImageStorage
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    meta.TransferSyntaxUID = transfer_syntax
    meta.ImplementationClassUID = UID(plant.uid("ImplementationClassUID"))
    meta.ImplementationVersionName = plant.text("ImplementationVersionName")
    meta.SourceApplicationEntityTitle = plant.text("SourceApplicationEntityTitle")
    meta.SendingApplicationEntityTitle = plant.text("SendingApplicationEntityTitle")
    meta.ReceivingApplicationEntityTitle = plant.text("ReceivingApplicationEntityTitle")
    meta.PrivateInformationCreatorUID = UID(plant.uid("PrivateInformationCreatorUID"))
    meta.PrivateInformation = plant.text("PrivateInformation").encode()
    preamble = plant.text("preamble").encode().ljust(128, b"\0")
    file = FileDataset("", dataset, preamble=preamble, file_meta=meta)
    if transfer_syntax == ExplicitVRBigEndian:
        words = memoryview(dataset.PixelData).cast("H")
        dataset.PixelData = b"".join(word.to_bytes(2, "big") for word in words)
    buffer = BytesIO()
    dcmwrite(
        buffer,
        file,
        implicit_vr=transfer_syntax == ImplicitVRLittleEndian,
        little_endian=transfer_syntax != ExplicitVRBigEndian,
        enforce_file_format=True,
    )
    return buffer.getvalue()
