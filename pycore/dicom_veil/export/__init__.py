"""Picture formats. Each is one small module that declares what it is and how it is made.

A format module has `NAME` (as the command line says it), `LABEL`, `EXTENSION` (with its dot),
`MIME_TYPE`, `DEFAULTS` and `encode(pixels: NDArray[uint8], **options) -> bytes` for (rows, columns)
or (rows, columns, 3). Outputs hold pixels and nothing else. Imaging libraries are imported inside
`encode`, so that listing the formats costs nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from dicom_veil import errors
from dicom_veil.export import jpeg, png

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Encode(Protocol):
    """Encodes one picture."""

    def __call__(self, pixels: "NDArray[np.uint8]", /) -> bytes:
        """The bytes of a file."""


@dataclass(frozen=True)
class Format:
    """One picture format, as its module declares it."""

    name: str
    label: str
    extension: str
    mime_type: str
    defaults: Mapping[str, int | str]
    encode: Encode


FORMATS = tuple(
    Format(
        module.NAME,
        module.LABEL,
        module.EXTENSION,
        module.MIME_TYPE,
        module.DEFAULTS,
        module.encode,
    )
    for module in (png, jpeg)
)


def format_of(name: str) -> Format:
    """The format of that name. Raises `Usage`."""
    for candidate in FORMATS:
        if candidate.name == name:
            return candidate
    known = ", ".join(candidate.name for candidate in FORMATS)
    raise errors.Usage(f"There is no such picture format; there are {known}.")
