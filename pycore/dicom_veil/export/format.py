"""What a format declares of itself, and the choices that a person makes for it.

Plain data: importing this, or any format, imports no imaging library.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Literal, Protocol

from dicom_veil import errors
from dicom_veil.export.choices import SEEN, SQUARE, Option, Settings

if TYPE_CHECKING:
    from dicom_veil.export.shot import Shot

Scope = Literal["frame", "series", "both"]


class Writer(Protocol):
    """Makes one file of several frames, which come one at a time in the order of the file.

    Holds as little as its format allows. `add` raises `OutOfRange` for a frame that does not
    belong to those before it, and leaves the file as it was.
    """

    def add(self, shot: "Shot") -> None:
        """The next frame."""

    def close(self) -> None:
        """Finishes the file. Raises `OutOfRange` where the frames together make none."""


Encode = Callable[["Shot", Settings], bytes]
Open = Callable[[BinaryIO, Settings], Writer]


@dataclass(frozen=True)
class Format:
    """One format: what it is called, what may be chosen, and how it is made.

    `encode` makes a file of one frame; `open` a file of as many as are added to it, on an empty
    target that can be read and sought. `scope` says what a file holds: a frame, a series, or
    either. `made_by`: who makes it in a tab; the browser has encoders that the tab's Python lacks.
    `mixed`: frames of different sizes may go into one file. `as_stored`: frames of an instance go
    into it in the order that they are stored in, not by position. `file_types`: extension and
    MIME type by the choice of the option `file`, where there is one.
    """

    name: str
    label: str
    extension: str
    mime_type: str
    scope: Scope = "frame"
    options: tuple[Option, ...] = SEEN
    encode: Encode | None = None
    open: Open | None = None
    made_by: Literal["core", "browser"] = "core"
    mixed: bool = False
    as_stored: bool = False
    file_types: Mapping[str, tuple[str, str]] | None = None

    @property
    def as_values(self) -> bool:
        """Whether a file holds values, not a view of them."""
        return SQUARE not in self.options

    def settings(self, chosen: Mapping[str, object]) -> Settings:
        """All options of the format, as chosen or by default. Raises `Usage`."""
        known = {option.name: option for option in self.options}
        for name in chosen:
            if name not in known:
                raise errors.Usage(f"{self.label} has no option of that name.")
        return Settings(
            {
                name: option.checked(chosen[name]) if name in chosen else option.default
                for name, option in known.items()
            }
        )

    def file_type(self, settings: Settings) -> tuple[str, str]:
        """Extension (with its dot) and MIME type of what these settings make."""
        if self.file_types:
            return self.file_types[settings.choice("file")]
        return self.extension, self.mime_type
