"""Scripts of the RSNA CTP DicomPixelAnonymizer → rules.

A script is a list of `{ expression }` followed by rectangles `(x,y,w,h)`; text between is a
comment. An expression joins `Attribute.equals("…")`, `.contains`, `.containsIgnoreCase`,
`.startsWith`, `.endsWith`, `.matches` with `*` (and), `+` (or), `!` (not) and parentheses. In
CTP the first expression that fits decides alone; here every one that fits contributes.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from dicom_veil.devices.conditions import Condition, checked
from dicom_veil.errors import Usage

SIGNATURE = re.compile(r"\{([^}]*)\}")
REGION = re.compile(r"\(([^)]*)\)")
TOKEN = re.compile(
    r"\s*(?:(?P<sign>[()*+!])|(?P<field>\[[^\]]*\]|\w+)\.(?P<method>\w+)"
    r"\s*\(\s*\"(?P<text>[^\"]*)\"\s*\)|(?P<word>true|false)\b)"
)
DEEPEST = 50


@dataclass
class Imported:
    """A rule file's rules, and what could not be said in one: (line, sentence)."""

    rules: list[dict[str, Any]] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)


def is_script(text: str) -> bool:
    """Whether a text is such a script: an expression in braces, and a region after it."""
    first = SIGNATURE.search(text)
    return (
        first is not None
        and REGION.search(text, first.end()) is not None
        and bool(re.search(r"\.\w+\s*\(\s*\"", first[1]) or first[1].strip() in ("true", "false"))
    )


def import_script(text: str) -> Imported:
    """The rules of a script. Raises `Usage` where it holds none."""
    found = list(SIGNATURE.finditer(text))
    if not found:
        raise Usage("The file is no script of the RSNA CTP DicomPixelAnonymizer.")
    result = Imported()
    for number, match in enumerate(found):
        end = found[number + 1].start() if number + 1 < len(found) else len(text)
        line = text.count("\n", 0, match.start()) + 1
        rectangles = []
        for region in REGION.finditer(text, match.end(), end):
            numbers = [part.strip() for part in region[1].split(",")]
            if len(numbers) == 4 and all(re.fullmatch(r"\d{1,6}", part) for part in numbers):
                rectangles.append([int(part) for part in numbers])
            else:
                where = text.count("\n", 0, region.start()) + 1
                result.problems.append((where, "A region that is not four numbers is left out."))
        try:
            when = condition_of(match[1])
        except Usage as error:
            result.problems.append((line, f"The rule is left out: {error}"))
            continue
        if not rectangles:
            result.problems.append((line, "The rule has no region and is left out."))
            continue
        result.rules.append({"name": f"line {line}", "when": when, "rectangles": rectangles})
    return result


def condition_of(expression: str) -> Condition:
    """An expression as a condition. Raises `Usage`."""
    parser = _Parser(expression)
    found = parser.either(0)
    if parser.peek() is not None:
        raise Usage("the expression goes on where it should end.")
    return found


class _Parser:
    """`+` binds less than `*`; both are read from the left."""

    def __init__(self, text: str) -> None:
        self.tokens: list[re.Match[str]] = []
        position = 0
        while text[position:].strip():
            match = TOKEN.match(text, position)
            if match is None:
                raise Usage("the expression has a part that is not known.")
            self.tokens.append(match)
            position = match.end()
        self.place = 0

    def peek(self) -> str | None:
        if self.place >= len(self.tokens):
            return None
        return self.tokens[self.place]["sign"] or "test"

    def either(self, depth: int) -> Condition:
        return self._joined("any", "+", depth)

    def _joined(self, word: str, sign: str, depth: int) -> Condition:
        if depth > DEEPEST:
            raise Usage("the expression is nested too deeply.")
        inner = self._all if word == "any" else self._one
        parts = [inner(depth)]
        while self.peek() == sign:
            self.place += 1
            parts.append(inner(depth))
        return parts[0] if len(parts) == 1 else {word: parts}

    def _all(self, depth: int) -> Condition:
        return self._joined("all", "*", depth)

    def _one(self, depth: int) -> Condition:
        kind = self.peek()
        if depth > DEEPEST or kind in (None, ")", "*", "+"):
            raise Usage("the expression ends too early or is nested too deeply.")
        token = self.tokens[self.place]
        self.place += 1
        if kind == "!":
            return {"not": self._one(depth + 1)}
        if kind == "(":
            found = self.either(depth + 1)
            if self.peek() != ")":
                raise Usage("a parenthesis is not closed.")
            self.place += 1
            return found
        if token["word"]:
            return {"all": []} if token["word"] == "true" else {"any": []}
        return _test(token["field"], token["method"], token["text"])


def _test(name: str, method: str, text: str) -> Condition:
    """One call; `equals` and `contains` ask for the case too in CTP, here for either."""
    name = name.strip("[]") if name.startswith("[") else name
    escaped = re.escape(text)
    tests = {
        "equals": {"is": text}, "contains": {"contains": text},
        "startsWith": {"matches": f"^{escaped}"}, "endsWith": {"matches": f"{escaped}$"},
        "matches": {"matches": f"^(?:{text})$"},
    }  # fmt: skip
    method = method.removesuffix("IgnoreCase")
    if method not in tests:
        raise Usage(f"the method {method!r} is not known.")
    return checked({"attribute": name, **tests[method]})
