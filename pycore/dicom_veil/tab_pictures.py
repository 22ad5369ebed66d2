"""The methods of `tab` that are about pictures; numpy comes with the first one that is called."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from dicom_veil import errors
from dicom_veil.geometry import Place, order
from dicom_veil.read import Instance
from dicom_veil.video import stream_ranges, video_of

if TYPE_CHECKING:
    from dicom_veil.shown import Shown
    from dicom_veil.window import Window

Params = dict[str, Any]
Answer = tuple[Params, list[Any]]


class Asked(Protocol):
    """What a message is about: its parameters, and the instance and frame that they name."""

    params: Params

    def instance(self) -> Instance: ...

    def shown(self) -> "Shown": ...


def _frame(asked: Asked) -> Answer:
    """A frame (`frame_index` null: the first of its order), with the `table` that is asked for.

    `table` {window, invert}: what `lut` would be asked next, for one message less.
    """
    from dicom_veil import screen

    shown = asked.shown()
    told, buffers = screen.frame_message(shown)
    told["frame_index"] = shown.frame_index
    table = asked.params.get("table")
    if table is None or shown.frame.color:
        return told, buffers
    window = screen.window_of(table["window"])
    told["made"], made = screen.lut_message(shown, window, bool(table["invert"]))
    return told, [*buffers, *made]


def _lut(asked: Asked) -> Answer:
    from dicom_veil import screen

    return screen.lut_message(asked.shown(), window_of(asked), flag_of(asked, "invert"))


def _overlays(asked: Asked) -> Answer:
    from dicom_veil import screen

    return screen.overlays_message(asked.shown())


def _picture(asked: Asked) -> Answer:
    from dicom_veil import screen

    wishes = {name: flag_of(asked, name) for name in ("invert", "overlays", "square", "even")}
    return screen.picture_message(asked.shown(), window_of(asked), **wishes)


def _video(asked: Asked) -> Answer:
    """Where the stream lies in the file, for the browser's own decoder."""
    instance = asked.instance()
    video = video_of(instance)
    if video is None:
        raise errors.Usage("This instance holds no video stream.")
    parts = [{"start": start, "end": end} for start, end in stream_ranges(instance)]
    return {**vars(video), "parts": parts}, []


def _order(asked: Asked) -> Answer:
    """How a series is leafed through, from the `place` of each of its instances."""
    places = [
        Place(
            orientation=tuple(one["orientation"]) if one["orientation"] else None,
            along=one["along"],
            temporal=one["temporal"],
            number=one["number"],
        )
        for one in asked.params["places"]
    ]
    return {"order": order(places)}, []


def _warm(_asked: Asked) -> Answer:
    """Imports what pictures need, ahead of the first one."""
    from dicom_veil import screen

    screen.warm()
    return {}, []


def flag_of(asked: Asked, name: str) -> bool:
    return bool(asked.params.get(name))


def window_of(asked: Asked) -> "Window | None":
    """The window that was asked for; None is the file's own or the automatic one."""
    from dicom_veil import screen

    return screen.window_of(asked.params.get("window"))


METHODS: dict[str, Callable[[Asked], Answer]] = {
    "frame": _frame,
    "lut": _lut,
    "overlays": _overlays,
    "picture": _picture,
    "video": _video,
    "order": _order,
    "warm": _warm,
}
