"""Methods of the tab about the audit of a run: the spot check, result beside original, notes.

Like `tab_batch` they remember nothing: any worker may be asked, and any may die.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO, Literal, cast

from dicom_veil.plan import plan
from dicom_veil.read import read
from dicom_veil.tab_batch import Answer, Asked

if TYPE_CHECKING:
    from dicom_veil.read import Instance


def _spot(asked: Asked) -> Answer:
    """The spot check so far: its state, what is still to be looked at, and how it was drawn.

    `seed`: that of the run, where the key may have changed since.
    """
    from dicom_veil.audit.spot import METHOD, after

    seed = str(asked.params.get("seed") or asked.identity().label("sample", ""))
    strata = {int(n): (int(one[0]), str(one[1])) for n, one in asked.params["strata"].items()}
    on_failure = cast('Literal["enlarge", "stop"]', asked.params["on_failure"])
    state, missing, drawn = after(strata, seed, asked.params["seen"], on_failure)
    return {
        "state": state, "open": list(missing), "numbers": list(drawn),
        "seed": seed, "method": METHOD,
    }, []  # fmt: skip


def _beside(asked: Asked) -> Answer:
    """Every attribute of an original, and what its result, as it was written, has there.

    The file is both, one behind the other; `split` is where the result begins, in bytes.
    """
    from dicom_veil.tree import rows

    split = int(asked.params["split"])
    original, result = _part(asked, 0, split), _part(asked, split, asked.size())
    return {"rows": rows(original, plan(original, asked.profile()), result.dataset)}, []


def _part(asked: Asked, start: int, end: int) -> "Instance":
    from dicom_veil.joined import Joined
    from dicom_veil.write import Range

    return read(cast(BinaryIO, Joined((Range(start, end),), cast(BinaryIO, asked.content()))))


def _note(asked: Asked) -> Answer:
    """Attributes of the original, by keyword, a value of which stands in a `text` for the log."""
    from dicom_veil.audit.notes import held

    instance = read(cast(BinaryIO, asked.content()))
    return {"attributes": list(held(str(asked.params["text"]), instance))}, []


METHODS: dict[str, Callable[[Asked], Answer]] = {"spot": _spot, "beside": _beside, "note": _note}
