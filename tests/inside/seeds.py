"""Small sound instances of every transfer syntax that is decoded, for damaging them."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from tests.core.make import encapsulated, header, instance
from tests.core.test_decode_formats import deflate, rle

ROWS, COLUMNS = 40, 48
Array = NDArray[Any]


def gray(bits: int) -> Array:
    """A slope with noise: long and short codes."""
    y, x = np.mgrid[:ROWS, :COLUMNS]
    noise = np.random.default_rng(3).integers(0, 1 << (bits - 4), (ROWS, COLUMNS))
    top = (1 << bits) - 1
    return np.clip(x * top // 90 + y * top // 90 + noise, 0, top).astype(
        np.uint8 if bits <= 8 else np.uint16
    )


def rgb() -> Array:
    return np.stack([gray(8), gray(8)[::-1], gray(8)[:, ::-1]], axis=-1)


def gray_header(bits: int) -> Any:
    allocated = 8 if bits <= 8 else 16
    return header(ROWS, COLUMNS, BitsAllocated=allocated, BitsStored=bits, HighBit=bits - 1)


def rgb_header() -> Any:
    return header(
        ROWS, COLUMNS, SamplesPerPixel=3, PhotometricInterpretation="RGB", PlanarConfiguration=0,
        BitsAllocated=8, BitsStored=8, HighBit=7,
    )  # fmt: skip


def pillow(values: Array, **options: Any) -> bytes:
    target = BytesIO()
    Image.fromarray(values).save(target, "JPEG", quality=90, **options)
    return target.getvalue()


def lossless_jpeg(values: Array, predictor: int) -> bytes:
    bits = values.dtype.itemsize * 8
    spaces = {"colorspace": "RGB", "outcolorspace": "RGB"} if values.ndim == 3 else {}
    return bytes(
        imagecodecs.jpeg8_encode(
            values, lossless=True, predictor=predictor, bitspersample=bits, **spaces
        )
    )


def planes(values: Array) -> bytes:
    """RLE: each byte of each sample by itself, the most significant first."""
    if values.ndim == 3:
        return rle([values[..., sample].tobytes() for sample in range(values.shape[2])])
    if values.dtype.itemsize == 1:
        return rle([values.tobytes()])
    return rle(
        [(values >> 8).astype(np.uint8).tobytes(), (values & 255).astype(np.uint8).tobytes()]
    )


Encoder = Callable[[Array], bytes]
DEEP: dict[str, Encoder] = {
    "1.2.840.10008.1.2.5": planes,
    "1.2.840.10008.1.2.4.57": lambda v: lossless_jpeg(v, 6),
    "1.2.840.10008.1.2.4.70": lambda v: lossless_jpeg(v, 1),
    "1.2.840.10008.1.2.4.80": imagecodecs.jpegls_encode,
    "1.2.840.10008.1.2.4.81": lambda v: imagecodecs.jpegls_encode(v, level=2),
    "1.2.840.10008.1.2.4.90": lambda v: imagecodecs.jpeg2k_encode(v, codecformat="j2k", level=0),
    "1.2.840.10008.1.2.4.91": lambda v: imagecodecs.jpeg2k_encode(v, codecformat="j2k", level=40),
    "1.2.840.10008.1.2.4.92": lambda v: imagecodecs.jpeg2k_encode(v, codecformat="jp2", level=0),
    "1.2.840.10008.1.2.4.93": lambda v: imagecodecs.jpeg2k_encode(v, codecformat="jp2", level=40),
    "1.2.840.10008.1.2.4.201": imagecodecs.htj2k_encode,
    "1.2.840.10008.1.2.4.202": imagecodecs.htj2k_encode,
    "1.2.840.10008.1.2.4.203": lambda v: imagecodecs.htj2k_encode(v, reversible=False),
    "1.2.840.10008.1.2.4.110": lambda v: imagecodecs.jpegxl_encode(v, lossless=True),
    "1.2.840.10008.1.2.4.112": lambda v: imagecodecs.jpegxl_encode(v, level=90),
    "1.2.840.10008.1.2.8.1": lambda v: deflate(v.tobytes()),
    "1.2.840.10008.1.2.1.98": lambda v: v.tobytes(),
}  # fmt: skip
EIGHT: dict[str, Encoder] = {
    "1.2.840.10008.1.2.4.50": lambda v: pillow(
        v, **({"subsampling": "4:2:0"} if v.ndim == 3 else {})
    ),
    "1.2.840.10008.1.2.4.51": pillow,
    "1.2.840.10008.1.2.4.53": lambda v: pillow(v, progressive=True),
    "1.2.840.10008.1.2.4.55": lambda v: pillow(v, progressive=True, optimize=True),
    "1.2.840.10008.1.2.4.111": lambda v: imagecodecs.jpegxl_encode_jpeg(pillow(v)),
}
TWELVE: dict[str, Encoder] = {
    "1.2.840.10008.1.2.4.51": lambda v: imagecodecs.jpeg8_encode(v, level=90, bitspersample=12),
}
PLAIN = ("1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99",
         "1.2.840.10008.1.2.2")  # fmt: skip
LOSSLESS = frozenset({*DEEP} - {f"1.2.840.10008.1.2.4.{n}" for n in (81, 91, 93, 203, 112)})


def write_all(folder: Path) -> int:
    """Writes every seed as UID-picture.dcm; how many transfer syntaxes there are."""
    kinds = (
        (DEEP, "gray16", gray(16), gray_header(16)),
        (DEEP, "rgb", rgb(), rgb_header()),
        (EIGHT, "gray8", gray(8), gray_header(8)),
        (EIGHT, "rgb", rgb(), rgb_header()),
        (TWELVE, "gray12", gray(12), gray_header(12)),
    )
    for encoders, name, values, head in kinds:
        for uid, encode in encoders.items():
            coded = bytes(encode(values))
            made = encapsulated(head.copy(), [coded + bytes(len(coded) % 2)], uid)
            (folder / f"{uid}-{name}.dcm").write_bytes(_bytes(made))
    for uid in PLAIN:
        order = ">" if uid.endswith("2.2") else "<"
        cells = gray(16).astype(f"{order}u2").tobytes()
        made = instance(gray_header(16), cells, transfer_syntax=uid)
        (folder / f"{uid}-gray16.dcm").write_bytes(_bytes(made))
    return len({*DEEP, *EIGHT, *TWELVE, *PLAIN})


def _bytes(made: Any) -> bytes:
    made.body.seek(0)
    return bytes(made.body.read())
