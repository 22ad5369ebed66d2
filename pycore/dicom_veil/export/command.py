"""The command `export`: inputs → files without any metadata, named by number."""

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO

from dicom_veil.decode import frame_count
from dicom_veil.errors import Usage, VeilError
from dicom_veil.exits import DONE, SOME_REFUSED
from dicom_veil.export import Format, Settings, format_of
from dicom_veil.export.arguments import chosen
from dicom_veil.export.outputs import Archive, Folder, Outputs, draft
from dicom_veil.export.series import Member, grouped, member_of
from dicom_veil.export.shot import Shot
from dicom_veil.export.steady import Steady, automatic_of
from dicom_veil.geometry import frame_order
from dicom_veil.intake.find import Found, find
from dicom_veil.intake.source import Reader
from dicom_veil.naming import called
from dicom_veil.presets import PRESETS
from dicom_veil.read import Instance, read
from dicom_veil.shown import Shown
from dicom_veil.window import Window

EVERY = 0


@dataclass
class Run:
    """One call of the command: what was asked for, and what came of it so far."""

    format: Format
    settings: Settings
    window: Window | None
    frame: int | None  # from 1; EVERY; None where nothing was said
    inputs: Sequence[Found]
    outputs: Outputs
    options: argparse.Namespace
    reader: Reader = field(default_factory=Reader)
    written: int = 0
    refused: int = 0

    def refuse(self, label: str, error: VeilError) -> None:
        """Names what was refused; nothing else is harmed."""
        if isinstance(error, Usage):
            raise error
        print(f"{label}: {error}", file=sys.stderr)
        self.refused += 1

    def called(self, number: int) -> str:
        """Input `number`, from 1."""
        return called(number, len(self.inputs), self.inputs[number - 1].label, self.options)

    def automatic(self, instance: Instance, frame_index: int) -> Window | None:
        """What frames without a window are seen with, in a file of several pictures."""
        if self.window or self.format.as_values:
            return None
        return automatic_of(Shown(instance, frame_index))

    def wanted(self, instance: Instance) -> Sequence[int]:
        """The frames to export, in order (as they are stored, for arrays of values)."""
        count = frame_count(instance.dataset)
        frame = self.frame
        if frame is None:
            frame = EVERY if self.format.open else 1
        if frame != EVERY:
            return (frame - 1,)
        ordered = None if self.format.as_stored else frame_order(instance.dataset, count)
        return ordered or range(count)


def export(options: argparse.Namespace) -> int:
    """Exit status: 0, or 1 where something was refused."""
    form = format_of(options.format)
    settings = form.settings(chosen(options))
    by_series = form.scope == "series" or options.series
    if by_series and form.open is None:
        raise Usage(f"A file of {form.label} holds one picture, not a series.")
    if by_series and options.frame:
        raise Usage("One frame is no series; leave --frame out.")
    inputs = list(find(map(str, options.paths)))
    if not inputs:
        raise Usage("The paths hold no file.")
    outputs = (Archive if options.zip else Folder)(options.output, force=options.force)
    extension, _ = form.file_type(settings)
    stem = "SER-" if by_series else "IMG-"
    if not options.zip and not options.force:
        _check_free(options, stem, extension, len(inputs))
    run = Run(form, settings, _window(options), options.frame, inputs, outputs, options)
    try:
        (_export_series if by_series else _export_each)(run, extension)
    finally:
        run.reader.close()
        outputs.close()  # what was finished is kept, also when the person stops it
    print(f"{run.written} files written, {run.refused} refused.", file=sys.stderr)
    return SOME_REFUSED if run.refused else DONE


def _check_free(options: argparse.Namespace, stem: str, extension: str, count: int) -> None:
    """Nothing is begun where a file of an earlier run would be in the way."""
    names = {f"{stem}{number:05d}" for number in range(1, count + 1)}
    for path in sorted(options.output.glob(f"{stem}*{extension}")):
        if path.name[: len(stem) + 5] in names:
            raise Usage(f"{path.name} exists in the output folder; --force replaces it.")


def _window(options: argparse.Namespace) -> Window | None:
    if options.window:
        center, width = options.window
        return Window(center, width, source="person")
    for preset in PRESETS:
        if preset.name == options.preset:
            return Window(preset.center, preset.width, source="preset")
    return None


def _export_each(run: Run, extension: str) -> None:
    """Every input by itself."""
    for number, found in enumerate(run.inputs, 1):
        try:
            if found.error:
                raise found.error
            with run.reader.opened(found.source, whole=True) as file:
                _export_one(run, read(file), f"IMG-{number:05d}", extension)
        except VeilError as error:
            run.refuse(run.called(number), error)


def _export_one(run: Run, instance: Instance, stem: str, extension: str) -> None:
    """One file for each frame wanted, or one of all of them."""
    wanted = run.wanted(instance)
    encode = run.format.encode
    if encode is None:
        middle = wanted[len(wanted) // 2]
        steady = Steady(run.window, run.automatic(instance, middle))
        _write(run, stem + extension, (steady.shot(instance, index) for index in wanted))
        return
    several = run.frame == EVERY and frame_count(instance.dataset) > 1
    for index in wanted:
        suffix = f"-{index + 1:04d}" if several else ""
        content = encode(Shot(instance, index, run.window), run.settings)
        run.outputs.put(f"{stem}{suffix}{extension}", BytesIO(content))
        run.written += 1


def _write(run: Run, name: str, shots: Iterable[Shot]) -> None:
    """One file of several frames. Raises `OutOfRange` where they make none."""
    if run.format.open is None:
        raise Usage(f"A file of {run.format.label} holds one picture.")
    with draft() as target:
        writer = run.format.open(target, run.settings)
        for shot in shots:
            writer.add(shot)
        writer.close()
        run.outputs.put(name, target)
    run.written += 1


def _export_series(run: Run, extension: str) -> None:
    """One file for each series, or each part of one that can be a film or a volume."""
    members: list[Member] = []
    for number, found in enumerate(run.inputs):
        try:
            if found.error:
                raise found.error
            with run.reader.opened(found.source) as file:
                members.append(member_of(number, read(file), mixed=run.format.mixed))
        except VeilError as error:
            run.refuse(run.called(number + 1), error)
    for position, group in enumerate(grouped(members), 1):
        name = f"SER-{position:05d}{extension}"
        try:
            _write(run, name, _decoded(run, group))
        except VeilError as error:
            run.refuse(name, error)


def _decoded(run: Run, group: Sequence[Member]) -> Iterator[Shot]:
    """The frames of a series; inputs that cannot be decoded are named and left out."""
    steady = Steady(run.window, _automatic(run, group))
    for member in group:
        found = run.inputs[member.number]
        try:
            with run.reader.opened(found.source, whole=True) as file:
                instance = read(file)
                for index in member.frames:
                    yield steady.shot(instance, index)
        except VeilError as error:
            run.refuse(run.called(member.number + 1), error)


def _automatic(run: Run, group: Sequence[Member]) -> Window | None:
    """The automatic window of the frame in the middle; None where it cannot be had."""
    member = group[len(group) // 2]
    try:
        with run.reader.opened(run.inputs[member.number].source) as file:
            return run.automatic(read(file), member.frames[len(member.frames) // 2])
    except VeilError:
        return None  # said when its turn comes
