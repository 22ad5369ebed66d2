"""Standardized uptake value by body weight (SUVbw): what a PET image's numbers mean in a patient.

After the vendor-neutral rules that QIBA published: activity per ml, times body weight in g, over
the injected dose as it is left at the time that the image is corrected to. Without numpy.
"""

import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydicom.dataset import Dataset

from dicom_veil.attributes import items, number, text, texts

NAME = "SUVbw"
PHILIPS, PHILIPS_GROUP = "PHILIPS PET PRIVATE GROUP", 0x7053
SUV_FACTOR, ACTIVITY_FACTOR = 0x00, 0x09
GE, GE_GROUP, GE_SCAN = "GEMS_PETD_01", 0x0009, 0x0D
# An injection longer ago than a day is not what the time of day without its date can tell.
LONGEST = timedelta(days=1)
LEAST, MOST = 1e-30, 1e30
STAMP = re.compile(r"(\d{4})(\d{2})(\d{2})")
CLOCK = re.compile(r"(\d{2}):?(\d{2})?:?(\d{2})?(\.\d{1,6})?")


class _Missing(Exception):
    """Why there is no SUV; ends the sentence "There is no SUV: ..."."""


@dataclass(frozen=True)
class Suv:
    """`factor` takes modality values (rescaled) to SUVbw; None with the `reason` otherwise."""

    factor: float | None
    reason: str = ""


def suv_of(dataset: Dataset) -> Suv | None:
    """The factor to SUVbw of a PET instance (C.8.9.1, C.8.9.2), None for other modalities."""
    if text(dataset, "Modality") != "PT":
        return None
    try:
        factor = _factor(dataset)
    except _Missing as missing:
        return Suv(None, f"There is no SUV: {missing}.")
    if not LEAST < factor < MOST:
        return Suv(None, "There is no SUV: the numbers that it follows from cannot be true.")
    return Suv(factor)


def _factor(dataset: Dataset) -> float:
    units = text(dataset, "Units")
    if units == "GML":
        # Grams per ml are SUVs already; by body weight unless the type says otherwise (C.8.9.1).
        if text(dataset, "SUVType") not in ("", "BW"):
            raise _Missing("the values are SUVs by another measure than body weight")
        return 1.0
    corrected = {one.upper() for one in texts(dataset, "CorrectedImage")}
    if not {"ATTN", "DECY"} <= corrected:
        raise _Missing("the image is not said to be corrected for attenuation and decay")
    if units == "CNTS":
        own = _private(dataset, PHILIPS_GROUP, PHILIPS, SUV_FACTOR)
        if own:
            return own
        activity = _private(dataset, PHILIPS_GROUP, PHILIPS, ACTIVITY_FACTOR)
        if not activity:
            raise _Missing("the values are counts, without the maker's factor to activity")
        return activity * _per_activity(dataset)
    if units == "BQML":
        return _per_activity(dataset)
    raise _Missing("Units are none that SUV follows from")


def _per_activity(dataset: Dataset) -> float:
    """SUVbw for 1 Bq/ml: weight in g over the dose that is left, in Bq."""
    weight = number(dataset, "PatientWeight")
    if not weight or weight < 0:
        raise _Missing("Patient's Weight is missing")
    drug = next(iter(items(dataset, "RadiopharmaceuticalInformationSequence")), None)
    if drug is None:
        raise _Missing("Radiopharmaceutical Information is missing")
    dose = number(drug, "RadionuclideTotalDose")
    if not dose or dose < 0:
        raise _Missing("Radionuclide Total Dose is missing")
    correction = text(dataset, "DecayCorrection")
    if correction == "ADMIN":  # corrected to the injection: the whole dose counts (C.8.9.1.1.7)
        return weight * 1000 / dose
    if correction != "START":
        raise _Missing("Decay Correction is neither START nor ADMIN")
    half_life = number(drug, "RadionuclideHalfLife")
    if not half_life or half_life < 0:
        raise _Missing("Radionuclide Half Life is missing")
    scan = _scan_start(dataset)
    seconds = (scan - _injection(drug, scan)).total_seconds()
    left = dose * math.exp2(-seconds / half_life)
    if not left:
        raise _Missing("nothing is left of the dose at the time of the scan")
    return weight * 1000 / left


def _scan_start(dataset: Dataset) -> datetime:
    """When the scan began, to which START corrects: the series' time.

    A series time after the acquisition's is that of a later reconstruction; then the maker's own
    scan time counts (GE), else it is not known.
    """
    series = _moment(dataset, "SeriesDate", "SeriesTime")
    acquired = _moment(dataset, "AcquisitionDate", "AcquisitionTime")
    if series is not None and (acquired is None or series <= acquired):
        return series
    scanned = _stamp(_private_text(dataset, GE_GROUP, GE, GE_SCAN))
    if scanned is None:
        raise _Missing("the time at which the scan began is not known")
    return scanned


def _injection(drug: Dataset, scan: datetime) -> datetime:
    """When the dose was given: with its date, else the last such time of day before the scan."""
    dated = _stamp(_string(drug, "RadiopharmaceuticalStartDateTime"))
    if dated is not None and timedelta(0) <= scan - dated <= LONGEST:
        return dated
    clock = _clock(_string(drug, "RadiopharmaceuticalStartTime"))
    if clock is None:
        raise _Missing("the time of injection is missing or not before the scan")
    since_midnight = scan - datetime(scan.year, scan.month, scan.day)
    ago = since_midnight - clock % LONGEST
    return scan - (ago if ago >= timedelta(0) else ago + LONGEST)  # over midnight


def _moment(dataset: Dataset, date: str, time: str) -> datetime | None:
    clock = _clock(_string(dataset, time))
    return None if clock is None else _stamp(_string(dataset, date)[:8], clock)


def _stamp(value: str, clock: timedelta | None = None) -> datetime | None:
    """A DT (PS3.5 6.2), or a DA with a time of its own; a zone is left out, as in DA and TM."""
    date = STAMP.match(value)
    if date is None:
        return None
    clock = clock or _clock(value[8:])
    if clock is None:
        return None
    try:
        return datetime(int(date[1]), int(date[2]), int(date[3])) + clock
    except (ValueError, OverflowError):
        return None


def _clock(value: str) -> timedelta | None:
    """A TM (PS3.5 6.2); minutes, seconds and fractions may be left out."""
    found = CLOCK.match(value)
    if found is None:
        return None
    hours, minutes, seconds, fraction = found.groups(default="0")
    return timedelta(hours=int(hours), minutes=int(minutes), seconds=int(seconds) + float(fraction))


def _string(dataset: Dataset, keyword: str | int) -> str:
    return (texts(dataset, keyword) or ("",))[0]


def _private(dataset: Dataset, group: int, creator: str, element: int) -> float | None:
    try:
        return float(_private_text(dataset, group, creator, element))
    except ValueError:
        return None


def _private_text(dataset: Dataset, group: int, creator: str, element: int) -> str:
    """The value of a private element by its creator (PS3.5 7.8.1), or an empty string."""
    for block in range(0x10, 0x100):
        named = _string(dataset, group << 16 | block)
        if named.upper() == creator:
            return _string(dataset, group << 16 | block << 8 | element)
    return ""
