"""What a person writes into the log: held against the original, as the result was."""

from dicom_veil.plan import plan
from dicom_veil.profile import load
from dicom_veil.quiet import quietly
from dicom_veil.read import Instance
from dicom_veil.tokens import tokens_of
from dicom_veil.verify import candidates, weighed_in


def held(text: str, instance: Instance) -> tuple[str, ...]:
    """Attributes of `instance`, by keyword or tag, whose values stand in a line of text.

    Those that the Basic Profile takes away, whatever the results keep.
    """
    with quietly():
        tokens = tokens_of(instance, plan(instance, load("basic")))
        found = candidates(text.encode("utf-8", "replace"), tokens)
        return tuple(sorted({hit.attribute for hit in weighed_in((), found, text)}))
