import { troubleOf } from "../calls.js";
import { itemOf } from "../model/items.js";
import { framesOf, hasPicture } from "../model/walk.js";
import { seriesOf } from "../model/tree.js";
import { DEFAULT_LOOK, sameValues } from "../model/window.js";

/**
 * What should be on the screen; null when nothing is.
 * @param {import("../types.js").State} state
 */
export function wanted({ items, selected, frameIndex, looks, about, drawing }) {
  const item = itemOf(items, selected);
  if (!item || !hasPicture(item) || !about) return null;
  const series = seriesOf(item);
  return { item, series, frameIndex: Math.min(frameIndex, framesOf(item) - 1), look: looks[series] ?? DEFAULT_LOOK, overlays: drawing.overlays };
}
/** @typedef {NonNullable<ReturnType<typeof wanted>>} Wish */

/** @param {Wish} wish @param {import("../types.js").Shown | null} shown */
export function isShown({ item, frameIndex, look, overlays }, shown) {
  if (shown?.id !== item.id || shown.frameIndex !== frameIndex || !shown.look || !shown.frame) return false;
  return sameValues(shown.look, look) && Boolean(shown.overlay) === (overlays && Boolean(shown.frame.info.overlays));
}

/**
 * Keeps `shown` what `selected`, `frameIndex` and `looks` ask for. One request at a time; when it is answered,
 * whatever is wanted by then comes next, so a fast drag or scroll never queues up old wishes.
 * @param {import("../types.js").Store} store
 * @param {ReturnType<typeof import("./frames.js").createFrames>} frames
 * @param {(id: string, trouble: import("../types.js").Trouble) => void} onTrouble
 */
export function createScreen(store, frames, onTrouble) {
  let running = false;

  async function run() {
    if (running) return;
    running = true;
    for (let wish = wanted(store.get()); wish && !isShown(wish, store.get().shown); wish = wanted(store.get())) {
      const { item, series, frameIndex, look, overlays } = wish;
      try {
        const shown = { id: item.id, series, frameIndex, look, ...(await frames.prepare(item, frameIndex, look, overlays)) };
        if (store.get().selected === shown.id) store.update(() => ({ shown }));
      } catch (error) {
        onTrouble(item.id, troubleOf(error));
      }
    }
    running = false;
    if (!wanted(store.get()) && store.get().shown) store.update(() => ({ shown: null }));
  }
  return store.subscribe(() => void run());
}
