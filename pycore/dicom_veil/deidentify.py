"""The unit of work: one instance's bytes, a profile and an identity → a new file and a report row.

read → plan → apply → write → verify: a result in which something of the original is found again
is never given out.

A pure function of its arguments; a tab runs it in a worker, the command line in a process.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from dicom_veil.apply import apply
from dicom_veil.codestream import clean_pixels
from dicom_veil.context import context_of
from dicom_veil.errors import Quarantined
from dicom_veil.identifying import identifying_words
from dicom_veil.identity import Identity
from dicom_veil.markers import mark
from dicom_veil.plan import Plan, plan
from dicom_veil.profile import Profile
from dicom_veil.quiet import quietly
from dicom_veil.read import Instance, read
from dicom_veil.report import Row, row_of
from dicom_veil.tokens import tokens_of
from dicom_veil.verify import verify
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
        steps = plan(instance, profile)
        context = context_of(instance, identity, _identifying(instance, steps))
        dataset = mark(apply(instance, steps, context), profile)
        if "SOPInstanceUID" not in dataset and instance.sop_instance_uid:
            dataset.SOPInstanceUID = identity.uid(instance.sop_instance_uid)
        if "SOPClassUID" not in dataset and instance.sop_class_uid:
            dataset.SOPClassUID = instance.sop_class_uid
        pixels = clean_pixels(instance)
        for tag, value in (pixels.elements if pixels else {}).items():
            dataset[tag].value = value
        parts = write(instance, dataset, pixels.parts if pixels else None)
        uid = str(dataset.SOPInstanceUID).strip("\0 ")
        hits = verify(instance, steps, parts, tokens_of(instance, steps))
        if hits:
            raise Quarantined(hits)
    removed = [kind for _frame, kind in pixels.removed] if pixels else []
    return Result(parts, uid, row_of(instance, steps, number, removed))


def _identifying(instance: Instance, steps: Plan) -> frozenset[str]:
    """The words that no cleaned text may hold; none are needed where no text is cleaned."""
    if any(step.action == "C" for step in steps):
        return identifying_words(instance, steps)
    return frozenset()
