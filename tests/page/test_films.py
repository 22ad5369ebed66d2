"""Films: MP4 and WebM as the browser makes them, opened by FFmpeg; instances that are films."""

from fractions import Fraction
from io import BytesIO
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import BrowserContext, expect

from dicom_veil.export import jobs
from dicom_veil.export.shot import Shot
from dicom_veil.read import read
from tests.core.files import bundled
from tests.page.driver import Download, Tab
from tests.page.films import (
    AVC,
    CONTAINERS,
    MPEG2,
    film_instance,
    gray_frames,
    multi_frame,
    psnr,
    stream,
)
from tests.page.reference import core_picture, opened, png_chunks

# A browser whose H.264 encoder has a quantizer: Chromium's own has only a bitrate, so Veil does
# not take it. Here it is said to have one, and the coarse one of two frames by which Veil looks
# whether it is heeded is a flat one; all else is the browser's.
HEEDING = """
globalThis.encoded = 0;
const { configure, encode } = VideoEncoder.prototype;
const { isConfigSupported } = VideoEncoder;
const able = (config) => config.avc && config.bitrateMode === "quantizer"
  ? { ...config, bitrateMode: "variable", bitrate: 2e7 } : config;
VideoEncoder.isConfigSupported = (config) => isConfigSupported.call(VideoEncoder, able(config));
VideoEncoder.prototype.configure = function (config) { configure.call(this, able(config)); };
VideoEncoder.prototype.encode = function (frame, options) {
  if (options?.avc) encoded++;
  if (options?.avc?.quantizer !== 48) return encode.call(this, frame, options);
  const { codedWidth, codedHeight, timestamp } = frame;
  const gray = new Uint8Array((codedWidth * codedHeight * 3) / 2).fill(128);
  const flat = new VideoFrame(gray, { format: "I420", codedWidth, codedHeight, timestamp });
  encode.call(this, flat, options);
  flat.close();
};
"""
PROBED = 2  # frames
NEAR_LOSSLESS = 44.0  # dB of every frame; one gray level in each pixel is 48
CODECS = {"mp4": "h264", "webm": "vp9"}


def luma(frame: av.VideoFrame) -> NDArray[np.uint8]:
    """Gray as BT.709 has it in the film, rounded once; FFmpeg's own conversion is a coarser one."""
    rows = frame.to_ndarray(format="yuv420p")[: frame.height, : frame.width].astype(float)
    return np.clip(np.rint((rows - 16) * 255 / 219), 0, 255).astype(np.uint8)


def rgb(frame: av.VideoFrame) -> NDArray[np.uint8]:
    return frame.to_ndarray(format="rgb24")


def decoded(
    content: bytes, *, colored: bool = False
) -> tuple[av.VideoStream, list[float], list[NDArray[np.uint8]]]:
    """The track, when each frame is shown (s), and its pixels (rows, columns[, 3])."""
    film = av.open(BytesIO(content))
    track = film.streams.video[0]
    times, pictures = [], []
    for frame in film.decode(track):
        times.append(float(frame.pts * frame.time_base))
        pictures.append(rgb(frame) if colored else luma(frame))
    return track, times, pictures


def export(tab: Tab, name: str, what: str = "instance") -> Download:
    """The export dialog as a person uses it."""
    tab.test_id("export-more").click()
    expect(tab.test_id("export-dialog")).to_be_visible()
    tab.test_id(f"export-what-{what}").check()
    tab.page.locator(f".chip:has([data-testid=export-as-{name}])").click()
    if name == "gif":
        tab.test_id("option-together").check()
    with tab.page.expect_download() as saved:
        tab.test_id("export-save").click()
    expect(tab.test_id("export-outcome")).to_contain_text("saved")
    tab.page.keyboard.press("Escape")
    expect(tab.test_id("export-dialog")).to_be_hidden()
    return Download(saved.value.suggested_filename, Path(saved.value.path()).read_bytes())


def load(tab: Tab, *paths: Path) -> None:
    tab.choose(*paths)
    assert tab.settle(len(paths)) == ["ready"] * len(paths)
    tab.show(tab.rows.first)


def as_rgb(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return picture if picture.ndim == 3 else picture[..., None].repeat(3, 2)


def makes(tab: Tab, name: str) -> None:
    if name == "webm" and "hospital" in tab.address:
        pytest.skip("no WebCodecs outside of secure contexts")


@pytest.mark.parametrize("name", ["mp4", "webm"])
def test_film_holds_every_frame_once_and_nearly_lossless(
    tab: Tab, name: str, tmp_path: Path
) -> None:
    makes(tab, name)
    # Odd sides: the last row and column are repeated.
    path = multi_frame(tmp_path / "CITIZEN^JAN.dcm", gray_frames(30, 203, 255), CineRate=15)
    load(tab, path)
    saved = export(tab, name)
    assert saved.name == f"veil-IMG-00001.{name}"
    track, times, pictures = decoded(saved.content)
    assert track.codec_context.name == CODECS[name]
    assert track.average_rate == Fraction(15)
    np.testing.assert_allclose(times, np.arange(30) / 15, atol=0.001)
    assert (track.height, track.width) == (204, 256)
    for number, picture in enumerate(pictures):
        source = core_picture(path, number)
        assert psnr(picture[:203, :255], source) > NEAR_LOSSLESS, number
        np.testing.assert_array_less(np.abs(picture[203].astype(int) - picture[202]), 30)


def test_h264_by_webcodecs_where_the_encoder_heeds_a_quantizer(
    context: BrowserContext, addresses: dict[str, str], tmp_path: Path
) -> None:
    page = context.new_page()
    page.add_init_script(HEEDING)
    tab = Tab(page, addresses["file"]).open().wait_ready()
    path = multi_frame(tmp_path / "a.dcm", gray_frames(30, 203, 255), CineRate=15)
    load(tab, path)
    track, times, pictures = decoded(export(tab, "mp4").content)
    if tab.evaluate("encoded") == 0:
        pytest.skip("this browser has no encoder for H.264")
    assert tab.evaluate("encoded") == PROBED + 30
    assert track.codec_context.name == "h264"
    assert track.average_rate == Fraction(15)
    np.testing.assert_allclose(times, np.arange(30) / 15, atol=0.001)
    # What this encoder comes to, whatever it is asked for: too little, hence the question above.
    for number, picture in enumerate(pictures):
        assert 36 < psnr(picture[:203, :255], core_picture(path, number)) < 50


@pytest.mark.parametrize("name", ["mp4", "webm"])
def test_film_says_nothing_but_how_it_is_shown(tab: Tab, name: str, tmp_path: Path) -> None:
    makes(tab, name)
    load(tab, multi_frame(tmp_path / "CITIZEN^JAN.dcm", gray_frames(4, 64, 64), FrameTime=40))
    content = export(tab, name).content
    with av.open(BytesIO(content)) as film:
        told = {**film.metadata, **film.streams.video[0].metadata}
        assert film.streams.video[0].average_rate == 25
    kept = {"major_brand", "minor_version", "compatible_brands", "language", "DURATION"}
    assert {told[key] for key in told.keys() - kept} <= {"Veil"}
    for word in (b"CITIZEN", b"abunny", b"JVT", b"mp4v2", b"x264"):
        assert word not in content
    assert export(tab, name).content == content  # no date, no random number


def test_film_in_colour(tab: Tab) -> None:
    path = bundled("examples_ybr_color.dcm")
    load(tab, path)
    tab.test_id("frame-index").fill("1")
    track, times, pictures = decoded(export(tab, "mp4").content, colored=True)
    assert track.codec_context.name == "h264"
    assert len(times) == 30
    for number in (0, 14, 29):  # chroma is halved, and two libjpegs differ a little
        assert psnr(pictures[number], core_picture(path, number)) > 33
        means = pictures[number].mean((0, 1)) - core_picture(path, number).mean((0, 1))
        assert np.abs(means).max() < 1


def test_film_at_the_files_own_uneven_times(tab: Tab, tmp_path: Path) -> None:
    path = multi_frame(
        tmp_path / "a.dcm", gray_frames(5, 64, 64),
        FrameTimeVector=[0, 50, 100, 200, 50], FrameIncrementPointer=0x00181065,
    )  # fmt: skip
    load(tab, path)
    _, times, pictures = decoded(export(tab, "mp4").content)
    np.testing.assert_allclose(times, [0, 0.05, 0.15, 0.35, 0.4], atol=0.001)
    assert len(pictures) == 5


@pytest.mark.parametrize("container", CONTAINERS)
def test_a_film_in_dicom_is_shown_and_saved_without_its_container(
    tab: Tab, container: str, tmp_path: Path
) -> None:
    frames = gray_frames(12, 96, 128)
    content = stream(frames, container)
    path = film_instance(tmp_path / "film.dcm", content, 12, 96, 128, AVC)
    tab.choose(path)
    assert tab.settle(1) == ["ready"]
    tab.rows.first.click()
    if container == "h264" and "hospital" in tab.address:
        expect(tab.message).to_contain_text("H.264")
        return
    tab.show(tab.rows.first)
    for number in (0, 7, 3, *range(11, -1, -1)):
        tab.test_id("frame-index").fill(str(number + 1))
        expect(
            tab.page.locator(f"[data-testid=viewer-canvas][data-shown$='/{number}']")
        ).to_be_visible()
        tab.next_frame()
        best = int(np.argmax([psnr(tab.canvas(), as_rgb(frame)) for frame in frames]))
        assert best == number
        assert psnr(tab.canvas(), as_rgb(frames[number])) > 36
    png = tab.export("png").content
    assert set(png_chunks(png)) <= {"IHDR", "IDAT", "IEND", "PLTE"}
    np.testing.assert_array_equal(as_rgb(opened(png)), tab.canvas())
    saved = export(tab, "mp4").content
    assert b"CITIZEN" not in saved
    track, times, pictures = decoded(saved)
    assert track.average_rate == 10
    assert len(times) == 12
    for picture, frame in zip(pictures, frames, strict=True):
        assert psnr(picture, frame) > 34  # twice through an encoder


def test_a_film_that_the_browser_cannot_decode_is_refused_by_name(tab: Tab, tmp_path: Path) -> None:
    content = stream(gray_frames(3, 64, 64), "mpeg2video", "mpeg2video")
    path = film_instance(tmp_path / "film.dcm", content, 3, 64, 64, MPEG2)
    tab.choose(path)
    assert tab.settle(1) == ["ready"]
    tab.rows.first.click()
    expect(tab.message).to_contain_text("MPEG-2")
    saved = tab.press("deidentify")  # its header can be de-identified nevertheless
    assert saved.name == "veil-IMG-00001.dcm"


def test_gif_of_an_instance_is_the_cores(tab: Tab, tmp_path: Path) -> None:
    path = multi_frame(tmp_path / "a.dcm", gray_frames(6, 40, 50), CineRate=15)
    load(tab, path)
    job = jobs.start("gif", {})[0]["job"]
    with path.open("rb") as source:
        instance = read(source)
        for number in range(6):
            jobs.add(job, Shot(instance, number))
        native = jobs.finish(job)[1][0]
    assert export(tab, "gif").content == bytes(native)
