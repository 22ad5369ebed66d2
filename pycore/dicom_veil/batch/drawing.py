"""What a worker draws of one result: a PNG of each frame, as `export` makes it by default."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from dicom_veil.batch.work import Alive, Handler, Job
from dicom_veil.errors import FileGone, VeilError
from dicom_veil.read import Instance, read
from dicom_veil.storage import Written, reading, write

if TYPE_CHECKING:
    from dicom_veil.window import Window


def endings(frames: int) -> list[str]:
    """What the pictures of an output end with, in the order in which its frames belong.

    >>> endings(1), endings(10)[:2]
    (['.png'], ['-frame-01.png', '-frame-02.png'])
    """
    if frames == 1:
        return [".png"]
    digits = len(str(frames))
    return [f"-frame-{number:0{digits}}.png" for number in range(1, frames + 1)]


class Drawn(NamedTuple):
    """What was made of one result, by how the names end; `frames`: how many it says it has."""

    frames: int
    files: tuple[tuple[str, Written], ...] = ()


@dataclass(frozen=True)
class Draw:
    """Reads a result, and writes a picture of each of its frames that can be decoded.

    The target of a job is what the names of its pictures begin with.
    """

    def begin(self) -> Handler[Drawn]:
        def draw(job: Job, alive: Alive) -> Drawn:
            with reading(job.source.place, whole=True) as file:
                instance = read(file)
                alive()
                if instance.pixels is None or not instance.pixels.length:
                    return Drawn(0)
                return _drawn(instance, job.target, alive)

        return draw


def _drawn(instance: Instance, target: str, alive: Alive) -> Drawn:
    # Pictures need numpy and the codecs, which only workers import.
    from dicom_veil.decode import frame_count
    from dicom_veil.geometry import frame_order

    count = frame_count(instance.dataset)
    held = min(count, _held(instance))
    files: list[tuple[str, Written]] = []
    if not held:
        return Drawn(count)
    order = frame_order(instance.dataset, held) or range(held)
    for ending, content in zip(endings(held), _encoded(instance, order), strict=True):
        if content is not None:
            files.append((ending, write(target + ending, [content], alive)))
        alive()
    return Drawn(count, tuple(files))


def _held(instance: Instance) -> int:
    """The most frames that the pixel data can hold: a header can say any number."""
    from dicom_veil.decode.image_pixel import image_pixel

    pixels = instance.pixels
    assert pixels  # noqa: S101  # it was looked at
    try:
        return pixels.holds(image_pixel(instance.dataset, pixels.tag).frame_bits)
    except VeilError:
        return 0


def _encoded(instance: Instance, order: Sequence[int]) -> Iterator[bytes | None]:
    """A picture of each frame, as `export` makes it by default; None where there cannot be one."""
    from dicom_veil.export.png import FORMAT as PNG
    from dicom_veil.export.steady import Steady

    settings, encode = PNG.settings({}), PNG.encode
    assert encode  # noqa: S101  # a PNG holds one frame
    steady = Steady(None, _automatic(instance, order[len(order) // 2]) if len(order) > 1 else None)
    for index in order:
        try:
            yield encode(steady.shot(instance, index), settings)
        except FileGone:
            raise
        except VeilError:
            yield None


def _automatic(instance: Instance, frame_index: int) -> "Window | None":
    """The window of several frames that have none of their own; None where it cannot be had."""
    from dicom_veil.export.steady import automatic_of
    from dicom_veil.shown import Shown

    try:
        return automatic_of(Shown(instance, frame_index))
    except VeilError:
        return None  # as every other frame, it is asked for once more
