"""Names of outputs: `SUBJ-…/STUDY-n/SERIES-n/IMG-nnnnn.dcm`, from all headers at once.

The same inputs and key give the same names, whatever the workers do and however often a run is
interrupted. Names come from pseudonyms and counting alone, so that they are short, plain ASCII
and different even where a file system does not tell upper from lower case.
"""

import re
from collections.abc import Callable, Iterable, Mapping

from dicom_veil.errors import Usage
from dicom_veil.identity import PSEUDONYM_LETTERS
from dicom_veil.intake.header import Header

# Windows keeps these names to itself, with any ending.
RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt")
                                                    for n in range(10))})  # fmt: skip
# Counted parts of both kinds of names, below the folder of a patient: they say nothing.
COUNTED = re.compile(r"STUDY-?\d+/SER(IES-)?\d+/IMG?-?\d+")
Namer = Callable[[Header, int, int, int, int], str]


def names(order: Iterable[int], headers: Mapping[int, Header], namer: Namer) -> dict[int, str]:
    """The output's name of each input, with `/` between its parts.

    `order` is that of `grouping.ordered`; parts are counted from 1 within the part above.
    """
    found: dict[int, str] = {}
    before: tuple[str, ...] = ()
    patient = study = series = image = 0
    for number in order:
        header = headers[number]
        now = (header.pseudonym, header.study, header.series)
        if now[:1] != before[:1]:
            patient, study, series, image = patient + 1, 1, 1, 0
        elif now[:2] != before[:2]:
            study, series, image = study + 1, 1, 0
        elif now != before:
            series, image = series + 1, 0
        image += 1
        before = now
        found[number] = namer(header, patient, study, series, image)
    _check(found, headers)
    return found


def tree_name(header: Header, _patient: int, study: int, series: int, image: int) -> str:
    """The tree for people."""
    folder = header.pseudonym
    if folder.partition(".")[0].casefold() in RESERVED:
        folder = f"SUBJ-{folder}"
    return f"{folder}/STUDY-{study}/SERIES-{series}/IMG-{image:05d}.dcm"


def media_name(header: Header, patient: int, study: int, series: int, image: int) -> str:
    """A File ID of at most eight characters a part, for a DICOMDIR (PS3.10 8.2, 8.5)."""
    letters = header.pseudonym.removeprefix("SUBJ-")[:PSEUDONYM_LETTERS]
    own = header.pseudonym.startswith("SUBJ-") and len(letters) == PSEUDONYM_LETTERS
    folder = letters if own and letters.isalnum() and letters.isupper() else f"PAT{patient:05d}"
    return f"{folder}/STUDY{study:03d}/SER{series:05d}/IM{image:06d}"


def _check(found: Mapping[int, str], headers: Mapping[int, Header]) -> None:
    """No two outputs may have one name, also where upper and lower case are the same."""
    taken: dict[str, str] = {}
    for number, name in found.items():
        pseudonym = headers[number].pseudonym
        folder = name.partition("/")[0].casefold()
        if taken.setdefault(folder, pseudonym) != pseudonym:
            raise Usage("Two pseudonyms would have one folder: they differ too little.")
    if len(set(found.values())) != len(found):
        raise Usage("Two outputs would have one name.")
