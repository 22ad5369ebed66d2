"""JPEG XL: lossless, recompressed JPEG, and lossy (PS3.5 8.2.17; ISO/IEC 18181).

A recompressed JPEG is given back as the JPEG that it was, bit by bit, and decoded as such: so the
pixels are those of the JPEG, and the same wherever they are decoded.
"""

from dicom_veil.codestream.boxes import boxes_of, magic
from dicom_veil.decode import jpeg
from dicom_veil.decode.image_pixel import ImagePixel
from dicom_veil.decode.plugin import Damage, Decoded, check_size

TRANSFER_SYNTAXES: tuple[str, ...] = (
    "1.2.840.10008.1.2.4.110",
    "1.2.840.10008.1.2.4.111",
    "1.2.840.10008.1.2.4.112",
)
SIGNATURE = b"\xff\x0a"
# ISO/IEC 18181-1 table D.2: widths of the numbers of a size, and widths as parts of the height.
NUMBER_BITS = (9, 13, 18, 30)
RATIOS = ((1, 1), (6, 5), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))


def decode(codestream: bytes, image: ImagePixel) -> Decoded:
    """One frame; colour comes as RGB, whatever transform the codestream used."""
    from imagecodecs import jpegxl_decode, jpegxl_decode_jpeg

    boxes = {kind: body for kind, body in _boxes(codestream).items() if body}
    if b"jbrd" in boxes:
        return jpeg.decode(bytes(jpegxl_decode_jpeg(codestream, numthreads=1)), image)
    rows, columns = size_of(boxes.get(b"jxlc") or boxes.get(b"jxlp", b"")[4:] or codestream)
    if rows * columns != image.rows * image.columns:  # before memory is taken for it
        check_size(image, rows, columns, image.samples)
    values = jpegxl_decode(codestream)
    if values.ndim == 3 and values.shape[2] == 1:
        values = values[:, :, 0]
    samples = values.shape[2] if values.ndim == 3 else 1
    check_size(image, values.shape[0], values.shape[1], samples)
    return Decoded(
        values,
        sign_bits=image.bits_stored,
        photometric="RGB" if samples == 3 else "",
    )


def _boxes(codestream: bytes) -> dict[bytes, bytes]:
    """The first box of each kind, where the codestream is in a container."""
    found: dict[bytes, bytes] = {}
    if magic.match(codestream):
        for kind, _, start, end in boxes_of(codestream):
            found.setdefault(kind, codestream[start:end])
    return found


def size_of(codestream: bytes) -> tuple[int, int]:
    """Rows and columns by the size header (18181-1 D.2). Raises `Damage`."""
    if codestream[:2] != SIGNATURE:
        raise Damage("it does not begin as a JPEG XL codestream")
    bits = int.from_bytes(codestream[2:18], "little")

    def take(count: int) -> int:
        nonlocal bits
        taken = bits & ((1 << count) - 1)
        bits >>= count
        return taken

    small = take(1)

    def side() -> int:
        return 8 * (take(5) + 1) if small else take(NUMBER_BITS[take(2)]) + 1

    rows = side()
    ratio = take(3)
    if not ratio:
        return rows, side()
    part, whole = RATIOS[ratio - 1]
    return rows, rows * part // whole
