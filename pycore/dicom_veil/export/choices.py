"""The choices that formats offer, and what a person made of them. Plain data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from dicom_veil import errors

Value = int | bool | str


@dataclass(frozen=True)
class Option:
    """One choice. Its kind is that of its default: a switch, a whole number, or one of `choices`.

    `low` and `high` are the ends of a number's range, both allowed. `meaning` says on the command
    line what it does (for a switch that is on: what switching it off does).
    """

    name: str
    default: Value
    meaning: str
    low: int = 0
    high: int = 0
    choices: tuple[str, ...] = ()

    @property
    def kind(self) -> Literal["bool", "int", "choice"]:
        if isinstance(self.default, bool):
            return "bool"
        return "int" if isinstance(self.default, int) else "choice"

    def checked(self, value: object) -> Value:
        """`value` where it is one that may be chosen. Raises `Usage`."""
        if self.kind == "bool" and isinstance(value, bool):
            return value
        if self.kind == "int" and type(value) is int and self.low <= value <= self.high:
            return value
        if isinstance(value, str) and value in self.choices:
            return value
        allowed = {
            "bool": "on or off",
            "int": f"a number from {self.low} to {self.high}",
            "choice": " or ".join(self.choices),
        }
        raise errors.Usage(f"The option {self.name} is {allowed[self.kind]}.")


# What pictures (not values) have in common: annotations drawn in, and pixels made square.
OVERLAYS = Option("overlays", False, "draw the overlay planes of the file")
SQUARE = Option("square", True, "leave pixels oblong that are so in the file")
SEEN = (OVERLAYS, SQUARE)
VALUES = Option(
    "values",
    "stored",
    "stored values, or rescaled ones (HU for CT)",
    choices=("stored", "modality"),
)
RATE = Option("rate", 0, "frames per second; 0: the file's own, or 8 for a series", low=0, high=120)


@dataclass(frozen=True)
class Settings:
    """Chosen values by name, all of them checked; what was not chosen has its default."""

    chosen: Mapping[str, Value]

    def flag(self, name: str) -> bool:
        return bool(self.chosen[name])

    def number(self, name: str) -> int:
        return int(self.chosen[name])

    def choice(self, name: str) -> str:
        return str(self.chosen[name])
