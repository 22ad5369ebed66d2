"""The methods of `tab` that look for text; numpy comes with the first one that is called.

`scan_start`, `scan_answer` and `scan_on` reply with `{job, more, progress: {done, total}}` and, if
a model is to be run, `{ask, model, shape}` and its input (bytes) as a buffer; or with `{job, done:
result}`. With `more`, a `scan_on` goes on with what needs no answer, and may tell what is to be run
at the same time. The answer to an ask (float32, little endian) is the "file" of a `scan_answer`,
its number and shape are parameters; they may come in any order.
"""

from collections.abc import Callable
from typing import Any, BinaryIO, Protocol

from dicom_veil.read import Instance

Params = dict[str, Any]
Answer = tuple[Params, list[Any]]


class Asked(Protocol):
    """What a message is about: its parameters, the instance, and the bytes that came with it."""

    params: Params

    def instance(self) -> Instance: ...

    def content(self) -> BinaryIO: ...


def _start(asked: Asked) -> Answer:
    """Scans `frames` (indices), one `frame_index`, or all frames."""
    from dicom_veil.text import jobs

    params = asked.params
    frames = [params["frame_index"]] if "frame_index" in params else params.get("frames") or []
    return jobs.start(asked.instance(), tuple(int(index) for index in frames))


def _answer(asked: Asked) -> Answer:
    from dicom_veil.text import jobs

    shape = [int(side) for side in asked.params["shape"]]
    number, ask = str(asked.params["job"]), int(asked.params["ask"])
    return jobs.answer(number, ask, shape, asked.content().read())


def _on(asked: Asked) -> Answer:
    from dicom_veil.text import jobs

    return jobs.go_on(str(asked.params["job"]))


def _cancel(asked: Asked) -> Answer:
    from dicom_veil.text import jobs

    jobs.cancel(str(asked.params["job"]))
    return {}, []


METHODS: dict[str, Callable[[Asked], Answer]] = {
    "scan_start": _start,
    "scan_answer": _answer,
    "scan_on": _on,
    "scan_cancel": _cancel,
}
