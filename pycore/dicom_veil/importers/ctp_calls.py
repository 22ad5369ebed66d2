r"""The little language of RSNA CTP's scripts: text, and calls `@name(argument,…){clause}{clause}`.

A backslash takes the meaning of the character after it; arguments may be in quotation marks; the
clauses, themselves scripts, belong to `if`, `select` and `append` alone.
"""

from dataclasses import dataclass

CLAUSES = {"if": 2, "select": 2, "append": 1}


@dataclass(frozen=True)
class Call:
    """One call of a function, with its arguments as written and its clauses."""

    name: str
    arguments: tuple[str, ...]
    clauses: tuple[str, ...] = ()

    def argument(self, index: int) -> str:
        """An argument without its quotation marks; empty where there is none."""
        text = self.arguments[index] if index < len(self.arguments) else ""
        quoted = len(text) >= 2 and text[0] == text[-1] == '"'
        return text[1:-1] if quoted else text


def parse(script: str) -> tuple[str | Call, ...]:
    """A script's texts and calls in order. Raises `ValueError` where a bracket does not close."""
    parts: list[str | Call] = []
    text, place = "", 0
    while place < len(script):
        character = script[place]
        place += 1
        if character == "\\" and place < len(script):
            text += script[place]
            place += 1
        elif character == "@":
            if text.strip():
                parts.append(text)
            text = ""
            call, place = _call(script, place)
            parts.append(call)
        else:
            text += character
    if text.strip():
        parts.append(text)
    return tuple(parts)


def _call(script: str, place: int) -> tuple[Call, int]:
    start = script.find("(", place)
    if start < 0:
        raise ValueError(script[place:])
    name = "".join(script[place:start].split()).lower()
    arguments: list[str] = []
    begin = start + 1
    while True:
        end = _delimiter(script, begin, ",)", "(")
        arguments.append(script[begin:end].strip())
        begin = end + 1
        if script[end] == ")":
            break
    clauses: list[str] = []
    for _ in range(CLAUSES.get(name, 0)):
        opening = begin + len(script[begin:]) - len(script[begin:].lstrip())
        if not script.startswith("{", opening):
            break
        end = _delimiter(script, opening + 1, "}", "{")
        clauses.append(script[opening + 1 : end])
        begin = end + 1
    return Call(name, tuple(arguments) if arguments != [""] else (), tuple(clauses)), begin


def _delimiter(script: str, place: int, delimiters: str, opening: str) -> int:
    """Where the first delimiter stands that is in no quotation, no […] and no inner bracket."""
    depth = brackets = 0
    quoted = False
    closing = delimiters[-1]
    while place < len(script):
        character = script[place]
        if character == "\\":
            place += 1
        elif quoted or character == '"':
            quoted = quoted != (character == '"')
        elif character in "[]":
            brackets += 1 if character == "[" else -1
        elif character == opening:
            depth += 1
        elif character == closing and depth and not brackets:
            depth -= 1
        elif character in delimiters and not depth and not brackets:
            return place
        place += 1
    raise ValueError(script)
