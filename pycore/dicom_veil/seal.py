"""What this key made before is known again, so that a second run changes nothing.

Guaranteed, for the same key, profile and edition: de-identifying a result gives the same result,
byte for byte, where every rule of one's own has that property itself (a hash, an added number of
days and a truncation from the end have not). In detail:

UIDs, AE titles   carry a keyed check (`identity`); a made one stays, wherever it stands.
pseudonyms        one stays where StudyInstanceUID or SOPInstanceUID is one that this key made, or
                  the instance is sealed; its form alone (a check letter) proves nothing.
dates             cannot carry anything. An instance whose dates were changed is *sealed*: a value
                  of De-identification Method (0012,0063) is a keyed hash of its SOPInstanceUID, its
                  PatientID, (0028,0303), and every date and time in it. Sealed dates do not move.

A seal holds after another transfer syntax, another padding or other attributes; not for another
instance, nor once a date was added or changed. Then nobody knows which dates were moved: with
modified dates asked for again, such an instance is refused. One that was derived from a result and
does not say that its dates were modified is an original with dates of its own.

Nobody without the key can make a seal (80 bits), nor move one to another instance.
"""

from collections.abc import Callable, Iterator

from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag

from dicom_veil.context import Context
from dicom_veil.decoded import value_of
from dicom_veil.dummy import padded
from dicom_veil.errors import Refused
from dicom_veil.identity import Identity
from dicom_veil.needles import Token
from dicom_veil.notation import fold, words
from dicom_veil.plan import is_sequence, vr_of_element
from dicom_veil.profile import Profile
from dicom_veil.read import Instance
from dicom_veil.values import encodings_of, items_of, raw_of

METHOD = BaseTag(0x00120063)
DATE_VRS = frozenset({"DA", "DT", "TM"})
PREFIX = "Seal "
MODIFIED = "MODIFIED"


def seal_of(dataset: Dataset, identity: Identity) -> str:
    """The seal of a data set as it is, without a seal of its own."""
    named = ("SOPInstanceUID", "PatientID", "LongitudinalTemporalInformationModified")
    values = (str(value_of(dataset, keyword) or "").strip("\0 ") for keyword in named)
    return PREFIX + identity.seal(*values, *sorted(_dates(dataset)))


def seal(dataset: Dataset, identity: Identity) -> None:
    """Adds the seal to what `markers.mark` wrote into a data set that is being made."""
    element = dataset._dict[METHOD]
    written = raw_of(element, ("ascii",)).rstrip(b" ")
    value = padded(written + b"\\" + seal_of(dataset, identity).encode("ascii"))
    implicit, little = dataset.original_encoding
    dataset._dict[METHOD] = RawDataElement(
        METHOD, "LO", len(value), value, 0, bool(implicit), bool(little)
    )


def is_sealed(dataset: Dataset, identity: Identity) -> bool:
    """Whether this key sealed a data set as it is."""
    method = value_of(dataset, METHOD)
    found = [method] if isinstance(method, str) else [str(one) for one in method or ()]  # type: ignore[attr-defined]
    seals = [one.strip() for one in found if one.startswith(PREFIX)]
    return bool(seals) and seal_of(dataset, identity) in seals


def says_modified(dataset: Dataset) -> bool:
    """Whether a data set says that its dates were modified (0028,0303)."""
    found = value_of(dataset, "LongitudinalTemporalInformationModified")
    return str(found or "").strip() == MODIFIED


def _dates(dataset: Dataset) -> Iterator[str]:
    """Every date and time with its tag, nested ones too; of private values what may be one."""
    for tag, element in dataset._dict.items():
        if is_sequence(element):
            for item in items_of(element):
                yield from _dates(item)
        elif vr_of_element(element) in DATE_VRS or tag >> 16 & 1:
            value = raw_of(element, encodings_of(dataset)).strip(b"\0 ")
            if value and (not tag >> 16 & 1 or (len(value) <= 64 and value[:4].isdigit())):
                yield f"{tag:08X}{value.decode('latin-1')}"


def check_dates(instance: Instance, profile: Profile, context: Context) -> None:
    """Raises `Refused` where dates would move that were moved before, nobody knows which."""
    if (
        "retain_long_modified_dates" in profile.options
        and not context.sealed
        and says_modified(instance.dataset)
        and context.known
    ):
        raise Refused(
            "The instance was de-identified with this key before and says that its dates were "
            "modified (0028,0303), but it was changed since. Moved once more, its dates would no "
            "longer fit those of the patient's other instances."
        )


def own_tokens(context: Context) -> Callable[[Token], bool]:
    """Tells the tokens of what this key made, which may stand in the result.

    Days are own where the instance is sealed: the seal is over every date in it.
    """
    identity = context.identity
    # A pseudonym of one's own may be words that the name of the patient has too.
    settled = context.known or identity.patients is None
    name = frozenset(words(fold(context.pseudonym))) if settled else frozenset()

    def own(token: Token) -> bool:
        if token.kind == "uid":
            return identity.made_uid(token.text)
        if token.kind in ("day", "short day", "time"):
            return context.sealed_dates
        if token.text.startswith("ae_"):
            return identity.made_label("ae", token.text[3:].upper())
        # Bytes have no words, and all of no words are the pseudonym's.
        parts = words(token.text)
        return bool(parts) and name.issuperset(parts)

    return own
