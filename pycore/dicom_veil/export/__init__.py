"""Export formats. Each is one small module that declares what it is and how it is made.

A module holds `FORMAT` (`format.py` says what that must say) and is named in `FORMATS`; nothing
else needs to know of it. Files hold what their format needs to show the pixels and nothing else:
no names, dates, programs, EXIF or ICC; the same input gives the same bytes. Imaging libraries are
imported inside the functions that need them, so that listing the formats costs nothing.
"""

from dicom_veil import errors
from dicom_veil.export import (
    contact_sheet,
    gif,
    jpeg,
    jxl,
    mp4,
    nifti,
    npy,
    png,
    png16,
    tiff,
    tiff16,
    webm,
    webp,
)
from dicom_veil.export.choices import Option, Settings
from dicom_veil.export.format import Format, Writer

__all__ = ["FORMATS", "Format", "Option", "Settings", "Writer", "format_of"]

MODULES = (
    png, jpeg, webp, jxl, png16, tiff, tiff16, gif, mp4, webm, contact_sheet, npy, nifti
)  # fmt: skip
FORMATS: tuple[Format, ...] = tuple(module.FORMAT for module in MODULES)


def format_of(name: str) -> Format:
    """The format of that name. Raises `Usage`."""
    for candidate in FORMATS:
        if candidate.name == name:
            return candidate
    known = ", ".join(candidate.name for candidate in FORMATS)
    raise errors.Usage(f"There is no such export format; there are {known}.")
