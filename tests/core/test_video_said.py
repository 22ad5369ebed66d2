"""What a video says beside its pictures goes, and the pictures stay as they are."""

from io import BytesIO
from itertools import pairwise

import av
import numpy as np
import pytest
from pydicom.encaps import encapsulate

from dicom_veil import errors
from dicom_veil.codestream import clean_pixels, segments, video
from dicom_veil.deidentify import deidentify, deidentify_instance
from dicom_veil.identity import Identity
from dicom_veil.profile import BUILT_IN, load
from dicom_veil.read import Instance, read
from dicom_veil.video import stream_ranges
from tests.core.make import header, with_items

BASE = "1.2.840.10008.1.2.4."
SECRET = b"KANARI of Ottilie Kranzbuehl"
# Moments of a recording as MP4 has them: seconds since 1904.
RECORDED, MOMENT = "2019-03-04T05:06:07", (3634520767).to_bytes(4, "big")


def film(container: str, encoder: str = "libx264", **options: str) -> bytes:
    """Ten frames with all metadata that the container takes."""
    target = BytesIO()
    with av.open(target, "w", format=container, options=options) as made:
        made.metadata.update(
            {"title": SECRET.decode(), "comment": SECRET.decode(), "creation_time": RECORDED,
             "service_name": SECRET.decode(), "service_provider": SECRET.decode()}
        )  # fmt: skip
        track = made.add_stream(encoder, rate=25)
        track.width, track.height, track.pix_fmt = 64, 48, "yuv420p"
        if container == "mp4":
            track.metadata["handler_name"] = SECRET.decode()
        for number in range(10):
            gray = np.full((48, 64, 3), number * 20, np.uint8)
            made.mux(track.encode(av.VideoFrame.from_ndarray(gray, format="rgb24")))
        made.mux(track.encode(None))
    return target.getvalue()


def pictures(stream: bytes) -> list[bytes]:
    with av.open(BytesIO(stream)) as played:
        return [one.to_ndarray(format="rgb24").tobytes() for one in played.decode(video=0)]


def instance(stream: bytes, syntax: str, fragments: int = 1) -> Instance:
    dataset = header(48, 64, SamplesPerPixel=3, PhotometricInterpretation="YBR_PARTIAL_420",
                     BitsAllocated=8, BitsStored=8, HighBit=7, PlanarConfiguration=0,
                     NumberOfFrames=10)  # fmt: skip
    items = encapsulate([stream], fragments_per_frame=fragments, has_bot=False)
    return with_items(dataset, items, syntax)


def written(given: Instance, preset: str = "basic") -> tuple[bytes, bytes]:
    """The output and the stream in it."""
    done = deidentify_instance(given, load(preset), Identity(bytes(32)), 1)
    output = b"".join(done.stream(given))
    made = read(BytesIO(output))
    return output, b"".join(output[start:end] for start, end in stream_ranges(made))


def sei(text: bytes, head: bytes = b"\x06") -> bytes:
    """User data that nobody registered, escaped (H.264 7.4.1), with a stop bit."""
    payload = bytes(16) + text
    escaped = payload.replace(b"\0\0", b"\0\0\3")
    return b"\0\0\0\1" + head + b"\5" + bytes([len(payload)]) + escaped + b"\x80"


FILMS = {
    "mp4": (film("mp4"), "102"),
    "fragmented mp4": (film("mp4", movflags="frag_keyframe+empty_moov"), "102"),
    "ts": (film("mpegts"), "102"),
    "h264": (film("h264"), "102"),
    "mpeg2 ts": (film("mpegts", "mpeg2video"), "100"),
    "mpeg2": (film("mpeg2video", "mpeg2video"), "100"),
}


@pytest.mark.parametrize("kind", FILMS)
@pytest.mark.parametrize("fragments", [1, 3])
def test_the_film_stays_and_what_is_said_goes(kind: str, fragments: int) -> None:
    stream, syntax = FILMS[kind]
    output, made = written(instance(stream, BASE + syntax, fragments))
    assert SECRET not in output
    assert len(made) >= len(stream)
    assert made[len(stream) :].strip(b"\0") == b""
    assert pictures(made) == pictures(stream)
    if kind == "mp4":
        assert SECRET in stream
        assert MOMENT in stream
    assert MOMENT not in output
    if kind in ("mp4", "ts", "h264"):
        assert b"x264 - core" in stream.replace(b"\0", b"") or kind == "ts"
        assert b"x264 - core" not in output
    again = read(BytesIO(output))
    assert clean_pixels(again) is None
    assert list(segments(again)) == []


@pytest.mark.parametrize("preset", BUILT_IN)
@pytest.mark.parametrize(
    ("unit", "syntax"),
    [
        (sei(SECRET), "102"),
        (sei(SECRET, b"\x66"), "104"),
        (sei(SECRET, b"\x4e\1"), "107"),
        (sei(SECRET, b"\x50\1"), "108"),
        (b"\0\0\1\xb2" + SECRET, "100"),
    ],
)
def test_user_data(unit: bytes, syntax: str, preset: str) -> None:
    before, after = b"\0\0\0\1\x67" + bytes(range(1, 90)), b"\0\0\0\1\x65" + bytes(range(1, 90))
    if syntax == "100":
        before, after = b"\0\0\1\xb3" + bytes(8), b"\0\0\1\0" + bytes(range(1, 90))
    output, made = written(instance(before + unit + after, BASE + syntax), preset)
    assert SECRET not in output
    assert made.startswith(before)
    assert after in made
    assert len(made) - len(before + unit + after) in (0, 1)


def test_user_data_over_packets() -> None:
    """A message that goes from one packet of a transport stream into the next."""
    whole = b"\0\0\1\xe0\0\0\x80\0\0" + sei(SECRET * 6) + b"\0\0\0\1\x65" + bytes(range(1, 200))
    pieces = [whole[at : at + 184] for at in range(0, len(whole), 184)]
    stream = b"".join(
        bytes((0x47, 1, 0, 0x10 | number)) + piece.ljust(184, b"\xff")
        for number, piece in enumerate(pieces)
    )
    assert stream.count(SECRET) < 6
    output, made = written(instance(stream, BASE + "104"))
    assert b"KANARI" not in output
    assert b"Kranz" not in output
    assert b"Ottil" not in output
    assert [made[at : at + 4] for at in range(0, len(made), 188)] == [
        stream[at : at + 4] for at in range(0, len(stream), 188)
    ]


def test_tables_of_services_become_empty_packets() -> None:
    time = b"\x47\x40\x14\x10" + SECRET.ljust(184, b"\xff")
    picture = b"\x47\x41\0\x10" + b"\0\0\1\xe0".ljust(184, b"\x11")
    (one,) = video.edits(picture + time + picture, "H.264")
    assert (one.start, one.end, one.new) == (188, 376, video.NULL_PACKET)


def test_a_box_that_nobody_knows_becomes_free_space() -> None:
    said = (len(SECRET) + 8).to_bytes(4, "big") + b"XMP_" + SECRET
    stream = FILMS["mp4"][0] + said
    _, made = written(instance(stream, BASE + "102"))
    assert SECRET not in made
    assert b"XMP_" not in made
    assert pictures(made) == pictures(stream)


def test_every_edit_is_as_long_as_what_it_replaces() -> None:
    for stream, syntax in FILMS.values():
        found = video.edits(stream, "MPEG-2" if syntax == "100" else "H.264")
        assert all(len(one.new) == one.end - one.start for one in found)
        assert all(one.end <= two.start for one, two in pairwise(found))


@pytest.mark.parametrize("kind", FILMS)
def test_damaged_streams_do_not_fail(kind: str) -> None:
    stream, syntax = FILMS[kind]
    codec = "MPEG-2" if syntax == "100" else "H.264"
    for end in range(0, len(stream), max(1, len(stream) // 97)):
        video.edits(stream[:end], codec)
        video.edits(stream[:end] + b"\xff" * 9 + stream[end + 9 :], codec)


def test_text_in_what_stays_is_still_searched() -> None:
    given = instance(b"\0\0\0\1\x67" + bytes(90) + b"Kranzbuehl Ottilie", BASE + "102")
    given.body.seek(0)
    content = given.body.read().replace(
        b"1.2.3.4\0", b"1.2.3.4\0" + b"\x10\0\x10\0PN\x12\0Kranzbuehl^Ottilie"
    )
    with pytest.raises(errors.Quarantined):
        deidentify(BytesIO(content), load("basic"), Identity(bytes(32)), 1)
