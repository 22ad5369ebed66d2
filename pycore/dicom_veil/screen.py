"""What the page needs of a picture: indices to draw, the table to draw them with, its windows.

The part of `tab` that needs numpy and the codecs; imported with the first picture.
"""

from typing import Any

import numpy as np

from dicom_veil import errors
from dicom_veil.attributes import numbers
from dicom_veil.decode import Frame
from dicom_veil.modality import modality_of
from dicom_veil.picture import indexed, table
from dicom_veil.read import Instance
from dicom_veil.window import Window, auto_window, default_window, file_windows

Message = tuple[dict[str, Any], list[Any]]


def frame_message(instance: Instance, frame: Frame, frame_index: int) -> Message:
    """A frame for the page: {rows, columns, …} and its indices (rows × columns, little endian).

    Colour: RGB bytes (rows × columns × 3), without windows.
    """
    dataset = instance.dataset
    rows, columns = frame.values.shape[:2]
    common = {
        "rows": rows,
        "columns": columns,
        "color": frame.color,
        "pixel_aspect": pixel_aspect(instance),
        "notes": list(frame.notes),
    }
    if frame.color:
        none: dict[str, Any] = {
            "levels": 256,
            "scale": 1,
            "offset": 0,
            "rescale": None,
            "windows": [],
        }
        return {**common, **none, "window": None}, [np.ascontiguousarray(frame.values).tobytes()]
    levels = indexed(frame)
    modality = modality_of(dataset, frame_index)
    linear = modality.table is None
    automatic = auto_window(dataset, frame, frame_index, levels)
    offered = file_windows(dataset, frame_index)
    indices = levels.indices.astype(levels.indices.dtype.newbyteorder("<"), copy=False)
    return {
        **common,
        "levels": levels.levels,
        "scale": levels.scale,
        "offset": levels.offset,
        "rescale": {
            "slope": modality.slope,
            "intercept": modality.intercept,
            "unit": modality.unit,
        }
        if linear
        else None,
        "windows": [window_json(window) for window in (*offered, automatic)],
        "window": window_json((*offered, automatic)[0]),
        "notes": [*frame.notes, *levels.notes],
    }, [np.ascontiguousarray(indices).tobytes()]


def lut_message(
    instance: Instance, frame: Frame, frame_index: int, window: Window | None, invert: bool
) -> Message:
    """The table from index to display value for a window; what was used is said."""
    if frame.color:
        raise errors.Usage("A picture in colour has no window.")
    levels = indexed(frame)
    chosen = window or default_window(instance.dataset, frame, frame_index, levels)
    lut = table(instance.dataset, frame_index, chosen, levels, invert=invert)
    return {"window": window_json(chosen)}, [lut.tobytes()]


def pixel_aspect(instance: Instance) -> list[float]:
    """How high and how wide one pixel is, as [vertical, horizontal] (PS3.3 C.7.6.3.1.7).

    Pixel Spacing and its kin are in mm, row spacing first; Pixel Aspect Ratio is a plain ratio.
    """
    for keyword in ("PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing",
                    "PixelAspectRatio"):  # fmt: skip
        found = numbers(instance.dataset, keyword)
        if len(found) == 2 and min(found) > 0:
            return list(found)
    return [1.0, 1.0]


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
