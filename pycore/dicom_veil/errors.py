"""What can be wrong with an input, each kind with a code that survives every wire.

    VeilError
    ├── Empty           a file without a byte
    ├── NotDicom        not DICOM at all
    ├── Truncated       ends before its own lengths say
    ├── Damaged         DICOM whose data set cannot be followed
    ├── Directory       a DICOMDIR: names files and patients, is no instance
    ├── NoPixels        a picture was asked of an instance without one
    ├── DamagedPixels   the frame cannot be decoded
    ├── Unsupported     a transfer syntax or pixel format that is not decoded
    ├── OutOfRange      a number that cannot be true or is too large to try
    ├── FileGone        the file cannot be read any more
    ├── Refused         readable, but nothing safe can be written from it
    ├── LeftOut         no instance, or one that is there already: not asked to be written
    ├── Crashed         what worked on it died or gave no sign of life, twice
    ├── CannotWrite     the place for results takes no more; the whole run stops
    ├── Quarantined     the result still held something that identifies; it is not given out
    ├── NoJob           the worker does not know what it is to go on with
    └── Usage           the caller asked for something that does not exist

The message is one finished sentence for a person and never holds a value from the header.
"""

from collections.abc import Sequence
from typing import ClassVar

SHOWN = 3


class VeilError(Exception):
    """A reason that a person can read; `code` names its kind, `params` its numbers and tags."""

    code: ClassVar[str] = "internal"

    def __init__(self, sentence: str, **params: str | int) -> None:
        super().__init__(sentence)
        self.params = params


class Empty(VeilError):
    code = "empty"


class NotDicom(VeilError):
    code = "not-dicom"


class Truncated(VeilError):
    code = "truncated"


class Damaged(VeilError):
    code = "damaged"


class Directory(VeilError):
    code = "directory"


class NoPixels(VeilError):
    code = "no-pixels"


class DamagedPixels(VeilError):
    code = "damaged-pixels"


class Unsupported(VeilError):
    code = "unsupported"


class OutOfRange(VeilError):
    code = "out-of-range"


class FileGone(VeilError):
    code = "file-gone"


class Refused(VeilError):
    code = "refused"


class LeftOut(VeilError):
    code = "left-out"


class Crashed(VeilError):
    code = "crashed"


class CannotWrite(VeilError):
    code = "cannot-write"


class Quarantined(VeilError):
    """`hits` are the places of the result, without what was found there."""

    code = "quarantined"

    def __init__(self, hits: Sequence[tuple[str, str, str]]) -> None:
        self.hits = tuple(hits)
        where = ", ".join(dict.fromkeys(hit[0] for hit in self.hits[:SHOWN]))
        more = " and elsewhere" if len(self.hits) > SHOWN else ""
        super().__init__(
            f"The result still held something that identifies, in {where}{more}; it was not "
            "written.",
            hits=len(self.hits),
        )


class NoJob(VeilError):
    code = "no-job"


class Usage(VeilError):
    code = "usage"
