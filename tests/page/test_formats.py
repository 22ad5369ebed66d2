"""Every format that Python makes, in the real worker of the single file: the core's own bytes."""

import base64
import json
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import BrowserContext

from dicom_veil.export import FORMATS
from dicom_veil.export.shot import Shot
from dicom_veil.read import read
from tests.bench.jobs import KEEP
from tests.core.exported import folder, made, of, series
from tests.page.driver import Tab
from tests.page.films import multi_frame
from tests.page.test_films import export, load

# libjxl in the tab is of another version; FreeType too, which draws the captions of sheets.
OTHER_BYTES = {"jxl": b"\xff\x0a", "contact-sheet": b"\x89PNG"}
MADE = [one.name for one in FORMATS if one.made_by == "core"]
# One picture of the first file, or one file of all of them, frame by frame.
IN_TAB = """
(async () => {
  const worker = globalThis.veilWorker;
  let id = 4e6;
  const call = (method, params, file) => new Promise((resolve, reject) => {
    const own = id++;
    const hear = ({ data }) => {
      if (data.id !== own) return;
      worker.removeEventListener("message", hear);
      if (data.ok) resolve(data);
      else reject(new Error(data.error.code));
    };
    worker.addEventListener("message", hear);
    worker.postMessage({ id: own, method, params: JSON.stringify(params), file });
  });
  const files = globalThis.veilFiles;
  const frame = (number) => ({ instance: `f${number}`, frame_index: 0, window: null });
  const made = {};
  for (const [format, several] of %s) {
    let answer;
    if (several) {
      const { job } = JSON.parse((await call("export_start", { format })).result);
      for (const [i, file] of files.entries()) await call("export_add", { job, ...frame(i) }, file);
      answer = await call("export_finish", { job });
    } else {
      answer = await call("export", { format, ...frame(0) }, files[0]);
    }
    made[format] = new Uint8Array(answer.buffers[0]).toBase64();
  }
  return made;
})()
"""


@pytest.fixture(scope="module")
def contents() -> list[bytes]:
    return series()[:3]


@pytest.fixture
def in_tab(
    context: BrowserContext, addresses: dict[str, str], tmp_path: Path, contents: list[bytes]
) -> dict[str, bytes]:
    """What the worker answers, by format."""
    page = context.new_page()
    page.add_init_script(
        KEEP.replace("veilFile = target.files[0]", "veilFiles = [...target.files]")
    )
    tab = Tab(page, addresses["file"]).open().wait_ready()
    tab.choose(*sorted(folder(tmp_path / "in", contents).iterdir()))
    tab.settle(len(contents))
    wanted = [[one.name, one.open is not None] for one in FORMATS if one.name in MADE]
    answers = tab.evaluate(IN_TAB % json.dumps(wanted))
    return {name: base64.b64decode(text) for name, text in answers.items()}


def test_the_worker_makes_what_the_core_makes(
    in_tab: dict[str, bytes], contents: list[bytes]
) -> None:
    shots = of(contents)
    assert list(in_tab) == MADE
    for name, content in in_tab.items():
        several = next(one for one in FORMATS if one.name == name).open
        if name in OTHER_BYTES:
            assert content.startswith(OTHER_BYTES[name])
        else:
            assert content == made(name, shots if several else shots[:1]), name


def brightness(content: bytes) -> list[float]:
    """The mean gray of each frame of a GIF."""
    means = []
    with Image.open(BytesIO(content)) as image:
        for number in range(image.n_frames):
            image.seek(number)
            means.append(float(np.asarray(image.convert("L")).mean()))
    return means


def test_a_film_without_a_window_does_not_flicker(tab: Tab, tmp_path: Path) -> None:
    """Frames that grow brighter do so in the film: all have the window on the screen.

    Each with its own automatic window would be as bright as the others.
    """
    ramp = np.broadcast_to(np.arange(0, 960, 20, dtype=np.uint16), (40, 48))
    frames = np.stack([ramp + step for step in range(0, 500, 100)]).astype(np.uint16)
    bits = {"BitsAllocated": 16, "BitsStored": 16, "HighBit": 15}
    path = multi_frame(tmp_path / "a.dcm", frames, WindowCenter=None, WindowWidth=None,
                       VOILUTFunction=None, CineRate=10, **bits)  # fmt: skip
    instance = read(BytesIO(path.read_bytes()))
    alone = brightness(made("gif", [Shot(instance, number) for number in range(5)]))
    assert np.ptp(alone) < 3
    load(tab, path)
    assert min(np.diff(brightness(export(tab, "gif").content))) > 10
