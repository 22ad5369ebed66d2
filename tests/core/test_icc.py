"""A cleaned ICC profile makes the same colours and says nothing."""

import struct
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageCms

from dicom_veil.icc import clean_icc

PLANTED = "KANARI of Dr. Doe"


def profile(version: int = 2) -> bytes:
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return made[:8] + bytes((version,)) + made[9:]


def with_tag(content: bytes, tag: bytes, body: bytes) -> bytes:
    """`content` with one more tag, all offsets moved."""
    (count,) = struct.unpack(">L", content[128:132])
    table = b"".join(
        struct.pack(">4sLL", name, offset + 12, size)
        for name, offset, size in struct.iter_unpack(">4sLL", content[132 : 132 + 12 * count])
    )
    entry = struct.pack(">4sLL", tag, len(content) + 12, len(body))
    whole = content[:128] + struct.pack(">L", count + 1) + table + entry
    whole += content[132 + 12 * count :] + body
    return struct.pack(">L", len(whole)) + whole[4:]


def through(content: bytes) -> np.ndarray:
    """A ramp of colours through the profile into LAB."""
    ramp = np.stack(np.meshgrid(*[np.arange(0, 256, 15)] * 2), -1).astype(np.uint8)
    image = Image.fromarray(np.concatenate([ramp, ramp[..., :1]], -1), "RGB")
    source = ImageCms.ImageCmsProfile(BytesIO(content))
    transform = ImageCms.buildTransform(source, ImageCms.createProfile("LAB"), "RGB", "LAB")
    made = ImageCms.applyTransform(image, transform)
    assert made is not None
    return np.asarray(made)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("version", [2, 4])
def test_same_colours_no_words(version: int) -> None:
    original = profile(version)
    for tag, body in (
        (b"dmnd", b"desc\0\0\0\0" + struct.pack(">L", 18) + PLANTED.encode() + b"\0"),
        (b"targ", b"text\0\0\0\0" + PLANTED.encode()),
        (b"XXXX", b"curv\0\0\0\0" + PLANTED.encode()),
        (b"lumi", b"text\0\0\0\0" + PLANTED.encode()),
        (b"vued", b"mluc\0\0\0\0" + PLANTED.encode("utf-16-be")),
    ):
        original = with_tag(original, tag, body)
    original = original[:24] + bytes(range(1, 13)) + original[36:48] + b"DOE1" + original[52:]
    original += PLANTED.encode()
    cleaned = clean_icc(original)
    assert np.array_equal(through(cleaned), through(profile(version)))
    for words in (PLANTED.encode(), PLANTED.encode("utf-16-be"), b"DOE1", bytes(range(1, 13))):
        assert words in original
        assert words not in cleaned
    assert len(cleaned) % 2 == 0
    assert struct.unpack(">L", cleaned[:4])[0] == len(cleaned)
    assert clean_icc(cleaned) == cleaned
    assert ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(BytesIO(cleaned))).strip() == (
        "ICC profile"
    )


def test_what_is_no_profile_leaves_nothing() -> None:
    whole = profile()
    for content in (b"", PLANTED.encode() * 20, whole[:200], whole[:36] + b"xxxx" + whole[40:]):
        assert clean_icc(content) == b""
