"""The fonts that text is drawn in; `environment.py` installs them, tests without one skip."""

from pathlib import Path

FOLDER = Path("/usr/share/fonts")
# Path, and the sizes that a font of pixels is drawn in, without smoothing; others take any size.
FONTS: list[tuple[str, tuple[int, ...]]] = [
    ("truetype/dejavu/DejaVuSans.ttf", ()),
    ("truetype/dejavu/DejaVuSansMono.ttf", ()),
    ("truetype/liberation/LiberationSans-Regular.ttf", ()),
    ("truetype/liberation/LiberationSansNarrow-Bold.ttf", ()),
    ("truetype/freefont/FreeSerif.ttf", ()),
    ("truetype/roboto/unhinted/RobotoTTF/Roboto-Regular.ttf", ()),
    ("truetype/hack/Hack-Regular.ttf", ()),
    ("truetype/inconsolata/Inconsolata.otf", ()),
    ("truetype/3270/3270-Regular.ttf", ()),
    ("truetype/terminus/TerminusTTF-4.46.0.ttf", (12, 14, 16, 18, 20, 22, 24, 28, 32)),
    ("opentype/spleen/spleen-8x16.otf", (16, 32)),
    ("truetype/glasstty/Glass_TTY_VT220.ttf", (20, 40)),
    ("opentype/unifont/unifont.otf", (16, 32)),
    ("truetype/proggy/ProggyTiny.ttf", (16,)),
]


def missing() -> list[str]:
    """Paths of fonts that are not here."""
    return [path for path, _ in FONTS if not (FOLDER / path).is_file()]
