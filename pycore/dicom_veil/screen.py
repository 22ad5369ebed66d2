"""What the page needs of a picture: indices to draw, the table to draw them with, its windows.

The part of `tab` that needs numpy and the codecs; imported with the first picture.
"""

from dataclasses import asdict
from typing import Any

import numpy as np

from dicom_veil import errors
from dicom_veil.directions import letters
from dicom_veil.modality import modality_of
from dicom_veil.overlays import overlay_mask, planes
from dicom_veil.picture import drawn, table
from dicom_veil.shown import Shown
from dicom_veil.spacing import aspect_of, spacing_of
from dicom_veil.units import units_of
from dicom_veil.window import Window

Message = tuple[dict[str, Any], list[Any]]


def frame_message(shown: Shown) -> Message:
    """A frame for the page: {rows, columns, …} and its indices (rows × columns, little endian).

    Colour: RGB bytes (rows × columns × 3), without windows and units.
    """
    rows, columns = shown.frame.values.shape[:2]
    common = {
        "rows": rows,
        "columns": columns,
        "color": shown.frame.color,
        **_geometry(shown),
        "overlays": len(planes(shown.dataset, shown.frame_index)),
        "notes": list(shown.frame.notes),
    }
    if shown.frame.color:
        none: dict[str, Any] = {
            "levels": 256, "scale": 1, "offset": 0, "rescale": None, "padding": None, "units": [],
            "windows": [], "window": None,
        }  # fmt: skip
        return {**common, **none}, [np.ascontiguousarray(shown.frame.values).tobytes()]
    levels = shown.levels
    modality = modality_of(shown.dataset, shown.frame_index)
    units, missing = units_of(shown.dataset, shown.frame_index)
    windows = [window_json(window) for window in shown.windows]
    indices = levels.indices.astype(levels.indices.dtype.newbyteorder("<"), copy=False)
    rescale = {"slope": modality.slope, "intercept": modality.intercept, "unit": modality.unit}
    return {
        **common,
        "levels": levels.levels,
        "scale": levels.scale,
        "offset": levels.offset,
        "rescale": rescale if modality.table is None else None,
        "padding": levels.padding and dict(zip(("low", "high"), levels.padding, strict=True)),
        "units": [asdict(unit) for unit in units],
        "windows": windows,
        "window": windows[0],
        "notes": [*shown.frame.notes, *levels.notes, *missing],
    }, [np.ascontiguousarray(indices).tobytes()]


def _geometry(shown: Shown) -> dict[str, Any]:
    spacing = spacing_of(shown.dataset, shown.frame_index)
    return {
        "pixel_aspect": list(aspect_of(shown.dataset, shown.frame_index)),
        "spacing": None
        if spacing is None
        else {"mm": [spacing.vertical, spacing.horizontal], "source": spacing.source},
        "orientation": letters(shown.dataset, shown.frame_index),
    }


def lut_message(shown: Shown, window: Window | None, invert: bool) -> Message:
    """The table from index to display value for a window; what was used is said."""
    if shown.frame.color:
        raise errors.Usage("A picture in colour has no window.")
    chosen = window or shown.default
    lut = table(shown.dataset, shown.frame_index, chosen, shown.levels, invert=invert)
    return {"window": window_json(chosen)}, [lut.tobytes()]


def overlays_message(shown: Shown) -> Message:
    """All overlay planes of a frame or-ed: (rows × columns) bytes of 0 and 1."""
    mask = overlay_mask(shown.instance, shown.frame_index, *shown.frame.values.shape[:2])
    return {}, [mask.tobytes()]


def picture_message(
    shown: Shown, window: Window | None, *, invert: bool, overlays: bool, square: bool, even: bool
) -> Message:
    """A picture as exports would encode it: {rows, columns, color} and its gray or RGB bytes."""
    picture = drawn(
        shown, window, invert=invert, overlays=overlays, square=square, even=even
    )  # fmt: skip
    rows, columns = picture.shape[:2]
    told = {"rows": rows, "columns": columns, "color": picture.ndim == 3}
    return told, [np.ascontiguousarray(picture).tobytes()]


def window_json(window: Window) -> dict[str, Any]:
    """A window as it goes over the wire."""
    return {
        "center": window.center,
        "width": window.width,
        "function": window.function,
        "explanation": window.explanation,
        "source": window.source,
        "voi_lut": window.voi_lut,
    }


def window_of(message: dict[str, Any] | None) -> Window | None:
    """A window that came over the wire, or None for the file's own."""
    if message is None:
        return None
    return Window(
        center=float(message["center"]),
        width=float(message["width"]),
        function=message.get("function", "LINEAR"),
        source=message.get("source", "person"),
        voi_lut=message.get("voi_lut"),
    )


def warm() -> None:
    """Loads the codecs themselves, which decoders import only when they are used."""
    import imagecodecs  # noqa: F401
    import PIL.JpegImagePlugin
    import PIL.PngImagePlugin  # noqa: F401
