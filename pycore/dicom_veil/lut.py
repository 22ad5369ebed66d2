"""Look-up tables as DICOM stores them: a descriptor and its data.

PS3.3 C.11.1.1 (modality), C.11.2.1.1 (values of interest), C.7.6.3.1.5 (palette).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from dicom_veil import errors
from dicom_veil.attributes import numbers, words


@dataclass(frozen=True)
class LookUpTable:
    """`entries[0]` belongs to the input value `first`; `bits` is the depth of each entry."""

    first: int
    bits: int
    entries: NDArray[np.uint16]

    @property
    def maximum(self) -> int:
        """The largest value that an entry of this depth can have."""
        return int((1 << self.bits) - 1)

    def apply(self, values: NDArray[Any]) -> NDArray[np.uint16]:
        """Entries for `values`, any shape; below the first and above the last, those (C.11.1.1)."""
        positions = np.clip(np.floor(values) - self.first, 0, len(self.entries) - 1)
        found: NDArray[np.uint16] = self.entries[positions.astype(np.intp)]
        return found


@dataclass(frozen=True)
class Descriptor:
    """LUT Descriptor: number of entries (0 is 65536), first input value, bits of an entry."""

    count: int
    first: int
    bits: int


def descriptor(dataset: Dataset, keyword: str, *, negative: bool) -> Descriptor:
    """The three values of a descriptor; `negative`: the input can be below 0, so `first` can too.

    Raises `OutOfRange` where they are missing or impossible.
    """
    found = [int(value) & 0xFFFF for value in numbers(dataset, keyword)]
    if len(found) != 3 or not 0 < found[2] <= 16:
        raise errors.OutOfRange(f"{keyword} does not describe a look-up table.")
    count, first, bits = found
    if negative and first >= 0x8000:
        first -= 0x10000
    return Descriptor(count or 0x10000, first, bits)


def read_table(item: Dataset, *, negative: bool) -> LookUpTable:
    """The table in an item of the Modality LUT or VOI LUT Sequence. Raises `OutOfRange`.

    Entries that are deeper than the descriptor says have the depth that they need.
    """
    described = descriptor(item, "LUTDescriptor", negative=negative)
    entries = unpack(words(item, "LUTData"), described)
    bits = max(described.bits, int(entries.max()).bit_length())
    return LookUpTable(described.first, bits, entries)


def unpack(data: NDArray[np.uint16], described: Descriptor) -> NDArray[np.uint16]:
    """The entries: a word each, or, 8 bits deep, two in each word (PS3.3 C.7.6.3.1.6)."""
    if len(data) >= described.count:
        return data[: described.count]
    if len(data) * 2 >= described.count and described.bits <= 8:
        bytes_of = data.astype("<u2").view(np.uint8)[: described.count]
        return bytes_of.astype(np.uint16)
    raise errors.OutOfRange("A look-up table has fewer entries than it says.")
