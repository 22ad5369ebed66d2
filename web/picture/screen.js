import { bytesOf, troubleOf } from "../calls.js";
import { framesOf } from "../model/walk.js";
import { seriesOf } from "../model/tree.js";
import { DEFAULT_LOOK, resolve } from "../model/window.js";

/**
 * Keeps `shown` what `selected`, `frameIndex` and `looks` ask for. One request at a time; when it is answered,
 * whatever is wanted by then comes next, so a fast drag or scroll never queues up old wishes.
 * @param {import("../types.js").Store} store @param {import("../types.js").Calls} calls
 * @param {ReturnType<typeof import("./frames.js").createFrames>} frames
 * @param {(id: string, trouble: import("../types.js").Trouble) => void} onTrouble
 */
export function createScreen(store, calls, frames, onTrouble) {
  let running = false;

  /** What should be on the screen; null when nothing is. */
  function wanted() {
    const { items, selected, frameIndex, looks, about } = store.get();
    const item = items.find((one) => one.id === selected);
    if (!item?.inspection?.instance.has_pixels || item.trouble || item.pictureTrouble || !about) return null;
    const series = seriesOf(item);
    return { item, series, frameIndex: Math.min(frameIndex, framesOf(item) - 1), look: looks[series] ?? DEFAULT_LOOK };
  }
  /** @typedef {NonNullable<ReturnType<typeof wanted>>} Wish */

  /** @param {Wish} wish */
  function isShown({ item, frameIndex, look }) {
    const { shown } = store.get();
    return shown?.id === item.id && shown.frameIndex === frameIndex && shown.look === look;
  }

  /** @param {Wish} wish @returns {Promise<import("../types.js").Shown>} */
  async function fulfil({ item, series, frameIndex, look }) {
    const frame = await frames.get(item, frameIndex);
    const shown = { id: item.id, series, frameIndex, look, frame };
    if (frame.info.color) return shown;
    const window = resolve(look.choice, frame.info, store.get().about?.presets ?? []);
    const params = { instance: item.id, frame_index: frameIndex, window, invert: look.invert };
    const { result, buffers } = await calls.call("lut", params, { file: item.file });
    const used = result.window && { ...result.window, explanation: result.window.explanation || window?.explanation || "" };
    return { ...shown, window: used ?? window, table: bytesOf(buffers[0]) };
  }

  async function run() {
    if (running) return;
    running = true;
    for (let wish = wanted(); wish && !isShown(wish); wish = wanted()) {
      try {
        const shown = await fulfil(wish);
        if (store.get().selected === shown.id) store.update(() => ({ shown }));
      } catch (error) {
        onTrouble(wish.item.id, troubleOf(error));
      }
    }
    running = false;
    if (!wanted() && store.get().shown) store.update(() => ({ shown: null }));
  }
  return store.subscribe(() => void run());
}
