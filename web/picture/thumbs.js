import { bytesOf, codeOf, troubleOf } from "../calls.js";
import { tallyOf } from "../model/items.js";
import { itemsOf, rows, seriesOf } from "../model/tree.js";
import { hasPicture } from "../model/walk.js";
import { paint } from "./paint.js";

/** Twice the 40 CSS pixels at which it is shown, for dense screens. */
const SIDE = 80;

/**
 * One small picture per series, made when nothing else is to do.
 * @param {import("../types.js").Store} store @param {import("../types.js").Calls} calls
 * @param {ReturnType<typeof import("./frames.js").createFrames>} frames
 * @param {(id: string, trouble: import("../types.js").Trouble) => void} onTrouble
 */
export function createThumbs(store, calls, frames, onTrouble) {
  /** @type {Set<string>} series that have been tried */
  const tried = new Set();
  let running = false;
  /** @type {readonly unknown[]} of the state in which nothing was to be made: looked at anew only when one of them has changed */
  let seen = [];

  /** The instance in the middle of the first series that has no thumbnail yet. */
  function next() {
    const { items, busy, boot, shown, selected } = store.get();
    const now = [items, busy, boot.ready, selected && !shown];
    if (now.every((one, i) => one === seen[i])) return null;
    const found = lookFor(store.get());
    if (!found) seen = now;
    return found;
  }

  /** @param {import("../types.js").State} state */
  function lookFor({ items, busy, boot, shown, selected }) {
    const idle = boot.ready && !busy && !tallyOf(items).unread;
    if (!idle || (selected && !shown)) return null;
    const all = rows(items).filter(({ kind }) => kind === "series");
    const present = new Set(all.map(({ key }) => key));
    for (const series of tried) if (!present.has(series)) tried.delete(series);
    for (const row of all) {
      const able = tried.has(row.key) ? [] : itemsOf(row, items).filter(hasPicture);
      if (able.length) return able[Math.floor(able.length / 2)];
    }
    return null;
  }

  /** @param {import("../types.js").Item} item */
  async function make(item) {
    const frameIndex = Math.floor((item.inspection?.instance.frames ?? 1) / 2);
    const frame = await frames.get(item, frameIndex);
    const params = { instance: item.id, frame_index: frameIndex, window: frame.info.window, invert: false };
    const table = frame.info.color ? undefined : bytesOf((await calls.call("lut", params, { file: item.file })).buffers[0]);
    const canvas = new OffscreenCanvas(frame.info.columns, frame.info.rows);
    paint(canvas, frame, table);
    const side = Math.min(canvas.width, canvas.height);
    const [left, top] = [(canvas.width - side) >> 1, (canvas.height - side) >> 1];
    return createImageBitmap(canvas, left, top, side, side, { resizeWidth: SIDE, resizeHeight: SIDE, resizeQuality: "high" });
  }

  async function run() {
    if (running) return;
    running = true;
    for (let item = next(); item; item = next()) {
      const series = seriesOf(item);
      tried.add(series);
      try {
        const thumb = await make(item);
        store.update(({ thumbs }) => ({ thumbs: { ...thumbs, [series]: thumb } }));
      } catch (error) {
        // A picture that can't be decoded says so when it is looked at; one that kills a worker must not be looked at.
        if (codeOf(error) === "worker-died") onTrouble(item.id, troubleOf(error));
      }
    }
    running = false;
  }
  return store.subscribe(() => void run());
}
