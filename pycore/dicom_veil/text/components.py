"""Connected regions of a mask, by the runs of its rows."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Region:
    """The smallest box around connected cells (8 neighbours); right and bottom are past the end."""

    left: int
    top: int
    right: int
    bottom: int
    area: int


def regions(mask: NDArray[np.bool_]) -> list[Region]:
    """The connected regions of a (rows, columns) mask, in no particular order."""
    padded = np.pad(mask, ((0, 0), (1, 1)))
    # In each row a run begins and ends in turn, so that they are found at once.
    edges = np.flatnonzero(padded[:, 1:] != padded[:, :-1])
    rows, starts = np.divmod(edges[::2], mask.shape[1] + 1)
    ends = edges[1::2] - rows * (mask.shape[1] + 1)
    first_of_row = np.searchsorted(rows, np.arange(mask.shape[0] + 1)).tolist()
    roots = _joined(starts.tolist(), ends.tolist(), first_of_row)
    if not roots:
        return []
    _, group = np.unique(np.array(roots), return_inverse=True)
    count = int(group.max()) + 1
    left = np.full(count, mask.shape[1])
    top = np.full(count, mask.shape[0])
    right, bottom = np.zeros(count, int), np.zeros(count, int)
    area = np.bincount(group, weights=ends - starts).astype(int)
    np.minimum.at(left, group, starts)
    np.minimum.at(top, group, rows)
    np.maximum.at(right, group, ends)
    np.maximum.at(bottom, group, rows + 1)
    return [
        Region(*(int(value) for value in values))
        for values in zip(left, top, right, bottom, area, strict=True)
    ]


def _joined(starts: list[int], ends: list[int], first_of_row: list[int]) -> list[int]:
    """The representative of each run, after runs that touch in neighbouring rows were united."""
    parent = list(range(len(starts)))

    def root(run: int) -> int:
        while parent[run] != run:
            parent[run] = parent[parent[run]]
            run = parent[run]
        return run

    for row in range(1, len(first_of_row) - 1):
        above, here = first_of_row[row - 1], first_of_row[row]
        above_end, here_end = here, first_of_row[row + 1]
        while above < above_end and here < here_end:
            if starts[above] <= ends[here] and starts[here] <= ends[above]:
                parent[root(here)] = root(above)
            if ends[above] < ends[here]:
                above += 1
            else:
                here += 1
    return [root(run) for run in range(len(parent))]
