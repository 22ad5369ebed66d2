"""The unit of work: one instance's bytes, a profile and an identity → a new file and a report row.

read → plan → apply → write → verify: a result in which something of the original is found again
is never given out.

A pure function of its arguments; a tab runs it in a worker, the command line in a process.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, BinaryIO

from pydicom.dataset import Dataset

from dicom_veil.apply import apply
from dicom_veil.bulk import check_content
from dicom_veil.codestream import hides_frames, looked
from dicom_veil.context import Context, context_of
from dicom_veil.decoded import value_of
from dicom_veil.errors import Quarantined, Refused
from dicom_veil.identifying import identifying_words
from dicom_veil.identity import Identity
from dicom_veil.markers import mark, mark_pixels, temporal
from dicom_veil.overlay_bits import cleared
from dicom_veil.patients import Link
from dicom_veil.plan import Plan, plan
from dicom_veil.profile import Profile
from dicom_veil.quiet import quietly
from dicom_veil.read import Instance, read
from dicom_veil.redact.region import Cleaning
from dicom_veil.report import Row, Treatment, row_of, treatment_of
from dicom_veil.seal import (
    MODIFIED,
    check_dates,
    is_sealed,
    own_tokens,
    says_modified,
    seal,
)
from dicom_veil.tokens import tokens_of
from dicom_veil.verify import verify
from dicom_veil.write import Part, chunks, write

if TYPE_CHECKING:
    from dicom_veil.redact.redact import Redacted


@dataclass(frozen=True)
class Result:
    """A de-identified instance: the parts of its file, its new SOPInstanceUID, its report row.

    `treatment` is what the row lists. `link` is the way back, and the only part that holds
    original values.
    """

    parts: tuple[Part, ...]
    sop_instance_uid: str
    row: Row
    link: Link = field(repr=False)
    treatment: Treatment = field(repr=False)

    def stream(self, instance: Instance) -> Iterator[bytes]:
        """The file's bytes in order, the unchanged pixels read from `instance` piece by piece."""
        return chunks(self.parts, instance.body)


def deidentify(source: BinaryIO, profile: Profile, identity: Identity, number: int) -> Result:
    """Reads, plans, applies and writes; `number` is all that the report says of the input.

    Raises `VeilError` subclasses when nothing safe can be written.
    """
    return deidentify_instance(read(source), profile, identity, number)


def transform(
    instance: Instance, profile: Profile, identity: Identity
) -> tuple[Plan, Dataset, Context]:
    """The plan for an instance, the data set that it makes, and the context that it was made in."""
    steps = plan(instance, profile)
    sealed = is_sealed(instance.dataset, identity)
    context = context_of(
        instance, identity, frozenset(),
        sealed=sealed, sealed_dates=sealed and says_modified(instance.dataset),
    )  # fmt: skip
    check_dates(instance, profile, context)
    context = replace(context, identifying=_identifying(instance, steps, context))
    dataset = mark(apply(instance, steps, context), profile)
    if "SOPInstanceUID" not in dataset and instance.sop_instance_uid:
        dataset.SOPInstanceUID = identity.uid(instance.sop_instance_uid)
    if "SOPClassUID" not in dataset and instance.sop_class_uid:
        dataset.SOPClassUID = instance.sop_class_uid
    if sealing(profile):
        seal(dataset, identity)
    return steps, dataset, context


def deidentify_instance(
    instance: Instance, profile: Profile, identity: Identity, number: int,
    cleaning: Cleaning | None = None,
) -> Result:  # fmt: skip
    """`deidentify` for an instance that was read before; it is not changed.

    `cleaning`: what is to go from its pixels, and whether they were searched. The output, what is
    verified and what is exported of it have the pixels without that.
    """
    check_content(instance, profile)
    if cleaning is None:
        return _deidentified(instance, profile, identity, number)
    if (cleaning.regions or cleaning.checked) and hides_frames(instance):
        raise Refused(
            "The pixel data holds more frames than the header says. Nobody looked into those, and "
            "no text was removed from them."
        )
    redacted = _redacted(instance, cleaning)
    if redacted is None:
        return _deidentified(instance, profile, identity, number, cleaning)
    if cleaning.prove is not None and (legible := cleaning.prove(redacted.instance)):
        raise Quarantined(legible)
    made = _deidentified(redacted.instance, profile, identity, number, cleaning)
    made.row["notes"] += redacted.notes
    return replace(made, parts=redacted.flat(made.parts))


def _redacted(instance: Instance, cleaning: Cleaning) -> "Redacted | None":
    if not cleaning.regions:
        return None
    # Pictures need numpy and the codecs; headers do not.
    from dicom_veil.redact.redact import redact

    return redact(instance, cleaning.regions)


def _deidentified(
    instance: Instance, profile: Profile, identity: Identity, number: int,
    cleaning: Cleaning | None = None,
) -> Result:  # fmt: skip
    with quietly():
        steps, dataset, context = transform(instance, profile, identity)
        dataset = mark_pixels(dataset, instance, cleaning)
        seen = looked(instance)
        if seen.strange is not None:
            raise Refused(
                f"Frame {seen.strange + 1} of the compressed pixels does not begin like a picture "
                "of the kind that the file says, so nobody can tell what it holds.",
                frame=seen.strange + 1,
            )
        if seen.bare:
            raise Refused(
                "A compressed picture stands where the file says that uncompressed pixels are, "
                "and no viewer would show it."
            )
        pixels = seen.cleaned
        for tag, value in (pixels.elements if pixels else {}).items():
            if tag in dataset:
                dataset[tag].value = value
        bits = cleared(instance)
        parts = write(instance, dataset, pixels.parts if pixels else bits)
        uid = str(dataset.SOPInstanceUID).strip("\0 ")
        tokens = tokens_of(instance, steps, own=own_tokens(context))
        hits = verify(instance, steps, parts, tokens, rest=seen.rest)
        if hits:
            raise Quarantined(hits)
    removed = [kind for _frame, kind in pixels.removed] if pixels else []
    removed += ["overlay in unused bits"] if bits else []
    treatment = treatment_of(steps)
    row = row_of(instance, treatment, number, removed, cleaning)
    return Result(parts, uid, row, link_of(instance, dataset, context), treatment)


def link_of(instance: Instance, dataset: Dataset, context: Context) -> Link:
    """What leads from the original to the result: for the encrypted table, and nowhere else."""

    def text(keyword: str) -> str:
        return str(value_of(instance.dataset, keyword) or "").strip("\0 ")

    new = str(value_of(dataset, "StudyInstanceUID") or "").strip("\0 ")
    return Link(
        text("PatientID"), text("PatientName"), context.pseudonym, text("StudyInstanceUID"), new
    )


def sealing(profile: Profile) -> bool:
    """Whether a result is sealed: where dates are kept changed, or no new UID tells it."""
    return temporal(profile) == MODIFIED or "retain_uids" in profile.options


def _identifying(instance: Instance, steps: Plan, context: Context) -> frozenset[str]:
    """The words that no cleaned text may hold; none are needed where no text is cleaned."""
    if not any(step.action == "C" for step in steps):
        return frozenset()
    mine = context.known or context.identity.made_uid(instance.sop_instance_uid)
    return identifying_words(instance, steps, own_tokens(context) if mine else None)
