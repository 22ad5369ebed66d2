import { bytesOf, codeOf } from "../calls.js";
import { filesOf } from "../intake.js";
import { selectionAfter } from "../model/walk.js";
import { initialState } from "../store.js";
import { words } from "../words/words.js";
import { say, sayError } from "./say.js";

/**
 * What comes into the list and what leaves it.
 * @param {import("../types.js").Store} store @param {import("../types.js").Calls} calls
 * @param {(id: string) => void} onGone
 */
export function fileActions(store, calls, onGone) {
  let count = 0;

  /** @param {Iterable<File>} files they wait as `queued`; nothing of them is read here */
  function addFiles(files) {
    const { network } = store.get();
    if (network === "open") return say(store, { tone: "bad", text: words.message.notTaken });
    const added = [...files].map((file) => {
      void file.size; // has the browser remember which file it was, so that it refuses another one in its place later
      return /** @type {import("../types.js").Item} */ ({ id: `i${++count}`, file, state: "queued" });
    });
    if (added.length === 0) return;
    store.update(({ items, selected }) => ({
      items: [...items, ...added],
      selected: selected ?? added[0].id,
      message: null,
    }));
  }

  /** @param {DataTransfer} transfer */
  async function addDrop(transfer) {
    try {
      const files = await filesOf(transfer);
      if (files.length === 0) say(store, { tone: "info", text: words.message.noFiles });
      addFiles(files);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      say(store, { tone: "bad", text: words.message.dropFailed });
    }
  }

  async function addSample() {
    if (store.get().busy) return;
    const cancelling = false;
    store.update(() => ({ busy: { kind: "sample", done: 0, total: 1, startedAt: Date.now(), cancelling } }));
    try {
      const { buffers } = await calls.call("sample", {});
      addFiles(buffers.map((buffer, i) => new File([bytesOf(buffer)], `sample-${i + 1}.dcm`)));
    } catch (error) {
      sayError(store, codeOf(error));
    } finally {
      store.update(() => ({ busy: null }));
    }
  }

  /** Nothing of the people who were in the list stays. @returns {Partial<import("../types.js").State>} */
  function nothingLeft() {
    const { items, selected, frameIndex, collapsed, looks, history, shown, thumbs, message, report, links, tags, view, cine, pixels } = initialState();
    const { able, mode, kinds } = store.get().pixels;
    return { items, selected, frameIndex, collapsed, looks, history, shown, thumbs, message, report, links, tags, view, cine, pixels: { ...pixels, able, mode, kinds } };
  }

  /** @param {Iterable<string>} ids */
  function remove(ids) {
    const gone = new Set(ids);
    if (gone.size === 0 || store.get().busy?.kind === "deidentify") return;
    store.update(({ items, selected, pixels }) => {
      const next = selectionAfter(items, selected, gone);
      if (gone.size >= items.length) return nothingLeft();
      return {
        items: items.filter((item) => !gone.has(item.id)),
        selected: next,
        pixels: { ...pixels, of: Object.fromEntries(Object.entries(pixels.of).filter(([id]) => !gone.has(id))) },
        frameIndex: next === selected ? store.get().frameIndex : 0,
        message: null,
      };
    });
    for (const id of gone) onGone(id);
  }
  return { addFiles, addDrop, addSample, remove };
}
