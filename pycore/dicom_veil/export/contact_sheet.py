"""Contact sheet: all pictures of a series at a glance, as one PNG or a PDF of A4 pages.

Captions are the number in the sheet and the position along the normal of the slices: they say
nothing of the patient.
"""

from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO

from dicom_veil import errors
from dicom_veil.export.choices import SEEN, Option, Settings
from dicom_veil.export.format import Format

if TYPE_CHECKING:
    from dicom_veil.export.sheet import Tile
    from dicom_veil.export.shot import Shot

COLUMNS = Option("columns", 6, "pictures beside each other", low=1, high=20)
TILE = Option("tile", 256, "pixels that a picture may be wide and high", low=64, high=1024)
CAPTIONS = Option("captions", True, "leave number and position below the pictures out")
FILE = Option("file", "png", "one PNG, or a PDF of pages", choices=("png", "pdf"))
FILE_TYPES = {"png": (".png", "image/png"), "pdf": (".pdf", "application/pdf")}
MOST_PIXELS = 1 << 28
QUALITY = 95
# What Pillow writes of itself; blanks of the same length leave every position in the file true.
SIGNATURE = b"created by Pillow PDF driver"
SAYS_NOTHING = dict.fromkeys(("title", "creationDate", "modDate", "producer", "creator"))


class SheetWriter:
    """Keeps a tile for each picture, not the picture."""

    def __init__(self, target: BinaryIO, settings: Settings) -> None:
        from dicom_veil.export.sheet import Grid

        self._target, self._settings = target, settings
        self._grid = Grid(
            settings.number("columns"), settings.number("tile"), settings.flag("captions")
        )
        self._tiles: list[Tile] = []

    def add(self, shot: "Shot") -> None:
        """Raises `OutOfRange` when the sheet would be too large."""
        from PIL import Image, ImageOps

        from dicom_veil.export.sheet import Tile

        wide, high = self._grid.size(len(self._tiles) + 1)
        if wide * high > MOST_PIXELS:
            raise errors.OutOfRange("The contact sheet would be too large; choose smaller tiles.")
        picture = Image.fromarray(shot.picture(self._settings))
        image = ImageOps.contain(picture, (self._grid.side,) * 2, Image.Resampling.LANCZOS)
        self._tiles.append(Tile(image, caption(len(self._tiles) + 1, shot)))

    def close(self) -> None:
        if not self._tiles:
            raise errors.OutOfRange("There is no picture to export.")
        if self._settings.choice("file") == "pdf":
            self._target.write(self._pdf())
        else:
            self._target.write(self._png())

    def _png(self) -> bytes:
        import numpy as np

        from dicom_veil.export.png import encode_png
        from dicom_veil.export.sheet import page

        return encode_png(np.asarray(page(self._tiles, self._grid)))

    def _pdf(self) -> bytes:
        """Pages without document information (ISO 32000-1 14.3.3)."""
        from dicom_veil.export.sheet import A4_INCHES, page

        grid = self._grid
        many = grid.columns * grid.rows_of_a_page
        width = grid.size(grid.columns)[0]
        parts = (self._tiles[start : start + many] for start in range(0, len(self._tiles), many))
        first, *others = [page(part, grid, width=width) for part in parts]
        target = BytesIO()
        first.save(
            target, "PDF", save_all=True, append_images=others, resolution=width / A4_INCHES,
            quality=QUALITY, subsampling="4:4:4", **SAYS_NOTHING,
        )  # fmt: skip
        return target.getvalue().replace(SIGNATURE, b" " * len(SIGNATURE), 1)


def caption(number: int, shot: "Shot") -> str:
    """Number in the sheet, and where the slice lies, in mm."""
    from dicom_veil.geometry import place_of

    along = place_of(shot.instance.dataset, shot.frame_index).along
    return f"{number}" if along is None else f"{number}  ·  {along:.1f} mm"


FORMAT = Format(
    "contact-sheet", "Contact sheet", ".png", "image/png", scope="series",
    options=(*SEEN, COLUMNS, TILE, CAPTIONS, FILE), open=SheetWriter,
    mixed=True, file_types=FILE_TYPES,
)  # fmt: skip
