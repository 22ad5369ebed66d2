"""Video transfer syntaxes: named and located, never decoded."""

import json
from io import BytesIO
from typing import Any

import av
import numpy as np
import pytest
from pydicom.encaps import encapsulate, generate_fragments

from dicom_veil import errors, tab
from dicom_veil.read import Instance
from dicom_veil.video import Video, stream_ranges, video_of
from tests.core.files import bundled
from tests.core.make import encapsulated, header
from tests.core.test_decode import opened
from tests.core.test_grayscale import content
from tests.core.test_tab import File, Slice

BASE = "1.2.840.10008.1.2.4."
MP4 = b"\0\0\0\x18ftypmp42" + bytes(300)
TRANSPORT = (b"\x47" + bytes(187)) * 3
PROGRAM = b"\0\0\1\xba" + bytes(300)
BARE = b"\0\0\0\1\x67" + bytes(300)


def made(stream: bytes, syntax: str) -> Instance:
    dataset = header(
        48, 64, SamplesPerPixel=3, PhotometricInterpretation="YBR_PARTIAL_420", BitsAllocated=8,
        BitsStored=8, HighBit=7, PlanarConfiguration=0, NumberOfFrames=10, CineRate=25,
    )  # fmt: skip
    return encapsulated(dataset, [stream], syntax)


@pytest.mark.parametrize(
    ("last", "stream", "expected"),
    [
        ("100", PROGRAM, Video("MPEG-2", "", "mpeg-ps", "video/mpeg")),
        ("101.1", b"\0\0\1\xb3" + bytes(50), Video("MPEG-2", "", "elementary", "video/mpeg")),
        ("102", MP4, Video("H.264", "avc1.640029", "mp4", "video/mp4")),
        ("103", TRANSPORT, Video("H.264", "avc1.640029", "mpeg-ts", "video/mp2t")),
        ("104.1", BARE, Video("H.264", "avc1.64002A", "elementary", "video/h264")),
        ("106", BARE, Video("H.264", "avc1.80002A", "elementary", "video/h264")),
        ("107", BARE, Video("HEVC", "hvc1.1.6.L153.B0", "elementary", "video/h265")),
        ("108", MP4, Video("HEVC", "hvc1.2.4.L153.B0", "mp4", "video/mp4")),
    ],
)
def test_codec_and_container(last: str, stream: bytes, expected: Video) -> None:
    """The codec by the transfer syntax, the container by the stream's first bytes."""
    assert video_of(made(stream, BASE + last)) == expected


def test_what_is_no_video() -> None:
    """Pictures, compressed or not."""
    assert video_of(opened(bundled("CT_small.dcm"))) is None
    assert video_of(opened(bundled("MR_small_RLE.dcm"))) is None
    with pytest.raises(errors.NoPixels):
        stream_ranges(opened(bundled("CT_small.dcm")))


def test_fragments_are_joined() -> None:
    """A stream over several fragments, by positions in the file, without a byte read twice."""
    stream = bytes(range(256)) * 5
    dataset = header(48, 64, NumberOfFrames=10)
    whole = encapsulate([stream], fragments_per_frame=3)
    assert len(list(generate_fragments(whole))) == 4
    one = encapsulated(dataset, [stream], BASE + "102.1")
    file = content(one)
    start = file.index(b"\xe0\x7f\x10\x00OB") + 12
    split = file[:start] + whole + b"\xfe\xff\xdd\xe0\0\0\0\0"
    told = call("video", split)
    assert b"".join(split[part["start"] : part["end"]] for part in told["parts"]) == stream
    assert len(told["parts"]) == 3
    assert told["codec"] == "H.264"


def call(method: str, file: bytes) -> dict[str, Any]:
    tab._state = tab._State()
    if method != "video":
        tab.handle("init", json.dumps({"key": "00" * 32}), None)
    result, _ = tab.handle(
        method, json.dumps({"instance": "v", "frame_index": 0}), File(Slice(file))
    )
    found: dict[str, Any] = json.loads(result)
    return found


def test_inspect_says_it() -> None:
    """Codec and rate are known before anything is played; a picture is refused by its name."""
    file = content(made(MP4, BASE + "102"))
    told = call("inspect", file)
    assert told["video"] == {
        "codec": "H.264", "codec_string": "avc1.640029", "container": "mp4",
        "mime_type": "video/mp4",
    }  # fmt: skip
    assert told["cine"] == {"rate": 25, "source": "CineRate", "times": None}
    with pytest.raises(errors.Unsupported):
        call("frame", file)
    with pytest.raises(errors.Usage):
        call("video", bundled("CT_small.dcm").read_bytes())


def test_a_real_stream_comes_back() -> None:
    """A film of ten frames, out of its instance again, is one that PyAV plays to its end."""
    source = BytesIO()
    with av.open(source, "w", format="mp4") as film:
        track = film.add_stream("libx264", rate=25)
        track.width, track.height, track.pix_fmt = 64, 48, "yuv420p"
        for number in range(10):
            gray = np.full((48, 64, 3), number * 20, np.uint8)
            film.mux(track.encode(av.VideoFrame.from_ndarray(gray, format="rgb24")))
        film.mux(track.encode(None))
    file = content(made(source.getvalue(), BASE + "102"))
    told = call("video", file)
    stream = b"".join(file[part["start"] : part["end"]] for part in told["parts"])
    assert told["container"] == "mp4"
    with av.open(BytesIO(stream)) as played:
        assert sum(1 for _ in played.decode(video=0)) == 10
