"""The lines of an RSNA CTP DicomAnonymizer script, in its XML form and in its older one.

XML: `<e en="T" t="00100010" n="PatientName">@remove()</e>` says what to do with an element,
`<p t="DATEINC">-10</p>` sets a parameter, `<k>` and `<r>` keep and remove whole groups; `en="F"`
switches a line off. The older form has one line each: `set.[0010,0010]PatientName=@remove()`,
`param.DATEINC=-10`, `keep.group18=`, `remove.privategroups=`; a `#` in front switches it off.
"""

import re
from dataclasses import dataclass
from typing import Literal
from xml.parsers import expat

from dicom_veil.errors import Usage

Kind = Literal["element", "parameter", "keep", "remove"]
KINDS: dict[str, Kind] = {"e": "element", "p": "parameter", "k": "keep", "r": "remove"}
OLD_KINDS: dict[str, Kind] = {
    "set": "element", "param": "parameter", "keep": "keep", "remove": "remove",
}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One line: `target` is the tag, parameter, group or kind of group; `script` its text."""

    line: int
    kind: Kind
    target: str
    name: str
    enabled: bool
    script: str


def entries(text: str) -> tuple[Entry, ...]:
    """The entries of a script in either form. Raises `Usage` where it is in none."""
    if text.lstrip("\ufeff \t\r\n").startswith("<"):
        return _from_xml(text.lstrip("\ufeff \t\r\n"), _leading_lines(text))
    found = tuple(
        entry
        for number, line in enumerate(text.splitlines(), 1)
        if (entry := _from_line(line.strip(), number)) is not None
    )
    if not found:
        raise Usage("The file is no script of the RSNA CTP DicomAnonymizer.")
    return found


def _leading_lines(text: str) -> int:
    return text[: len(text) - len(text.lstrip("\ufeff \t\r\n"))].count("\n")


class _Reader:
    """Collects what expat finds; a document type would be of no use and can do harm."""

    def __init__(self, first_line: int) -> None:
        self.found: list[Entry] = []
        self.first_line = first_line
        self.open: tuple[int, Kind, dict[str, str]] | None = None
        self.text: list[str] = []
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text.append
        self.parser.StartDoctypeDeclHandler = self.doctype

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in KINDS:
            line = self.parser.CurrentLineNumber + self.first_line
            self.open = (line, KINDS[tag], attributes)
            self.text.clear()

    def end(self, tag: str) -> None:
        if tag in KINDS and self.open is not None:
            line, kind, attributes = self.open
            enabled = kind == "parameter" or attributes.get("en") == "T"
            target, name = attributes.get("t", "").strip(), attributes.get("n", "").strip()
            script = "".join(self.text).strip()
            self.found.append(Entry(line, kind, target, name, enabled, script))
            self.open = None

    def doctype(self, *_ignored: object) -> None:
        raise Usage("A script with a document type is not read.")


def _from_xml(text: str, first_line: int) -> tuple[Entry, ...]:
    reader = _Reader(first_line)
    try:
        # What was decoded is encoded anew: a declaration of another encoding is void.
        reader.parser.Parse(re.sub(r"^<\?xml[^>]*\?>", "", text).encode("utf-8"), True)
    except expat.ExpatError as error:
        line = error.lineno + first_line
        raise Usage(
            f"The script is not XML: line {line}, {expat.ErrorString(error.code)}."
        ) from None
    if not reader.found:
        raise Usage("The file is no script of the RSNA CTP DicomAnonymizer.")
    return tuple(reader.found)


def _from_line(line: str, number: int) -> Entry | None:
    match = re.fullmatch(r"(#?)(set|param|keep|remove)\.(.*?)=(.*)", line)
    if match is None:
        return None
    off, word, left, script = match.groups()
    kind, name = OLD_KINDS[word], ""
    if kind == "element":
        inner = re.fullmatch(r"\[(.*)\]([^\]]*)", left)
        if inner is None:
            return None
        left, name = inner[1].replace(",", "", 1), inner[2]
    elif kind == "keep":
        left = re.sub(r"^group", "", left.strip())
    return Entry(number, kind, left.strip(), name.strip(), not off, script.strip())
