"""Whole studies in a tab: a folder to write into, more workers than this machine has, their deaths.

The dialog in which one chooses a folder can't be driven: a real folder of the browser's own file
system stands for it. Writing into it is the same code of the browser's, and its own rules.
"""

import base64
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from playwright.sync_api import BrowserContext, Error, expect

from tests.page.driver import Tab

FOLDER = """
globalThis.showDirectoryPicker = async () =>
  (await navigator.storage.getDirectory()).getDirectoryHandle(%s, { create: true });
"""
CORES = """
Object.defineProperty(Navigator.prototype, "hardwareConcurrency", { get: () => %d });
"""
# Every file below the folder, as [path, content in base64].
TREE = """
(async () => {
  const root = await (await navigator.storage.getDirectory()).getDirectoryHandle(%s);
  const found = [];
  const walk = async (folder, path) => {
    for await (const [name, handle] of folder) {
      if (handle.kind === "directory") await walk(handle, `${path}${name}/`);
      else {
        const bytes = new Uint8Array(await (await handle.getFile()).arrayBuffer());
        found.push([path + name, bytes.toBase64()]);
      }
    }
  };
  await walk(root, "");
  return found;
})()
"""
# A trap of WebAssembly, as a damaged codestream springs it; the worker dies of it by itself.
DEATH = """
queue = queue.then(() => python.runPython("import ctypes; ctypes.string_at(2**32 - 65536, 65000)"))
  .catch(die);
"""


def studies_tab(
    context: BrowserContext,
    address: str,
    folder: str = "out",
    cores: int = 3,
    script: str = "",
    first: str = "",
) -> Tab:
    """A ready tab that writes into `folder`; `first` is run in its first worker only."""
    page = context.new_page()
    page.add_init_script(FOLDER % json.dumps(folder) + CORES % cores + script)
    tab = Tab(page, address)
    tab.wire.prelude = first
    tab.open().wait_ready()
    tab.wire.prelude = ""
    return tab


def into_folder(tab: Tab) -> None:
    """Chooses a folder for the results, and begins."""
    tab.test_id("outlet").select_option("folder")
    begin(tab)


def start(tab: Tab, paths: Sequence[Path], key: Path) -> None:
    """Files into a folder, with a key file."""
    take(tab, paths, key)
    into_folder(tab)


def take(tab: Tab, paths: Sequence[Path], key: Path) -> None:
    """Files, to be made with a key file."""
    tab.choose(*paths)
    tab.settle(len(paths))
    with_key(tab, key)


def saved(tab: Tab, sentence: str) -> dict[str, bytes]:
    """Writes into the folder, is told `sentence`, and leaves; what the folder holds then."""
    into_folder(tab)
    wait_done(tab)
    expect(tab.message).to_contain_text(sentence)
    found = tree(tab)
    tab.page.close()
    return found


def begin(tab: Tab) -> None:
    """Presses the button; when this returns, the work is going on, or over."""
    tab.begin()
    tab.next_frame()


def with_key(tab: Tab, key: Path) -> None:
    """Makes pseudonyms and UIDs with a key file."""
    tab.test_id("identity-change").click()
    tab.test_id("identity-file").check()
    tab.test_id("key-file").set_input_files(key)
    tab.test_id("identity-apply").click()
    expect(tab.test_id("identity-dialog")).to_be_hidden()


def tree(tab: Tab, folder: str = "out") -> dict[str, bytes]:
    """What the folder holds, but for the journal: content by path."""
    found: Iterable[tuple[str, str]] = tab.evaluate(TREE % json.dumps(folder))
    return {
        path: base64.b64decode(content)
        for path, content in sorted(found)
        if not path.startswith(".veil-journal/")
    }


def wait_done(tab: Tab, timeout: float = 120_000) -> None:
    """Waits until nothing is at work any more."""
    expect(tab.test_id("cancel")).to_be_hidden(timeout=timeout)
    tab.next_frame()


def kill(tab: Tab, at: int) -> bool:
    """Kills the Python of one worker when it comes to it; nobody waits. False: it had ended."""
    session = tab.wire.workers[at % len(tab.wire.workers)]
    try:
        tab.wire.tell(session, "Runtime.evaluate", {"expression": DEATH})
    except Error:
        return False
    return True
