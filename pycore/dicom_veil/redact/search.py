"""`--clean-pixels`: what is searched and removed in one instance, and the proof that it is gone."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from dicom_veil.devices.rules import DeviceRule, known_rules, load, regions_of
from dicom_veil.errors import Quarantined, Unsupported, Usage
from dicom_veil.read import Instance
from dicom_veil.redact.region import Cleaning, Region

if TYPE_CHECKING:
    from dicom_veil.text.ask import Ask, Tensor
    from dicom_veil.text.instance import Scanned, Shows

Mode = Literal["default", "strict", "rules"]
COVERED = 0.5  # of a line: it is the one that stood there before
Hits = tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class PixelPlan:
    """What a person asked for.

    `default`: all text that is not clearly technical goes, and what the known rules of devices
    say; `strict`: all text, and that; `rules`: what `rules` of the person's own say, and nothing
    else: nobody then decided on what else may be read, so the result does not say that its pixels
    are clean. All three are proven by searching again.
    """

    mode: Mode
    rules: tuple[DeviceRule, ...] = ()

    def fingerprint(self) -> str:
        """The same for two plans that do the same: a run is only gone on with by the same plan."""
        return json.dumps([self.mode, [repr(rule) for rule in self.rules]])


def plan_of(argument: str) -> PixelPlan:
    """The plan that an argument of the command line names. Raises `Usage`."""
    if argument == "default":
        return PixelPlan("default", known_rules())
    if argument == "strict":
        return PixelPlan("strict", known_rules())
    if not argument.endswith(".json"):
        raise Usage("--clean-pixels takes default, strict, or a file of rules (.json).")
    return PixelPlan("rules", load(Path(argument)))


class Search:
    """Runs the models. Raises `Usage` where one does not load: that is never taken for clean."""

    def __init__(self, plan: PixelPlan) -> None:
        from dicom_veil.text.native import runner

        self._plan = plan
        try:
            self._run, self._characters = runner()
        except Unsupported as error:
            raise Usage(f"{error} Without it no pixels can be searched.") from error

    def cleaning(
        self, instance: Instance, alive: Callable[[], None] = lambda: None
    ) -> Cleaning | None:
        """What is to go from an instance; None where it has no pixels.

        Raises what decoding raises: pixels that cannot be searched are not clean.
        """
        if instance.pixels is None:
            return None
        counts: Counter[str] = Counter()
        regions = list(regions_of(instance, self._plan.rules))
        if regions:
            counts["rule"] = len(regions)
        stays: list[Shows] = []
        if self._plan.mode != "rules":
            for one in self._scanned(instance, alive).texts:
                if self._goes(one):
                    regions.append(_region(one))
                    counts[f"read: {one.judged.kind}"] += 1
                else:
                    stays.append(one)

        def prove(made: Instance) -> Hits:
            return self._legible(made, alive, stays)

        rules_alone = self._plan.mode == "rules"
        if rules_alone and not regions and (legible := prove(instance)):
            raise Quarantined(legible)
        return Cleaning(tuple(regions), dict(counts), checked=not rules_alone, prove=prove)

    def _goes(self, one: "Shows") -> bool:
        from dicom_veil.text.judge import removed_by_default

        return removed_by_default(one.judged, strict=self._plan.mode == "strict")

    def _legible(self, made: Instance, alive: Callable[[], None], stays: Sequence["Shows"]) -> Hits:
        """What can still be read in pixels that were cleaned: where, and its class.

        `stays`: what was technical before. Read again, it may be nothing that is known.
        """
        from dicom_veil.text.judge import may_identify

        return tuple(
            (_where(one), one.judged.kind, "pixels")
            for one in self._scanned(made, alive).texts
            if self._plan.mode == "strict"
            or (
                may_identify(one.judged)
                and not (one.judged.kind == "unknown" and any(_was(one, other) for other in stays))
            )
        )

    def _scanned(self, instance: Instance, alive: Callable[[], None]) -> "Scanned":
        from dicom_veil.text.ask import answered
        from dicom_veil.text.instance import scan_instance

        def run(ask: "Ask") -> "Tensor":
            alive()
            return self._run(ask)

        return answered(scan_instance(instance, self._characters), run)


def _region(one: "Shows") -> Region:
    box = one.judged.box
    return Region(box.left, box.top, box.right, box.bottom, one.first_frame, one.last_frame)


def _was(one: "Shows", other: "Shows") -> bool:
    """Whether a line lies where, and only in frames in which, another stood."""
    box, before = one.judged.box, other.judged.box
    within = other.first_frame <= one.first_frame and one.last_frame <= other.last_frame
    return within and before.common(box) >= COVERED * box.area


def _where(one: "Shows") -> str:
    box = one.judged.box
    frames = f"frame {one.first_frame + 1}"
    if one.last_frame != one.first_frame:
        frames = f"frames {one.first_frame + 1} to {one.last_frame + 1}"
    return f"{frames}, pixels {box.left},{box.top} to {box.right},{box.bottom}"
