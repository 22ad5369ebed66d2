/**
 * Keeps `audit.beside` the written result of the instance that is looked at: its attributes, and the frame that the
 * original shows, with the same choice of window. One result is held; one request at a time.
 */
import { troubleOf } from "../calls.js";
import { VeilError } from "../errors.js";
import { seriesOf } from "../model/tree.js";
import { framesOf } from "../model/walk.js";
import { DEFAULT_LOOK, sameValues } from "../model/window.js";

/**
 * @typedef {import("../types.js").Item} Item @typedef {import("../types.js").Beside} Beside
 * @param {import("../types.js").State} state
 */
function wanted({ view, audit, items, looks, frameIndex, drawing, selected, boot }) {
  if (view !== "audit" || audit?.step !== "spot" || audit.at === null || !boot.ready) return null;
  const id = audit.ids.get(audit.at);
  const item = items.find((one) => one.id === id);
  const at = item && selected === id ? Math.min(frameIndex, framesOf(item) - 1) : 0;
  return { number: audit.at, of: audit.ids, item, frameIndex: at, look: (item && looks[seriesOf(item)]) ?? DEFAULT_LOOK, overlays: drawing.overlays };
}
/** @typedef {NonNullable<ReturnType<typeof wanted>>} Wish */

/** @param {Wish} wish @param {Beside | null | undefined} beside */
function isThere({ number, frameIndex, look, overlays }, beside) {
  return beside?.number === number && beside.frameIndex === frameIndex && beside.overlays === overlays && sameValues(beside.look, look);
}

/**
 * @param {import("../types.js").Store} store @param {import("../types.js").Calls} calls
 * @param {ReturnType<typeof import("./frames.js").createFrames>} frames
 * @param {ReturnType<typeof import("../studies/results.js").createResults>} results
 */
export function createBeside(store, calls, frames, results) {
  let running = false;
  let count = 0;
  /** @type {{number: number, of: object, item: Item, from: Beside["from"], rows: import("../types.js").TagRow[]} | null} */
  let held = null;

  function release() {
    if (!held) return;
    const { id } = held.item;
    held = null; // first: what follows is told to the store
    frames.forget(id);
    calls.call("forget", { instance: id }).catch(() => {});
  }

  /** @param {Wish} wish */
  async function hold({ number, of, item }) {
    if (held?.number === number && held.of === of) return held;
    release();
    if (!item) throw new VeilError("result-gone");
    const { original, result, from, profile } = await results.of(number);
    const { result: told } = await calls.call("beside", { split: original.size, profile }, { file: new Blob([original, result]) });
    held = { number, of, item: { ...item, id: `${item.id} result ${++count}`, file: /** @type {File} */ (result) }, from, rows: told.rows };
    return held;
  }

  /** @param {Wish} wish @returns {Promise<Beside>} */
  async function made(wish) {
    const { number, frameIndex, look, overlays } = wish;
    const told = { number, frameIndex, look, overlays };
    try {
      const { item, from, rows } = await hold(wish);
      if (!item.inspection?.instance.has_pixels) return { ...told, from, rows };
      try {
        return { ...told, from, rows, ...(await frames.prepare(item, frameIndex, look, overlays)) };
      } catch (error) {
        return { ...told, from, rows, pictureTrouble: troubleOf(error) };
      }
    } catch (error) {
      return { ...told, from: null, rows: null, trouble: troubleOf(error) };
    }
  }

  async function run() {
    if (running) return;
    running = true;
    for (let wish = wanted(store.get()); wish && !isThere(wish, store.get().audit?.beside); wish = wanted(store.get())) {
      const beside = await made(wish);
      store.update(({ audit }) => (audit?.ids === wish?.of && audit ? { audit: { ...audit, beside } } : {}));
    }
    running = false;
    if (!store.get().audit && held) release();
    if (!store.get().audit && results.run) results.hold(null);
  }
  store.subscribe(() => void run());
  return {
    /** The result that is held, as an item. @param {string | undefined} id */
    itemOf: (id) => (held && held.item.id === id ? held.item : undefined),
  };
}
