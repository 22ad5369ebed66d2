"""Stage *inspect*: what a person sees of an instance before deciding.

The only stage whose result holds the patient's values: it is for the screen of the person who
has the files, and goes into no report, log or message.
"""

from dataclasses import asdict
from typing import Any, TypedDict

from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence
from pydicom.uid import UID

from dicom_veil.cine import cine_of
from dicom_veil.decoded import converted, value_of
from dicom_veil.geometry import frame_order, place_of
from dicom_veil.pixel_element import bits_of_frame
from dicom_veil.plan import Plan, Step, is_sequence, path_text
from dicom_veil.quiet import quietly
from dicom_veil.read import Instance
from dicom_veil.report import tag_text
from dicom_veil.risk import risks
from dicom_veil.standard import keyword_of, name_of
from dicom_veil.video import video_of

SHOWN = 120


class Identifying(TypedDict):
    """An attribute that will not stay as it is, with the value that it has now."""

    tag: str
    keyword: str
    name: str
    path: str
    value: str
    action: str
    rule: str


class Inspection(TypedDict):
    """What there is to know of one instance, as plain data."""

    notes: list[str]
    patient: dict[str, str]
    study: dict[str, str]
    series: dict[str, str]
    device: dict[str, str]
    instance: dict[str, str | int | bool]
    counts: dict[str, int]
    identifying: list[Identifying] | None
    risks: list[dict[str, str]]
    cine: dict[str, Any] | None
    place: dict[str, Any]
    frame_order: list[int] | None
    video: dict[str, str] | None


def inspect(instance: Instance, steps: Plan, *, brief: bool = False) -> Inspection:
    """`instance` for a person's eyes, with what `steps` will do to it.

    `brief`: without the list of what identifies, which takes most of the time.
    """
    with quietly():
        return _inspect(instance, steps, brief=brief)


def _inspect(instance: Instance, steps: Plan, *, brief: bool) -> Inspection:
    def text(keyword: str) -> str:
        return shown(value_of(instance.dataset, keyword))

    def number(keyword: str, default: int = 0) -> int:
        value = value_of(instance.dataset, keyword)
        try:
            return int(str(value))
        except ValueError:
            return default

    video, notes = video_of(instance), list(instance.notes)
    said = frames = max(1, number("NumberOfFrames", 1))
    if instance.pixels is not None and video is None:
        sides = (number("Rows"), number("Columns"), number("SamplesPerPixel", 1))
        bits = bits_of_frame(*sides, number("BitsAllocated"), text("PhotometricInterpretation"))
        frames = max(1, min(said, instance.pixels.holds(bits)))
    if frames < said:
        notes.append(f"The header says {said} frames; the pixel data can hold {frames} at most.")
    cine = cine_of(instance.dataset, frames)
    listed = [step for step in steps if not brief or _is_counted(step)]
    entries = [_identifying(instance.dataset, step) for step in listed]
    counted = [one for one, step in zip(entries, listed, strict=True) if one and _is_counted(step)]
    return {
        "notes": notes,
        "patient": {
            "name": text("PatientName"),
            "id": text("PatientID"),
            "birth_date": text("PatientBirthDate"),
            "sex": text("PatientSex"),
        },
        "study": {
            "uid": text("StudyInstanceUID"),
            "date": text("StudyDate"),
            "description": text("StudyDescription"),
            "accession": text("AccessionNumber"),
        },
        "series": {
            "uid": text("SeriesInstanceUID"),
            "number": text("SeriesNumber"),
            "modality": text("Modality"),
            "description": text("SeriesDescription"),
        },
        "device": {
            "manufacturer": text("Manufacturer"),
            "model": text("ManufacturerModelName"),
        },
        "instance": {
            "uid": instance.sop_instance_uid,
            "number": number("InstanceNumber"),
            "sop_class": _uid_name(instance.sop_class_uid),
            "transfer_syntax": _uid_name(str(instance.transfer_syntax)),
            "rows": number("Rows"),
            "columns": number("Columns"),
            "frames": frames,
            "bits_stored": number("BitsStored"),
            "photometric": text("PhotometricInterpretation"),
            "has_pixels": instance.pixels is not None,
        },
        "counts": {
            "attributes": count(instance.dataset),
            "touched": len(steps),
            "identifying": len(counted),
            "private": sum(step.rule == "private" for step in steps),
            "uids": sum(step.action == "U" for step in steps),
        },
        "identifying": None if brief else [entry for entry in entries if entry],
        "risks": risks(instance),
        "cine": None if cine is None else asdict(cine),
        "place": asdict(place_of(instance.dataset)),
        "frame_order": frame_order(instance.dataset, frames),
        "video": None if video is None else asdict(video),
    }  # fmt: skip


def count(dataset: Dataset) -> int:
    """How many attributes a data set holds, those of all nested items included."""
    total = len(dataset._dict)
    for element in dataset._dict.values():
        if is_sequence(element):
            items: Any = element.value or ()
            total += sum(count(item) for item in items)
    return total


def _is_counted(step: Step) -> bool:
    """Whether a step is told as one about what identifies: private ones and UIDs are apart."""
    return step.rule != "private" and step.action != "U"


def _identifying(dataset: Dataset, step: Step) -> Identifying | None:
    """What a step is about, with the value there is now; None where there is none."""
    for sequence, index in step.path:
        items: Any = dataset._dict[sequence].value  # type: ignore[index]
        dataset = items[index]
    value = element_text(dataset._dict[step.tag], dataset)  # type: ignore[index]
    if not value:
        return None
    return {
        "tag": tag_text(step.tag),
        "keyword": keyword_of(step.tag),
        "name": name_of(step.tag),
        "path": path_text(step.path, step.tag),
        "value": value,
        "action": step.action,
        "rule": step.rule,
    }


def element_text(element: DataElement | RawDataElement, dataset: Dataset) -> str:
    """The value of an element as one short line; bytes and sequences by their size."""
    if isinstance(element, RawDataElement):
        if not element.value:
            return ""
        try:
            return shown(converted(element, dataset).value)
        except (LookupError, NotImplementedError, TypeError, ValueError):
            # A value that breaks the rules of its VR is shown by its size.
            return f"{element.length} bytes"
    return shown(element.value)


def shown(value: object) -> str:
    """A value as one line of at most `SHOWN` characters."""
    if value is None:
        return ""
    if isinstance(value, bytes):
        return f"{len(value)} bytes" if value else ""
    if isinstance(value, Sequence):
        return f"{len(value)} item" + ("s" if len(value) != 1 else "")
    if isinstance(value, MultiValue | list | tuple):
        line = "\\".join(str(one) for one in value)
    else:
        line = str(value)
    line = " ".join(line.replace("\0", "").split())
    return line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"


def _uid_name(uid: str) -> str:
    name = UID(uid).name if uid else ""
    return name or uid
