"""Windows for CT that people know by name; plain data, so that a list of them costs no import."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Preset:
    """A named window in Hounsfield units; `name` is stable, `label` is for people."""

    name: str
    label: str
    center: float
    width: float


PRESETS = (
    Preset("soft-tissue", "Soft tissue", 40, 400),
    Preset("lung", "Lung", -600, 1500),
    Preset("mediastinum", "Mediastinum", 40, 400),
    Preset("bone", "Bone", 400, 1800),
    Preset("bone-wide", "Bone, wide", 480, 2500),
    Preset("brain", "Brain", 40, 80),
    Preset("liver", "Liver", 90, 150),
)
