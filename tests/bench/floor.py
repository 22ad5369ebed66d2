"""What the browser itself takes: the same files read, summed and written by a page that does

nothing else. No page that gives out a result and its SHA-256 can be faster on this machine.
"""

import threading
import time
from pathlib import Path

from playwright.sync_api import Playwright

from build import serve
from tests.page import real
from tests.page.driver import Tab

LANES = 6
PAGE = """<!doctype html><title>Floor</title>
<main data-testid="drop-zone" style="height: 80vh">Drop a folder</main>
<script>
addEventListener("dragover", (event) => event.preventDefault());
globalThis.given = new Promise((resolve) => addEventListener("drop", (event) => {
  event.preventDefault();
  resolve(event.dataTransfer.items[0].getAsFileSystemHandle());
}));
</script>
"""
# Into a folder file by file, or one after the other into a single file, as a ZIP is.
COPY = """
(async (single) => {
  const [source, target] = await Promise.all([given, chosen]);
  const handles = [];
  for await (const handle of source.values()) handles.push(handle);
  const begun = async (name) =>
    (await target.getFileHandle(name, { create: true })).createWritable();
  const whole = single ? await begun("all") : null;
  let last = Promise.resolve();
  const rest = handles.values();
  await Promise.all(Array.from({ length: %d }, async () => {
    for (const handle of rest) {
      const bytes = await (await handle.getFile()).arrayBuffer();
      await crypto.subtle.digest("SHA-256", bytes);
      if (whole) await (last = last.then(() => whole.write(bytes)));
      else {
        const writable = await begun(handle.name);
        await writable.write(bytes);
        await writable.close();
      }
    }
  }));
  await whole?.close();
})(%s)
"""


def rate(
    playwright: Playwright, chromium: str, files: list[Path], work: Path, *, single: bool
) -> float:
    """Files per second; `single`: into one file."""
    source, out, site = (work / name for name in ("in", "out", "site"))
    for folder in (source, out, site):
        folder.mkdir(parents=True)
    for path in files:
        (source / path.name).hardlink_to(path)
    (site / "index.html").write_text(PAGE, "utf-8")
    with serve.server(site) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        address = f"http://localhost:{server.server_address[1]}/"
        context = real.launch(playwright, chromium, work / "data", address, [out])
        try:
            page = context.new_page()
            page.add_init_script(real.CHOSEN)
            tab = Tab(page, address).open()
            tab.test_id("drop-zone").wait_for()
            real.choose(tab, out)
            tab.drop(source)
            tab.evaluate("given.then(() => true)")
            start = time.perf_counter()
            tab.evaluate(COPY % (LANES, "true" if single else "false"))
            seconds = time.perf_counter() - start
        finally:
            context.close()
            server.shutdown()
            thread.join()
    written = sum(path.stat().st_size for path in out.iterdir())
    if written != sum(path.stat().st_size for path in files):
        raise AssertionError("the page has not copied everything")
    return len(files) / seconds
