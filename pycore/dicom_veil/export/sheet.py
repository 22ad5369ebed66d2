"""Pictures side by side with captions, as pages of a grid."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

GAP = 4
CAPTION_SHARE = 14  # of a tile's side, one in this many is the height of its letters
SMALLEST_LETTERS = 9
BACKGROUND, LETTERS = "#000000", "#c8c8c8"
A4 = 297 / 210  # height by width
A4_INCHES = 8.27


@dataclass(frozen=True)
class Tile:
    """A picture that is no larger than a tile, and what stands below it."""

    image: "Image"
    caption: str


@dataclass(frozen=True)
class Grid:
    """`columns` tiles of `side` pixels beside each other, each with a line for its caption."""

    columns: int
    side: int
    captions: bool

    @property
    def letters(self) -> int:
        return max(SMALLEST_LETTERS, self.side // CAPTION_SHARE)

    @property
    def step(self) -> tuple[int, int]:
        """From one tile to the next: right, down."""
        line = self.letters * 3 // 2 if self.captions else 0
        return self.side + GAP, self.side + line + GAP

    @property
    def rows_of_a_page(self) -> int:
        """As many as make a page of paper."""
        right, down = self.step
        return max(1, int(self.columns * right * A4) // down)

    def size(self, count: int) -> tuple[int, int]:
        """Width and height in pixels of a page that holds `count` tiles."""
        right, down = self.step
        rows = -(-count // self.columns)
        return min(count, self.columns) * right + GAP, rows * down + GAP


def page(tiles: Sequence[Tile], grid: Grid, *, width: int = 0) -> "Image":
    """One page, gray unless a tile is coloured; at least `width` pixels wide."""
    from PIL import Image, ImageDraw, ImageFont

    mode = "RGB" if any(tile.image.mode == "RGB" for tile in tiles) else "L"
    wide, high = grid.size(len(tiles))
    sheet = Image.new(mode, (max(wide, width), high), BACKGROUND)
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(grid.letters) if grid.captions else None
    right, down = grid.step
    for position, tile in enumerate(tiles):
        left = GAP + position % grid.columns * right
        top = GAP + position // grid.columns * down
        free = grid.side - tile.image.width, grid.side - tile.image.height
        sheet.paste(tile.image, (left + free[0] // 2, top + free[1] // 2))
        if font:
            middle = left + grid.side // 2
            draw.text((middle, top + grid.side + 1), tile.caption, LETTERS, font, "ma")
    return sheet
