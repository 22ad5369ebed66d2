"""Fetches each pinned file once into a cache outside the source tree, and checks it every time."""

import os
from collections.abc import Mapping
from pathlib import Path

from . import BuildError, clients
from .pins import Pin, Pins, verify


def cache_folder() -> Path:
    """`$VEIL_CACHE`, else `dicom-veil` in the person's cache folder."""
    if own := os.environ.get("VEIL_CACHE"):
        return Path(own).resolve()
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dicom-veil"


def obtain(pins: Pins, pin: Pin, cache: Path) -> Path:
    """The path of a verified copy of `pin`, from the cache or the first source that answers.

    Raises BuildError when a file has another hash than the pinned one (also one in the cache),
    or when no source answers.
    """
    target = cache / "files" / pin.file
    if target.exists():
        verify(pin, target, f"the cache ({target}; delete it to fetch it again)")
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f"{target.name}.{os.getpid()}.part")
    silent: list[str] = []
    for source in pin.sources:
        try:
            _ask(pins, pin, source, draft, cache)
        except clients.Silent as reason:
            silent.append(str(reason))
            continue
        try:
            verify(pin, draft, _describe(pins, source))
            draft.replace(target)  # whole or not at all, also when two builds run at once
        finally:
            draft.unlink(missing_ok=True)
        return target
    draft.unlink(missing_ok=True)
    raise BuildError(f"No source answered for {pin.file}: {'; '.join(silent)}.")


def _ask(pins: Pins, pin: Pin, source: Mapping[str, str], draft: Path, cache: Path) -> None:
    match source["kind"]:
        case "cdn":
            clients.from_cdn(pins, pin, draft)
        case "npm":
            clients.from_npm(pin, draft)
        case "pip":
            clients.from_pip(pin, source, draft, cache)
        case "inside":
            name = source["carrier"]
            clients.from_carrier(pins, pin, name, draft, lambda part: obtain(pins, part, cache))
        case kind:
            raise BuildError(f"{pin.name} names a source that this build does not know: {kind}.")


def _describe(pins: Pins, source: Mapping[str, str]) -> str:
    return {"cdn": pins.cdn, "npm": "npm", "pip": "pip"}.get(source["kind"]) or source["carrier"]
