"""Exports for the page: one picture at once, or files that are collected frame by frame.

Messages are plain JSON values. A job lives in the worker that began it, until it is finished or
cancelled; what one frame does wrong leaves its job as it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from dicom_veil import errors
from dicom_veil.export import FORMATS, Format, Option, Settings, Writer, format_of

if TYPE_CHECKING:
    from dicom_veil.export.shot import Shot

Answer = tuple[dict[str, Any], list[Any]]
# Each holds a file in memory.
MOST_JOBS = 8


@dataclass
class Job:
    """A file in the making."""

    format: Format
    settings: Settings
    target: BytesIO
    writer: Writer
    count: int = 0


_jobs: dict[str, Job] = {}


def format_json(one: Format) -> dict[str, Any]:
    """A format as the page gets it."""
    return {
        "name": one.name,
        "label": one.label,
        "extension": one.extension,
        "mime_type": one.mime_type,
        "scope": one.scope,
        "made_by": one.made_by,
        "mixed": one.mixed,
        "as_stored": one.as_stored,
        "options": [_option_json(option) for option in one.options],
    }


def formats_json() -> list[dict[str, Any]]:
    return [format_json(one) for one in FORMATS]


def _option_json(option: Option) -> dict[str, Any]:
    told: dict[str, Any] = {"name": option.name, "kind": option.kind, "default": option.default}
    if option.kind == "int":
        told |= {"low": option.low, "high": option.high}
    if option.kind == "choice":
        told["choices"] = list(option.choices)
    return told


def one(shot: "Shot", name: str, options: Mapping[str, object]) -> Answer:
    """One frame as a file: {extension, mime_type} and its bytes."""
    chosen = format_of(name)
    settings = chosen.settings(options)
    if chosen.encode:
        content: bytes | memoryview = chosen.encode(shot, settings)
    else:
        job = _job(chosen, settings)
        job.writer.add(shot)
        content = _closed(job)
    return _told(chosen, settings), [content]


def start(name: str, options: Mapping[str, object]) -> Answer:
    """Begins a file of several frames: {job}."""
    if len(_jobs) >= MOST_JOBS:
        raise errors.Usage("Too many exports were begun and not finished.")
    chosen = format_of(name)
    number = str(max((int(key) for key in _jobs), default=0) + 1)
    _jobs[number] = _job(chosen, chosen.settings(options))
    return {"job": number}, []


def add(number: str, shot: "Shot") -> Answer:
    """The next frame: {count}, of those that it has now."""
    job = _known(number)
    job.writer.add(shot)
    job.count += 1
    return {"count": job.count}, []


def finish(number: str) -> Answer:
    """The file: {extension, mime_type} and its bytes. Whatever happens, the job is over."""
    job = _known(number)
    del _jobs[number]
    return _told(job.format, job.settings), [_closed(job)]


def cancel(number: str) -> Answer:
    """Forgets a job; one that is not there is cancelled already."""
    _jobs.pop(number, None)
    return {}, []


def _known(number: str) -> Job:
    if number not in _jobs:
        raise errors.Usage("That export was never begun, or it is over.")
    return _jobs[number]


def _job(chosen: Format, settings: Settings) -> Job:
    if chosen.open is None:
        raise errors.Usage(f"A file of {chosen.label} holds one picture.")
    if chosen.made_by == "browser":
        raise errors.Usage(f"{chosen.label} is made by the browser.")
    target = BytesIO()
    return Job(chosen, settings, target, chosen.open(target, settings))


def _closed(job: Job) -> memoryview:
    job.writer.close()
    return job.target.getbuffer()


def _told(chosen: Format, settings: Settings) -> dict[str, Any]:
    extension, mime_type = chosen.file_type(settings)
    return {"extension": extension, "mime_type": mime_type}
