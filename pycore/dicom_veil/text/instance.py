"""All text of an instance: every frame, every view of it, judged."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dicom_veil.decode import frame_count
from dicom_veil.read import Instance
from dicom_veil.text.ask import Asking
from dicom_veil.text.boxes import same_line
from dicom_veil.text.clip import Lasting, scan_clip
from dicom_veil.text.judge import Judged, judge, may_identify
from dicom_veil.text.own import own_of
from dicom_veil.text.scan import Found, scan
from dicom_veil.text.views import FrameOf, views


@dataclass(frozen=True)
class Shows:
    """A judged line and the frames that show it, counted from 0, both ends included."""

    judged: Judged
    first_frame: int
    last_frame: int


@dataclass(frozen=True)
class Scanned:
    """What an instance shows. `frames`: the indices that were looked at."""

    frames: tuple[int, ...]
    texts: tuple[Shows, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain data for the screen and for `scan --json`; the readings are what the file shows.

        `may_identify`: nobody who sees the picture may be left able to read it, unless a person
        says that it stays.

        `static`: what every frame shows, which `frames` does not repeat when there are several.
        """
        single = len(self.frames) == 1
        always = [one for one in self.texts if not single and self._always(one)]
        return {
            "scanned": len(self.frames),
            "static": [_json(one.judged) for one in always],
            "frames": [
                {"frame_index": index, "boxes": boxes}
                for index in self.frames
                if (boxes := [
                    _json(one.judged)
                    for one in self.texts
                    if one.first_frame <= index <= one.last_frame and one not in always
                ])
            ],
        }  # fmt: skip

    def _always(self, one: Shows) -> bool:
        return (one.first_frame, one.last_frame) == (self.frames[0], self.frames[-1])


Tell = Callable[[int, int], None]


def scan_instance(
    instance: Instance,
    characters: tuple[str, ...],
    frames: tuple[int, ...] = (),
    tell: Tell = lambda _done, _total: None,
) -> Asking[Scanned]:
    """Scans some frames of an instance, or all. Raises what decoding raises.

    `tell` hears how many of how many frames were begun.
    """
    indices = frames or tuple(range(frame_count(instance.dataset)))
    own = own_of(instance)
    found: list[Lasting] = []
    several = views(instance, list(indices))
    for number, view in enumerate(several):
        heard = _heard(tell, number, len(several))
        seen = yield from _view(view.frame, indices, characters, heard)
        sure = [one for one in seen if one.found.reading.sure >= view.surely]
        found += [one for one in sure if not any(_same(one, other) for other in found)]
    texts = [
        Shows(judge(one.found, own), indices[one.first_frame], indices[one.last_frame])
        for one in found
    ]
    return Scanned(indices, tuple(texts))


def _heard(tell: Tell, number: int, several: int) -> Tell:
    """Frames of one view among several as frames of the whole."""
    return lambda done, total: tell((number * total + done) // several, total)


def _view(
    view: FrameOf, indices: tuple[int, ...], characters: tuple[str, ...], tell: Tell
) -> Asking[list[Lasting]]:
    if len(indices) == 1:
        found: list[Found] = yield from scan(view(indices[0]), characters)
        return [Lasting(one, 0, 0) for one in found]
    lasting: list[Lasting] = yield from scan_clip(
        len(indices), lambda position: view(indices[position]), characters, tell
    )
    return lasting


def _same(one: Lasting, other: Lasting) -> bool:
    return (one.first_frame, one.last_frame) == (other.first_frame, other.last_frame) and same_line(
        one.found.box, other.found.box
    )


def _json(judged: Judged) -> dict[str, Any]:
    box = judged.box
    return {
        "left": box.left, "top": box.top, "right": box.right, "bottom": box.bottom,
        "text": judged.reading.text, "sure": round(judged.reading.sure, 3),
        "kind": judged.kind, "may_identify": may_identify(judged),
        "matches": list(judged.matches), "source": "read",
    }  # fmt: skip
