"""npm packages as page modules: what a bare name means, and the text of each file.

A file of a package is known as `npm/PACKAGE/PATH`. Only pinned packages are found, and only what
their `exports` (or `module`, or `main`) offer under one plain name; their own files import by
relative paths.
"""

import json
import re
import tarfile
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from . import BuildError
from .pins import Pin

FOLDER = "npm/"
# What TypeScript leaves of an import of types. It takes nothing, and would make circles.
_EMPTY = re.compile(r"""^import \{\} from ["'][^"']+["'];?[ \t]*$""", re.MULTILINE)
_NAME = re.compile(r"(?P<package>(?:@[^/]+/)?[^/]+)(?:/(?P<rest>.+))?")


class Package:
    """One archive as `npm pack` makes it."""

    def __init__(self, name: str, archive: Path, changes: Sequence[Mapping[str, str]] = ()) -> None:
        self.name, self.archive, self.changes = name, archive, changes

    def text(self, path: str) -> str:
        """One file, changed as its pin says; raises KeyError where there is none."""
        text = self._files[path].decode()
        for change in self.changes:
            if change["file"] == path:
                if text.count(change["from"]) != 1:
                    raise BuildError(f"{self.name}'s {path} is not what pins.json changes.")
                text = text.replace(change["from"], change["to"])
        return text

    @cached_property
    def _files(self) -> dict[str, bytes]:
        found = {}
        with tarfile.open(self.archive) as archive:
            for member in archive.getmembers():
                stream = archive.extractfile(member)
                if stream is not None:
                    found[member.name.partition("/")[2]] = stream.read()
        return found

    def exported(self, rest: str) -> str:
        """The path of what the package offers as `rest` ("" for the package itself)."""
        description = json.loads(self.text("package.json"))
        main = description.get("module", description.get("main", "index.js"))
        exports = description.get("exports", main)
        key = f"./{rest}" if rest else "."
        path = exports.get(key) if isinstance(exports, dict) else exports if not rest else None
        if not isinstance(path, str):
            raise BuildError(f"The npm package {self.name} offers no plain {key}.")
        return path.removeprefix("./")


class Packages:
    """The page's pinned packages by name."""

    def __init__(self, archives: Iterable[tuple[Pin, Path]]) -> None:
        self._packages = {pin.name: Package(pin.name, path, pin.changes) for pin, path in archives}

    def resolve(self, specifier: str) -> str:
        """What a bare name means: `npm/PACKAGE/PATH`. BuildError for a package without a pin."""
        match = _NAME.fullmatch(specifier)
        package = self._packages.get(match["package"]) if match else None
        if match is None or package is None:
            raise BuildError(f"{specifier} is imported, but pins.json has no such npm package.")
        return f"{FOLDER}{package.name}/{package.exported(match['rest'] or '')}"

    def read(self, name: str) -> str:
        """The text of `npm/PACKAGE/PATH`; raises KeyError where there is none."""
        path = name.removeprefix(FOLDER)
        for package in self._packages.values():
            if path != name and path.startswith(f"{package.name}/"):
                return _EMPTY.sub("", package.text(path.removeprefix(f"{package.name}/")))
        raise KeyError(name)
