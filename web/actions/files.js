import { bytesOf, codeOf } from "../calls.js";
import { chosenFolder, filesOf, foundIn } from "../intake.js";
import { selectionAfter } from "../model/walk.js";
import { initialState } from "../store.js";
import { words } from "../words/words.js";
import { say, sayError } from "./say.js";

/** A long list grows in steps of so many, while the folder is still walked. */
const AT_ONCE = 500;
/** So long are files of a choice looked up before the page draws again. */
const LOOKING_MS = 40;

/**
 * What comes into the list and what leaves it.
 * @param {import("../types.js").Store} store @param {import("../types.js").Calls} calls
 * @param {(id: string) => void} onGone
 */
export function fileActions(store, calls, onGone) {
  let count = 0;
  /** Folders that are being walked; a new number ends those of before. */
  let walk = 0;

  /** @param {Iterable<File>} files they wait as `queued`; nothing of them is read here */
  async function addFiles(files) {
    const list = [...files];
    // The browser looks each of them up: of thousands, some at a time, so that the page goes on answering.
    for (let at = 0, begun = 0; at < Math.max(list.length, 1); begun = at) {
      if (at) await new Promise((resolve) => setTimeout(resolve));
      const start = performance.now();
      for (; at < list.length && performance.now() - start < LOOKING_MS; at++) void list[at].size;
      if (!add(foundIn(list.slice(begun, at))) || list.length === 0) return;
    }
  }

  /** @param {readonly import("../intake.js").Found[]} found @returns {boolean} whether they were taken */
  function add(found) {
    const { network } = store.get();
    if (network === "open") {
      say(store, { tone: "bad", text: words.message.notTaken });
      return false;
    }
    /** @type {import("../types.js").Item[]} */
    const added = [];
    /** @type {import("../types.js").LeftOut[]} */
    const closed = [];
    for (const one of found) {
      const id = `i${++count}`;
      if ("closed" in one) closed.push({ id, name: one.path, trouble: { code: "closed-folder", params: {} } });
      else {
        if (one.file instanceof File) void one.file.size; // has the browser remember which file it was, so that it refuses another one in its place later
        added.push({ id, file: one.file, path: one.path, state: "queued" });
      }
    }
    if (found.length) store.update(({ items, selected, leftOut }) => ({
      items: [...items, ...added],
      leftOut: [...leftOut, ...closed],
      selected: selected ?? added[0]?.id ?? null,
      message: null,
    }));
    return true;
  }

  /** @param {DataTransfer} transfer */
  const addDrop = (transfer) => addWalked(filesOf(transfer));

  async function addFolder() {
    try {
      const found = await chosenFolder();
      if (found) await addWalked(found);
    } catch (error) {
      sayError(store, codeOf(error));
    }
  }

  /** @param {AsyncIterable<import("../intake.js").Found>} found */
  async function addWalked(found) {
    const mine = ++walk;
    const waiting = [];
    let any = false;
    store.update(() => ({ listing: true }));
    try {
      for await (const one of found) {
        if (mine !== walk) return;
        any = true;
        waiting.push(one);
        if (waiting.length >= AT_ONCE && !add(waiting.splice(0))) return;
      }
      if (!any) say(store, { tone: "info", text: words.message.noFiles });
      add(waiting);
    } finally {
      if (mine === walk) store.update(() => ({ listing: false }));
    }
  }

  /** What has not been read leaves the list again; what has been stays. */
  function stopReading() {
    walk += 1;
    const waiting = store.get().items.filter(({ state }) => state === "queued").map(({ id }) => id);
    store.update(() => ({ listing: false }));
    remove(waiting);
    if (waiting.length) say(store, { tone: "info", text: words.reading.stopped(waiting.length) });
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
    const { items, selected, frameIndex, collapsed, looks, history, shown, thumbs, message, report, audit, links, tags, view, cine, leftOut, listing, people, pixels } = initialState();
    const { able, mode, kinds } = store.get().pixels;
    return { items, selected, frameIndex, collapsed, looks, history, shown, thumbs, message, report, audit, links, tags, view, cine, leftOut, listing, people, pixels: { ...pixels, able, mode, kinds } };
  }

  /** @param {Iterable<string>} ids */
  function remove(ids) {
    const gone = new Set(ids);
    if (gone.size === 0 || store.get().busy?.kind === "deidentify") return;
    store.update(({ items, selected, pixels }) => {
      const next = selectionAfter(items, selected, gone);
      if (items.every(({ id }) => gone.has(id))) {
        walk += 1;
        return nothingLeft();
      }
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
  return { addFiles, addDrop, addFolder, addSample, remove, stopReading };
}
