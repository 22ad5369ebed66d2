"""What a worker of the page calls: named methods over JSON and buffers; knows no browser.

`handle` answers one message. Files come as objects that give slices, so that a header costs a
header; parsed headers and decoded frames are kept in a small bounded cache by the page's own
number of the instance. Whatever needs numpy is imported by the first method that needs it.
"""

import json
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from io import BufferedReader
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol, cast

from dicom_veil import (
    __version__,
    errors,
    tab_audit,
    tab_batch,
    tab_exports,
    tab_masks,
    tab_pictures,
    tab_rules,
    tab_studies,
    tab_text,
)
from dicom_veil.deidentify import deidentify_instance, transform
from dicom_veil.geometry import frame_order
from dicom_veil.identity import Identity
from dicom_veil.importers.ctp import import_ctp
from dicom_veil.importers.kitware import import_kitware
from dicom_veil.inspect import inspect
from dicom_veil.intake.header import header_of, split
from dicom_veil.joined import Positioned
from dicom_veil.methods import METHODS
from dicom_veil.options import OPTIONS
from dicom_veil.patients import Link, links_csv, table_from_text
from dicom_veil.plan import plan
from dicom_veil.presets import PRESETS
from dicom_veil.profile import BUILT_IN, Profile, from_json, load, profile_json, rule_count
from dicom_veil.quiet import quietly
from dicom_veil.read import Instance, read
from dicom_veil.report import report
from dicom_veil.report_forms import as_csv, as_html
from dicom_veil.standard import edition
from dicom_veil.tree import rows
from dicom_veil.write import Range

if TYPE_CHECKING:
    from dicom_veil.shown import Shown

# Bytes: nearly every header is within the first read; who goes on needs more at a time.
HEAD, READ_AHEAD = 1 << 16, 1 << 18
KEPT_INSTANCES = 64
KEPT_FRAMES = 4
KEPT_MASKED = 2  # each may hold its pixels as they were encoded anew

Params = dict[str, Any]
Answer = tuple[Params, list[Any]]


class _Bytes(Protocol):
    def to_bytes(self) -> bytes: ...


class Sliceable(Protocol):
    """A file of the page: its size in bytes, and a way to read any part of it.

    `read` gives at least one byte of what is asked for, and may stop before its end.
    """

    size: int

    def read(self, start: int, end: int) -> _Bytes: ...


class SlicedFile(Positioned):
    """A `Sliceable` as a seekable binary file."""

    name = ""  # pydicom asks every open file for one; what a file is called stays with the page

    def __init__(self, file: Sliceable) -> None:
        super().__init__(int(file.size))
        self._file = file

    def readinto(self, buffer: Any) -> int:
        most = len(buffer) if self._position or self._size <= READ_AHEAD else min(HEAD, len(buffer))
        end = min(self._position + most, self._size)
        if end <= self._position:
            return 0
        data = self._file.read(self._position, end).to_bytes()
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)


@dataclass
class _State:
    """What one worker remembers between messages."""

    identity: Identity | None = None
    build: str = ""
    instances: OrderedDict[str, Instance] = field(default_factory=OrderedDict)
    masked: "OrderedDict[tuple[str, str], Instance]" = field(default_factory=OrderedDict)
    frames: "OrderedDict[tuple[str, str, int], Shown]" = field(default_factory=OrderedDict)


_state = _State()


def handle(method: str, params_json: str, file: Sliceable | None) -> tuple[str, list[Any]]:
    """Answers one message: (result as JSON, buffers). Raises `VeilError` for what can't be."""
    function = _METHODS.get(method)
    if function is None:
        raise errors.Usage("The page asked for something that this core does not know.")
    params = json.loads(params_json)
    result, buffers = function(params, file)
    return json.dumps(result), buffers


def describe(error: BaseException) -> str:
    """An error as it goes over the wire: {code, message, params}, without any value of a file."""
    if isinstance(error, errors.VeilError):
        told: Params = {"code": error.code, "message": str(error), "params": error.params}
        if isinstance(error, errors.Quarantined):
            told["hits"] = [{"where": hit[0], "kind": hit[1]} for hit in error.hits]
        return json.dumps(told)
    kind = type(error).__name__
    return json.dumps(
        {"code": "internal", "message": f"Something unforeseen went wrong ({kind}).", "params": {}}
    )


def _keep(cache: "OrderedDict[Any, Any]", key: Any, value: Any, most: int) -> None:
    cache[key] = value
    cache.move_to_end(key)
    while len(cache) > most:
        cache.popitem(last=False)


def _instance(params: Params, file: Sliceable | None) -> Instance:
    name = str(params["instance"])
    if name in _state.instances:
        _state.instances.move_to_end(name)
        return _state.instances[name]
    instance = read(cast("BinaryIO", _Asked(params, file).content()))
    _keep(_state.instances, name, instance, KEPT_INSTANCES)
    return instance


def _masked(params: Params, file: Sliceable | None) -> Instance:
    """The instance, without the `regions` of its pixels where the message names some."""
    instance = _instance(params, file)
    mask = tab_masks.key_of(params)
    if not mask:
        return instance
    key = (str(params["instance"]), mask)
    if key not in _state.masked:
        _keep(_state.masked, key, tab_masks.masked(instance, params), KEPT_MASKED)
    _state.masked.move_to_end(key)
    return _state.masked[key]


def _shown(params: Params, file: Sliceable | None) -> "Shown":
    from dicom_veil.shown import Shown

    instance = _masked(params, file)
    frame_index = params["frame_index"]
    if frame_index is None:
        frame_index = _first_frame(instance)
    key = (str(params["instance"]), tab_masks.key_of(params), int(frame_index))
    if key not in _state.frames:
        _keep(_state.frames, key, Shown(instance, key[2]), KEPT_FRAMES)
    _state.frames.move_to_end(key)
    return _state.frames[key]


def _first_frame(instance: Instance) -> int:
    """Of the order in which frames belong, which the page learns from `inspect` only."""
    from dicom_veil.decode import frame_count

    return (frame_order(instance.dataset, frame_count(instance.dataset)) or [0])[0]


def _profile(params: Params) -> Profile:
    given = params.get("profile", "basic")
    return from_json(json.dumps(given)) if isinstance(given, dict) else load(str(given))


def _identity() -> Identity:
    if _state.identity is None:
        raise errors.Usage("The page has not given a project key yet.")
    return _state.identity


def _init(params: Params, _file: Sliceable | None) -> Answer:
    from dicom_veil.export import jobs

    patients = params.get("patients")
    table = None if patients is None else table_from_text(str(patients))
    people = {(patient, name): whose for patient, name, whose in params.get("people") or ()}
    _state.identity = Identity(bytes.fromhex(params["key"]), table, people or None)
    _state.build = str(params.get("build", ""))
    profiles = [load(name) for name in BUILT_IN]
    return {
        "version": __version__,
        "edition": edition(),
        "rules": rule_count(profiles[0]),
        "patients": None if table is None else len(table),
        "formats": jobs.formats_json(),
        "presets": [
            {"name": one.name, "label": one.label, "center": one.center, "width": one.width}
            for one in PRESETS
        ],
        "profiles": [profile_json(one) for one in profiles],
        "options": [{"name": one.name, "meaning": one.meaning} for one in OPTIONS.values()],
        "methods": [
            {"name": one.name, "label": one.label, "argument": one.argument, "vrs": sorted(one.vrs)}
            for one in METHODS.values()
        ],
    }, []


def _inspect(params: Params, file: Sliceable | None) -> Answer:
    """What is seen before anything is decided; `brief`: without the list of what identifies."""
    instance = _instance(params, file)
    steps = plan(instance, _profile(params))
    inspection = inspect(instance, steps, brief=bool(params.get("brief")))
    result: Params = {**inspection, "header": None}
    pseudonym = ""
    with suppress(errors.Refused):  # the person's own table does not name this patient
        header = header_of(instance, _identity())
        result["header"], pseudonym = split(header), header.pseudonym
    result["patient"] = {**inspection["patient"], "pseudonym": pseudonym}
    return result, []


def _deidentify(params: Params, file: Sliceable | None) -> Answer:
    instance = _instance(params, file)
    cleaning = tab_masks.cleaning_of(params)
    done = deidentify_instance(
        instance, _profile(params), _identity(), int(params["number"]), cleaning
    )
    row: Params = {**done.row}
    batch = params.get("batch", {})
    if batch:
        from dicom_veil.audit.baseline import describe

        describe(done.row, instance, done.treatment)
        row = {**done.row, "file": str(batch["file"]), "device": int(batch["device"])}
    # As text, which the page reads once: it is the same for a whole series, and not told again
    # to a page that has it.
    row["treatment"] = done.treatment.name
    del row["touched"]
    if batch.get("known") != done.treatment.name:
        row["touched"] = done.treatment.json
    parts: list[Params] = []
    buffers: list[bytes] = []
    for part in done.parts:
        if isinstance(part, Range):
            parts.append({"start": part.start, "end": part.end})
        else:
            parts.append({"buffer": len(buffers)})
            buffers.append(part)
    result: Params = {"row": row, "uid": done.sop_instance_uid, "parts": parts}
    return {**result, "link": list(done.link)}, buffers


def _tags(params: Params, file: Sliceable | None) -> Answer:
    """The whole data set, original beside result."""
    instance = _instance(params, file)
    with quietly():
        steps, dataset, _context = transform(instance, _profile(params), _identity())
    return {"rows": rows(instance, steps, dataset)}, []


def _check_profile(params: Params, _file: Sliceable | None) -> Answer:
    """A profile file, a CTP script or a dicom-anonymizer dictionary, by its text, as a profile."""
    text, kind = str(params["text"]), str(params.get("kind", "veil"))
    if kind == "veil":
        return {"profile": profile_json(from_json(text)), "problems": []}, []
    importer = {"ctp": import_ctp, "kitware": import_kitware}[kind]
    imported = importer(text)
    problems = [asdict(one) for one in imported.problems]
    return {"profile": profile_json(from_json(json.dumps(imported.profile))),
            "problems": problems}, []  # fmt: skip


def _links(params: Params, _file: Sliceable | None) -> Answer:
    """The re-identification table as CSV, which the page encrypts before it gives it out."""
    return {}, [links_csv(Link(*link) for link in params["links"])]


def _report(params: Params, _file: Sliceable | None) -> Answer:
    rows, audit = tab_batch.rows_of(params), params.get("audit")
    review = params.get("review")
    text = report(rows, params["refused"], _profile(params), _state.build, audit, review)
    form = str(params.get("format", "json"))
    if form != "json":
        text = {"csv": as_csv, "html": as_html}[form](json.loads(text))
    return {}, [text.encode("utf-8")]


def _sample(_params: Params, _file: Sliceable | None) -> Answer:
    from dicom_veil.sample import sample_study

    files = sample_study()
    return {"count": len(files)}, list(files)


def _forget(params: Params, _file: Sliceable | None) -> Answer:
    name = str(params["instance"])
    _state.instances.pop(name, None)
    for mask in [key for key in _state.masked if key[0] == name]:
        del _state.masked[mask]
    for frame in [key for key in _state.frames if key[0] == name]:
        del _state.frames[frame]
    return {}, []


@dataclass
class _Asked:
    """One message, with what may be asked about it."""

    params: Params
    file: Sliceable | None

    def identity(self) -> Identity:
        return _identity()

    def profile(self) -> Profile:
        return _profile(self.params)

    def content(self, at_once: int = READ_AHEAD) -> BufferedReader:
        """The file, of which `at_once` bytes are read where fewer are asked for."""
        return BufferedReader(SlicedFile(self._given()), at_once)

    def size(self) -> int:
        """Of the file, in bytes."""
        return int(self._given().size)

    def _given(self) -> Sliceable:
        if self.file is None:
            raise errors.Usage("The page asked about a file without giving it.")
        return self.file

    def instance(self) -> Instance:
        return _masked(self.params, self.file)

    def shown(self) -> "Shown":
        return _shown(self.params, self.file)


def _on_asked(method: Callable[[_Asked], Answer]) -> Callable[[Params, Any], Answer]:
    return lambda params, file: method(_Asked(params, file))


_METHODS: dict[str, Callable[[Params, Sliceable | None], Answer]] = {
    "init": _init,
    "inspect": _inspect,
    "deidentify": _deidentify,
    "sample": _sample,
    "report": _report,
    "tags": _tags,
    "check_profile": _check_profile,
    "links": _links,
    "forget": _forget,
    **{name: _on_asked(method) for name, method in tab_pictures.METHODS.items()},
    **{name: _on_asked(method) for name, method in tab_exports.METHODS.items()},
    **{name: _on_asked(method) for name, method in tab_batch.METHODS.items()},
    **{name: _on_asked(method) for name, method in tab_audit.METHODS.items()},
    **{name: _on_asked(method) for name, method in tab_text.METHODS.items()},
    **{name: _on_asked(method) for name, method in tab_studies.METHODS.items()},
    **{name: _on_asked(method) for name, method in tab_rules.METHODS.items()},
}
