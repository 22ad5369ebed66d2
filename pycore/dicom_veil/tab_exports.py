"""The methods of `tab` that make files of pictures; numpy comes with the first frame."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from dicom_veil.tab_pictures import Answer, Asked, flag_of, window_of

if TYPE_CHECKING:
    from dicom_veil.export.shot import Shot


def _shot(asked: Asked) -> "Shot":
    from dicom_veil.export.shot import Shot

    shown = asked.shown()
    window, invert = window_of(asked), flag_of(asked, "invert")
    return Shot(shown.instance, shown.frame_index, window, invert, shown)


def _export(asked: Asked) -> Answer:
    """One picture as a file."""
    from dicom_veil.export import jobs

    return jobs.one(_shot(asked), str(asked.params["format"]), asked.params.get("options", {}))


def _start(asked: Asked) -> Answer:
    from dicom_veil.export import jobs

    return jobs.start(str(asked.params["format"]), asked.params.get("options", {}))


def _add(asked: Asked) -> Answer:
    from dicom_veil.export import jobs

    return jobs.add(str(asked.params["job"]), _shot(asked))


def _finish(asked: Asked) -> Answer:
    from dicom_veil.export import jobs

    return jobs.finish(str(asked.params["job"]))


def _window(asked: Asked) -> Answer:
    """The window for all frames of a film whose frames have none; null where they have their own.

    Asked of the frame in the middle.
    """
    from dicom_veil.export.steady import automatic_of
    from dicom_veil.screen import window_json

    shown = asked.shown()
    found = automatic_of(shown)
    return {"window": window_json(found) if found else None}, []


def _cancel(asked: Asked) -> Answer:
    from dicom_veil.export import jobs

    return jobs.cancel(str(asked.params["job"]))


METHODS: dict[str, Callable[[Asked], Answer]] = {
    "export": _export,
    "export_start": _start,
    "export_add": _add,
    "export_finish": _finish,
    "export_cancel": _cancel,
    "export_window": _window,
}
