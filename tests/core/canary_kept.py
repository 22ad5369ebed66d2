"""Which markers of a canary stay by design: what a preset or an option of the standard keeps."""

# What an option says is kept, of the markers of `canary`. Nothing else may survive.
DEVICE = {"DetectorID", "DeviceSerialNumber", "DeviceUID", "PlateID", "StationName"}
KEPT: dict[str, set[str]] = {
    "basic": set(),
    "safe-harbor": {"EthnicGroup"},  # Retain Patient Characteristics; no identifier of the law's
    "research": DEVICE | {"EthnicGroup"},  # Retain Device Identity, Patient Characteristics
    "gdpr": set(),
    "teaching": set(),
    "clean_graphics": set(),
    "clean_structured_content": set(),
    "clean_descriptors": set(),
    "retain_long_modified_dates": set(),
    "retain_safe_private": set(),
    "retain_patient_chars": {"EthnicGroup"},
    "retain_device": DEVICE,
    "retain_institution": {"InstitutionAddress", "InstitutionName", "InstitutionalDepartmentName"},
    "retain_long_full_dates": {
        "AcquisitionDate", "AcquisitionDateTime", "ContentDate", "DateOfSecondaryCapture",
        "ExpiryDate", "InstanceCreationDate", "SecondaryReviewDate", "SeriesDate", "StudyDate",
        "nested: StudyDate",
    },
    "retain_uids": {
        "DeviceUID", "FrameOfReferenceUID", "MultiFrameSourceSOPInstanceUID",
        "ReferencedImageSequence", "SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID",
        "SynchronizationFrameOfReferenceUID", "VolumeFrameOfReferenceUID",
        "nested three deep: UID",
    },
}  # fmt: skip
