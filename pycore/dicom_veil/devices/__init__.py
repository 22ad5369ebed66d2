"""Where devices burn text in: rules with rectangles, from open lists and from a person's own.

conditions   what of a header a rule asks for
rules        rule files, and the regions that they make of an instance
ctp          scripts of the RSNA CTP DicomPixelAnonymizer → rules
deid         recipes of `deid` → rules
"""

from collections.abc import Callable

from dicom_veil.devices.ctp import Imported, import_script, is_script
from dicom_veil.devices.deid import import_recipe, is_recipe


def importer_of(text: str) -> Callable[[str], Imported] | None:
    """What reads a file of pixel rules of another program; None where it is none."""
    if is_recipe(text):
        return import_recipe
    return import_script if is_script(text) else None
