"""What the page wants gone from the pixels: the parameter `regions` of messages about pictures.

A region is {left, top, right, bottom, first_frame, last_frame} and, for the report's counts, its
`source` (`read`, `rule`, `drawn`) and `kind` (the class of what was read).
"""

import json
from collections import Counter
from typing import Any, cast, get_args

from dicom_veil import errors
from dicom_veil.read import Instance
from dicom_veil.redact.region import Cleaning, Region, Stays

Params = dict[str, Any]
SOURCES = frozenset({"rule", "drawn"})


def key_of(params: Params) -> str:
    """Names what an instance looks like without its regions; empty where it has none."""
    given = params.get("regions")
    return json.dumps([_numbers(one) for one in given]) if given else ""


def cleaning_of(params: Params) -> Cleaning | None:
    """What is to become of an instance's pixels; None where the page says nothing about them.

    `checked`: a scan of all frames came to its end. `stays`: what of it the person left, though it
    identifies or nobody has judged it.
    """
    if "regions" not in params:
        return None
    given = params["regions"]
    counts = Counter(_source(one) for one in given)
    stays = params.get("stays", "")
    if stays not in get_args(Stays):
        raise errors.Usage("Text that stays is not told by a known word.")
    return Cleaning(
        regions_of(params), dict(counts), checked=bool(params.get("checked")),
        stays=cast(Stays, stays),
    )  # fmt: skip


def regions_of(params: Params) -> tuple[Region, ...]:
    return tuple(Region(*_numbers(one)) for one in params["regions"])


def masked(instance: Instance, params: Params) -> Instance:
    """The instance with its regions dark; the same where there are none. Raises as `redact`."""
    if not params.get("regions"):
        return instance
    # Pictures need numpy and the codecs; headers do not.
    from dicom_veil.redact.redact import redact

    return redact(instance, regions_of(params)).instance


def _numbers(one: Params) -> list[int]:
    names = ("left", "top", "right", "bottom", "first_frame", "last_frame")
    try:
        return [int(one[name]) for name in names]
    except (KeyError, TypeError, ValueError):
        raise errors.Usage("A region of pixels is not told by six whole numbers.") from None


def _source(one: Params) -> str:
    """What the report counts it as; nothing that a page could put a reading into."""
    from dicom_veil.text.judge import Kind

    kind = one.get("kind")
    if one.get("source") in SOURCES:
        return str(one["source"])
    return f"read: {kind}" if kind in get_args(Kind) else "read: unknown"
