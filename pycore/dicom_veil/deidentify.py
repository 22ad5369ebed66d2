"""The unit of work: one instance's bytes, a profile and an identity → a new file and a report row.

A pure function of its arguments; a tab runs it in a worker, the command line in a process.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from pydicom.dataset import Dataset

from dicom_veil import __version__
from dicom_veil.apply import apply, like
from dicom_veil.identity import Identity
from dicom_veil.plan import plan
from dicom_veil.profile import Profile
from dicom_veil.quiet import quietly
from dicom_veil.read import Instance, read
from dicom_veil.report import Row, row_of
from dicom_veil.write import Part, chunks, write


@dataclass(frozen=True)
class Result:
    """A de-identified instance: the parts of its file, its new SOPInstanceUID, its report row."""

    parts: tuple[Part, ...]
    sop_instance_uid: str
    row: Row

    def stream(self, instance: Instance) -> Iterator[bytes]:
        """The file's bytes in order, the unchanged pixels read from `instance` piece by piece."""
        return chunks(self.parts, instance.body)


def deidentify(source: BinaryIO, profile: Profile, identity: Identity, number: int) -> Result:
    """Reads, plans, applies and writes; `number` is all that the report says of the input.

    Raises `VeilError` subclasses when nothing safe can be written.
    """
    return deidentify_instance(read(source), profile, identity, number)


def deidentify_instance(
    instance: Instance, profile: Profile, identity: Identity, number: int
) -> Result:
    """`deidentify` for an instance that was read before; it is not changed."""
    with quietly():
        steps = plan(instance.dataset, profile)
        dataset = mark(apply(instance, steps, identity), profile)
        if "SOPInstanceUID" not in dataset and instance.sop_instance_uid:
            dataset.SOPInstanceUID = identity.uid(instance.sop_instance_uid)
        if "SOPClassUID" not in dataset and instance.sop_class_uid:
            dataset.SOPClassUID = instance.sop_class_uid
        parts = write(instance, dataset)
        uid = str(dataset.SOPInstanceUID).strip("\0 ")
    return Result(parts, uid, row_of(instance, steps, number))


def mark(dataset: Dataset, profile: Profile) -> Dataset:
    """`dataset` with what it has to say of its own de-identification (PS3.15 E.1.1 step 6).

    CID 7050 code 113100 stands for the Basic Profile; (0028,0303) is REMOVED without an option
    that keeps dates (PS3.15 E.2). Earlier methods in free text are not carried over.
    """
    code = Dataset()
    code.CodeValue = "113100"
    code.CodingSchemeDesignator = "DCM"
    code.CodeMeaning = "Basic Application Confidentiality Profile"
    marked = like(dataset, dict(dataset._dict))
    marked.PatientIdentityRemoved = "YES"
    marked.DeidentificationMethod = [
        f"Veil {__version__}",
        f"{profile.edition} Annex E",
        f"Profile {profile.name}",
    ]
    # Rules of one's own may do less than the profile: its code is then not claimed.
    if "DeidentificationMethodCodeSequence" in marked:
        del marked.DeidentificationMethodCodeSequence
    if not profile.own:
        marked.DeidentificationMethodCodeSequence = [code]
    marked.LongitudinalTemporalInformationModified = "REMOVED"
    return marked
