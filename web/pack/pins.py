"""The parts that a build may use, each with the hash that it must have (`pins.json`).

Roles: `runtime` (Pyodide's core), `page` (npm parts of the page), `lazy` (npm parts that the page
loads when it first needs them), `text` (what reads text in pixels: in all editions but
`veil-lite.html`), `wheel` (Python parts of the tab), `builder` (needed to build
only), `carrier` (an archive that carries others; fetched only when a part's first source does not
answer).
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from . import BuildError

PINS = Path(__file__).with_name("pins.json")


@dataclass(frozen=True)
class Pin:
    """One file: what it is called, where it may come from, and which hash it must have.

    `digest` is `algorithm:hex`; `folder` is where a carrier keeps the parts that it carries;
    `parts` are the files of a lazy or text package that are shipped, by the names of their parts;
    `changes` of a page package (`file`, `from`, `to`, `why`) are what the build makes other in it.
    """

    name: str
    version: str
    file: str
    digest: str
    licence: str
    role: str
    sources: tuple[Mapping[str, str], ...]
    folder: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)
    changes: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True)
class Pins:
    """Everything pinned, with the address of Pyodide's own CDN."""

    pyodide: str
    cdn: str
    pins: tuple[Pin, ...]

    @cached_property
    def by_name(self) -> Mapping[str, Pin]:
        """Pins by the name of the part."""
        return {pin.name: pin for pin in self.pins}

    def with_role(self, *roles: str) -> tuple[Pin, ...]:
        """Pins of these roles, in the order of the file."""
        return tuple(pin for pin in self.pins if pin.role in roles)


def load(path: Path = PINS) -> Pins:
    """Read `pins.json`. A pin without a hash is refused: BuildError."""
    raw = json.loads(path.read_text("utf-8"))
    return Pins(raw["pyodide"], raw["cdn"], tuple(_pin(entry) for entry in raw["pins"]))


def _pin(entry: dict[str, object]) -> Pin:
    fields = {key: entry[key] for key in ("name", "version", "file", "licence", "role")}
    return Pin(
        **fields,  # type: ignore[arg-type]  # strings, by the file's own shape
        digest=_digest(entry),
        sources=tuple(entry["sources"]),  # type: ignore[arg-type]
        folder=str(entry.get("folder", "")),
        parts=entry.get("parts", {}),  # type: ignore[arg-type]
        changes=tuple(entry.get("changes", ())),  # type: ignore[arg-type]
    )


def _digest(entry: dict[str, object]) -> str:
    if sha256 := entry.get("sha256"):
        return f"sha256:{sha256}"
    if integrity := entry.get("integrity"):  # npm's form: algorithm-base64
        algorithm, _, value = str(integrity).partition("-")
        return f"{algorithm}:{base64.b64decode(value).hex()}"
    raise BuildError(f"{entry['name']} has no hash in pins.json; every part must have one.")


def verify(pin: Pin, path: Path, source: str) -> None:
    """Raise BuildError unless the file at `path` has the pinned hash."""
    algorithm, _, expected = pin.digest.partition(":")
    with path.open("rb") as stream:
        actual = hashlib.file_digest(stream, algorithm).hexdigest()
    if actual != expected:
        raise BuildError(
            f"{pin.file} from {source} has {algorithm} {actual}, but pins.json demands {expected}; "
            "nothing was built."
        )
