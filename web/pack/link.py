"""Finds the page's ES modules from their entry on and puts them in loading order.

A module names others by static imports only: relative ones (`import … from "./store.js"`), and
bare ones of pinned npm packages (`npm`). What a comment says (JSDoc types) is no import. Other
bare names, dynamic imports and cycles are refused, since neither edition could link them.
"""

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from . import BuildError

_IMPORT = re.compile(
    r"""^(?P<head>[ \t]*(?:import|export)\b(?:[^;'"`]*?\bfrom)?[ \t]*)"""
    r"""(?P<quote>["'])(?P<name>[^"']+)(?P=quote)""",
    re.MULTILINE,
)
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@dataclass(frozen=True)
class Module:
    """One module: its text, and the paths (from the page's folder) that its specifiers mean."""

    name: str
    text: str
    imports: Mapping[str, str]  # specifier as written -> path


def refuse(specifier: str) -> str:
    """The meaning of a bare name where there are no packages."""
    raise BuildError(f"{specifier} is imported; a page module imports relative paths only.")


def modules(
    entry: str, read: Callable[[str], str], package: Callable[[str], str] = refuse
) -> tuple[Module, ...]:
    """`entry` and all that it imports, each after what it imports.

    `read` gives the text of a path and raises KeyError for one that is not there; `package` gives
    the path that a bare name means.
    """
    done: dict[str, Module] = {}
    _visit(entry, read, package, done, ())
    return tuple(done.values())


def rewrite(module: Module, address: Callable[[str], str]) -> str:
    """The module's text with each specifier replaced by `address(path)`."""
    spans = _comments(module.text)

    def replace(match: re.Match[str]) -> str:
        if _inside(match.start("name"), spans):
            return match[0]
        return f'{match["head"]}"{address(module.imports[match["name"]])}"'

    return _IMPORT.sub(replace, module.text)


def _visit(
    name: str,
    read: Callable[[str], str],
    package: Callable[[str], str],
    done: dict[str, Module],
    above: tuple[str, ...],
) -> None:
    if name in done:
        return
    if name in above:
        raise BuildError(
            f"Page modules import each other in a circle: {' > '.join((*above, name))}."
        )
    try:
        text = read(name)
    except KeyError as error:
        raise BuildError(
            f"{above[-1] if above else 'The page'} imports {name}, which is not there."
        ) from error
    imports = {
        specifier: _resolve(name, specifier) if specifier.startswith(".") else package(specifier)
        for specifier in _specifiers(text)
    }
    for path in imports.values():
        _visit(path, read, package, done, (*above, name))
    done[name] = Module(name, text, imports)


def _specifiers(text: str) -> list[str]:
    spans = _comments(text)
    return [
        match["name"] for match in _IMPORT.finditer(text) if not _inside(match.start("name"), spans)
    ]


def _comments(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _COMMENT.finditer(text)]


def _inside(position: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= position < end for start, end in spans)


def _resolve(importer: str, specifier: str) -> str:
    path = posixpath.normpath(posixpath.join(posixpath.dirname(importer), specifier))
    if path.startswith(".."):
        raise BuildError(f"{importer} imports {specifier}, which is outside of the page's folder.")
    return path
