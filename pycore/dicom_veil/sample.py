"""The sample: a small CT study of an invented patient, for whoever has no scan at hand.

Full of what identifies, in every kind of place (plain attributes, nested sequences, a private
block, dates, UIDs), so that a first visitor sees the whole job. Deterministic.
"""

import uuid
from io import BytesIO

import numpy as np
from pydicom import dcmwrite
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import UID, CTImageStorage, ExplicitVRLittleEndian

from dicom_veil.phantom import SIZE, SPACING_MM, slice_hounsfield

SLICES = 5
SLICE_STEP_MM = 20.0
INTERCEPT = -1024
NAMESPACE = uuid.UUID("5c2a4a0e-6b0b-5a9b-8f0e-7f1c5d3e9a11")


def sample_study() -> list[bytes]:
    """The files of the study, head to feet: SLICES CT images of 256 × 256 in DICOM (PS3.10)."""
    return [_write(_instance(position)) for position in range(SLICES)]


def _uid(name: str) -> UID:
    """A UID that is always the same for one name (PS3.5 B.2)."""
    return UID(f"2.25.{uuid.uuid5(NAMESPACE, name).int}")


def _write(dataset: Dataset) -> bytes:
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    target = BytesIO()
    file = FileDataset("", dataset, preamble=bytes(128), file_meta=meta)
    dcmwrite(target, file, enforce_file_format=True)
    return target.getvalue()


def _instance(position: int) -> Dataset:
    dataset = Dataset()
    _patient(dataset)
    _study(dataset)
    _series(dataset)
    _image(dataset, position)
    _pixels(dataset, position)
    _private(dataset, position)
    return dataset


def _patient(dataset: Dataset) -> None:
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.PatientName = "Brückner-Sample^Adele^Maria"
    dataset.PatientID = "SAMPLE-4711"
    dataset.IssuerOfPatientID = "Sample Valley Hospital"
    dataset.PatientBirthDate = "19620317"
    dataset.PatientSex = "F"
    other = Dataset()
    other.PatientID = "INS-88-204-113"
    other.TypeOfPatientID = "TEXT"
    dataset.OtherPatientIDsSequence = [other]
    dataset.OtherPatientNames = "Brückner^Adele"
    dataset.PatientAge = "062Y"
    dataset.PatientSize = "1.68"
    dataset.PatientWeight = "71"
    dataset.PatientAddress = "12 Sample Street, Exampleton"
    dataset.PatientTelephoneNumbers = "+1 555 0100 4711"
    dataset.Occupation = "Lighthouse guard"
    dataset.AdditionalPatientHistory = "Adele Brückner-Sample, cough for three weeks"
    dataset.PatientComments = "Daughter asks for a call at +1 555 0100 4712"


def _study(dataset: Dataset) -> None:
    dataset.StudyInstanceUID = _uid("study")
    dataset.StudyDate = "20240611"
    dataset.StudyTime = "093015"
    dataset.AccessionNumber = "SVH-2024-031337"
    dataset.StudyID = "31337"
    dataset.StudyDescription = "CT chest with contrast"
    dataset.ReferringPhysicianName = "Quillfeather^Edwin^^Dr."
    dataset.PhysiciansOfRecord = "Moonstone^Clara^^Dr."
    dataset.NameOfPhysiciansReadingStudy = "Larkspur^Hugo^^Dr."
    referenced = Dataset()
    referenced.ReferencedSOPClassUID = "1.2.840.10008.3.1.2.3.1"
    referenced.ReferencedSOPInstanceUID = _uid("procedure step")
    dataset.ReferencedStudySequence = [referenced]


def _series(dataset: Dataset) -> None:
    dataset.Modality = "CT"
    dataset.SeriesInstanceUID = _uid("series")
    dataset.SeriesNumber = "3"
    dataset.SeriesDate = "20240611"
    dataset.SeriesTime = "093402"
    dataset.SeriesDescription = "Chest, axial, soft kernel"
    dataset.BodyPartExamined = "CHEST"
    dataset.PatientPosition = "HFS"
    dataset.ProtocolName = "Chest routine for Dr. Quillfeather"
    dataset.OperatorsName = "Thistledown^Ines"
    dataset.PerformingPhysicianName = "Larkspur^Hugo^^Dr."
    dataset.FrameOfReferenceUID = _uid("frame of reference")
    dataset.PositionReferenceIndicator = "SN"
    dataset.Manufacturer = "Veil"
    dataset.ManufacturerModelName = "Synthetic phantom"
    dataset.InstitutionName = "Sample Valley Hospital"
    dataset.InstitutionAddress = "1 Hospital Road, Exampleton"
    dataset.InstitutionalDepartmentName = "Radiology"
    dataset.StationName = "SVH-CT-02"
    dataset.DeviceSerialNumber = "SN-20071234"
    dataset.SoftwareVersions = "1"
    dataset.RequestAttributesSequence = [_request()]


def _request() -> Dataset:
    """A nested item with a name and numbers of its own."""
    code = Dataset()
    code.CodeValue = "CTCHEST"
    code.CodingSchemeDesignator = "99SVH"
    code.CodeMeaning = "CT chest"
    request = Dataset()
    request.RequestedProcedureDescription = "CT chest for Adele Brückner-Sample"
    request.RequestedProcedureID = "RP-31337"
    request.ScheduledProcedureStepDescription = "CT chest with contrast"
    request.ScheduledProcedureStepID = "SPS-31337"
    request.ScheduledProtocolCodeSequence = [code]
    return request


def _image(dataset: Dataset, position: int) -> None:
    dataset.SOPClassUID = CTImageStorage
    dataset.SOPInstanceUID = _uid(f"instance {position}")
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    dataset.InstanceNumber = str(position + 1)
    dataset.InstanceCreationDate = "20240611"
    dataset.InstanceCreationTime = f"0935{position:02d}"
    dataset.AcquisitionNumber = "1"
    dataset.AcquisitionDate = "20240611"
    dataset.AcquisitionTime = f"0934{10 + position}"
    dataset.ContentDate = "20240611"
    dataset.ContentTime = f"0935{position:02d}"
    dataset.ImageComments = "Synthetic: no person was scanned"
    dataset.ContrastBolusAgent = "Iodine"
    dataset.KVP = "120"
    dataset.XRayTubeCurrent = "210"
    dataset.ExposureTime = "500"
    dataset.ConvolutionKernel = "SOFT"
    dataset.SliceThickness = "5"
    top = (SLICES - 1) / 2 * SLICE_STEP_MM
    z = top - position * SLICE_STEP_MM
    corner = -SPACING_MM * (SIZE - 1) / 2
    dataset.ImagePositionPatient = [str(corner), str(corner), str(z)]
    dataset.ImageOrientationPatient = ["1", "0", "0", "0", "1", "0"]
    dataset.PixelSpacing = [str(SPACING_MM), str(SPACING_MM)]
    dataset.SliceLocation = str(z)
    source = Dataset()
    source.ReferencedSOPClassUID = CTImageStorage
    source.ReferencedSOPInstanceUID = _uid("localizer")
    dataset.ReferencedImageSequence = [source]


def _pixels(dataset: Dataset, position: int) -> None:
    stored = slice_hounsfield(position / (SLICES - 1), seed=position) - INTERCEPT
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.Rows = SIZE
    dataset.Columns = SIZE
    dataset.BitsAllocated = 16
    dataset.BitsStored = 12
    dataset.HighBit = 11
    dataset.PixelRepresentation = 0
    dataset.RescaleIntercept = str(INTERCEPT)
    dataset.RescaleSlope = "1"
    dataset.RescaleType = "HU"
    dataset.WindowCenter = ["40", "-600"]
    dataset.WindowWidth = ["400", "1500"]
    dataset.WindowCenterWidthExplanation = ["Soft tissue", "Lung"]
    dataset.PixelData = np.clip(np.floor(stored + 0.5), 0, 4095).astype("<u2").tobytes()


def _private(dataset: Dataset, position: int) -> None:
    """What makers keep for themselves, the patient's name included."""
    block = dataset.private_block(0x0019, "VEIL SAMPLE", create=True)
    block.add_new(0x01, "LO", "Brückner-Sample, Adele")
    block.add_new(0x02, "DS", str(position))
    block.add_new(0x03, "UI", _uid("private"))
