"""The page's side of exports: what `init` tells of formats, pictures, files of several frames."""

from io import BytesIO
from typing import Any

import numpy as np
import pytest

from dicom_veil import errors, tab
from dicom_veil.export import FORMATS, jobs
from tests.core.exported import made, of, series, shots
from tests.core.files import bundled
from tests.core.test_tab import File, call

CT = File(bundled("CT_small.dcm").read_bytes())


@pytest.fixture(autouse=True)
def _fresh() -> None:
    tab._state = tab._State()
    jobs._jobs.clear()


def test_init_tells_what_formats_can_do() -> None:
    told, _ = call("init", key="00" * 32)
    formats = {one["name"]: one for one in told["formats"]}
    assert list(formats) == [one.name for one in FORMATS]
    assert formats["contact-sheet"]["mixed"]
    assert formats["npy"]["as_stored"]
    assert formats["mp4"]["made_by"] == "browser"
    for one in formats.values():
        for option in one["options"]:
            if option["kind"] == "int":
                assert option["low"] <= option["default"] <= option["high"]
            elif option["kind"] == "choice":
                assert option["default"] in option["choices"]
            else:
                assert option["default"] in (True, False)


@pytest.mark.parametrize("form", [one.name for one in FORMATS if one.made_by == "core"])
def test_one_picture(form: str) -> None:
    told, (content,) = call("export", CT, instance="a", frame_index=0, window=None, format=form)
    one = next(one for one in FORMATS if one.name == form)
    assert told == {"extension": one.extension, "mime_type": one.mime_type}
    assert bytes(content) == made(form, shots("CT_small.dcm"))


@pytest.mark.parametrize("form", [one.name for one in FORMATS if one.open])
def test_several_frames(form: str) -> None:
    """Frame by frame with a window and inverted; the file that the core makes of the same."""
    if next(one for one in FORMATS if one.name == form).made_by == "browser":
        with pytest.raises(errors.Usage, match="made by the browser"):
            call("export_start", format=form)
        return
    files = series()
    job = call("export_start", format=form)[0]["job"]
    for number, content in enumerate(files):
        told, _ = call("export_add", File(content), job=job, instance=str(number), frame_index=0,
                       window=None)  # fmt: skip
        assert told == {"count": number + 1}
    told, (content,) = call("export_finish", job=job)
    assert told["extension"] == next(one for one in FORMATS if one.name == form).extension
    assert bytes(content) == made(form, of(files))
    with pytest.raises(errors.Usage, match="over"):
        call("export_finish", job=job)


def test_options_and_window_are_heard() -> None:
    window = {"center": 40, "width": 400}
    given: dict[str, Any] = {"instance": "a", "frame_index": 0, "window": window, "invert": True}
    _, (one,) = call("export", CT, **given, format="png")
    _, (plain,) = call("export", CT, instance="a", frame_index=0, window=None, format="png")
    _, (small,) = call("export", CT, **given, format="jpeg", options={"quality": 10})
    _, (large,) = call("export", CT, **given, format="jpeg")
    assert bytes(one) != bytes(plain)
    assert len(small) < len(large)
    told, (pdf,) = call("export", CT, **given, format="contact-sheet", options={"file": "pdf"})
    assert told == {"extension": ".pdf", "mime_type": "application/pdf"}
    assert bytes(pdf).startswith(b"%PDF")
    with pytest.raises(errors.Usage):
        call("export", CT, **given, format="png", options={"quality": 10})


def test_a_refused_frame_leaves_its_job_as_it_was() -> None:
    job = call("export_start", format="npy")[0]["job"]
    add = {"job": job, "frame_index": 0, "window": None}
    call("export_add", CT, **add, instance="a")
    other = File(bundled("MR_small.dcm").read_bytes())
    with pytest.raises(errors.OutOfRange, match="not all of one size"):
        call("export_add", other, **add, instance="b")
    with pytest.raises(errors.NoPixels):
        call("export_add", File(bundled("rtplan.dcm").read_bytes()), **add, instance="c")
    assert call("export_add", CT, **add, instance="a")[0] == {"count": 2}
    _, (content,) = call("export_finish", job=job)
    assert np.load(BytesIO(content)).shape == (2, 128, 128)


def test_cancelled_jobs_are_gone() -> None:
    begun = [call("export_start", format="gif")[0]["job"] for _ in range(jobs.MOST_JOBS)]
    assert len(set(begun)) == jobs.MOST_JOBS
    with pytest.raises(errors.Usage, match="Too many"):
        call("export_start", format="gif")
    for job in begun:
        call("export_cancel", job=job)
        call("export_cancel", job=job)
    assert jobs._jobs == {}
    with pytest.raises(errors.Usage, match="over"):
        call("export_add", CT, job=begun[0], instance="a", frame_index=0, window=None)
    with pytest.raises(errors.Usage, match="holds one picture"):
        call("export_start", format="png")


def test_an_empty_job_is_refused_and_over() -> None:
    job = call("export_start", format="gif")[0]["job"]
    with pytest.raises(errors.OutOfRange, match="no picture"):
        call("export_finish", job=job)
    assert jobs._jobs == {}


def test_the_window_of_a_film_whose_frames_have_none() -> None:
    """CT_small has no window: the automatic one; the phantom has its own: none is to be forced."""
    plain = File(bundled("CT_small.dcm").read_bytes())
    told, _ = call("export_window", plain, instance="a", frame_index=0)
    assert told["window"]["source"] == "auto"
    frame, _ = call("frame", plain, instance="a", frame_index=0)
    assert told["window"] == frame["window"]
    own, _ = call("export_window", File(series()[0]), instance="b", frame_index=0)
    assert own == {"window": None}
