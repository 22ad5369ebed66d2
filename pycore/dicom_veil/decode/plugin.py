"""The shape that every decoder plug-in has.

A plug-in is a module of this package with

- `TRANSFER_SYNTAXES`: the UIDs of the transfer syntaxes that it decodes, and
- `decode(codestream: bytes, image: ImagePixel) -> Decoded`: one frame, without its items.

`decode` compares the size in the codestream with the header's before it takes memory, and raises
`Damage` with a reason that ends the sentence "Frame 3 cannot be decoded: ...", or `Unsupported`.
What else it raises is taken for damage. Codec libraries are imported inside `decode`, so that an
uncompressed instance never waits for them.
"""

from dataclasses import dataclass
from typing import Any, Protocol

from numpy.typing import NDArray

from dicom_veil.decode.image_pixel import ImagePixel


class Damage(ValueError):
    """A codestream that is not what it says, or not what the header says."""


@dataclass(frozen=True)
class Decoded:
    """A frame as the codestream holds it.

    `values`: (rows, columns) or (rows, columns, samples). `precision`: bits of a sample in the
    codestream, 0 where it does not say. `sign_bits`: the precision from which the values still
    have to be sign-extended or masked to the header's Pixel Representation, 0 where they are
    final. `photometric`: what the samples are after decoding, where that is not what the header
    says.
    """

    values: NDArray[Any]
    precision: int = 0
    sign_bits: int = 0
    photometric: str = ""
    notes: tuple[str, ...] = ()


class Plugin(Protocol):
    """A decoder module."""

    TRANSFER_SYNTAXES: tuple[str, ...]

    def decode(self, codestream: bytes, image: ImagePixel) -> Decoded:
        """One frame."""


def check_size(image: ImagePixel, rows: int, columns: int, samples: int) -> None:
    """Raises `Damage` where a codestream's size is not the header's."""
    if (rows, columns, samples) != (image.rows, image.columns, image.samples):
        raise Damage(
            f"its codestream is of {columns} × {rows} pixels with {samples} samples, "
            f"the header says {image.columns} × {image.rows} with {image.samples}"
        )
