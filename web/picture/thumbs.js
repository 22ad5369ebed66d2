import { bytesOf, codeOf, troubleOf } from "../calls.js";
import { itemOf, tallyOf } from "../model/items.js";
import { itemsOf, rows, seriesOf } from "../model/tree.js";
import { framesOf, hasPicture } from "../model/walk.js";
import { paint } from "./paint.js";

/** Twice the 40 CSS pixels at which it is shown, for dense screens. */
const SIDE = 80;
/** Where a picture is damaged its neighbours are tried, so many in all, and as many frames of each. */
const TRIES = 3;

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

  /** The instances of the first series that has no thumbnail yet, the middle first. */
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
    // The picture on the screen comes first, where there will be one.
    if (!idle || (!shown && hasPicture(itemOf(items, selected)))) return null;
    const all = rows(items).filter(({ kind }) => kind === "series");
    const present = new Set(all.map(({ key }) => key));
    for (const series of tried) if (!present.has(series)) tried.delete(series);
    for (const row of all) {
      const able = tried.has(row.key) ? [] : itemsOf(row, items).filter(hasPicture);
      if (able.length) return fromMiddle(able).slice(0, TRIES);
    }
    return null;
  }

  /** @param {import("../types.js").Item} item @param {number} frameIndex */
  async function make(item, frameIndex) {
    const frame = await frames.get(item, frameIndex);
    const params = { instance: item.id, frame_index: frameIndex, window: frame.info.window, invert: false };
    const table = frame.info.color ? undefined : bytesOf((await calls.call("lut", params, { file: item.file })).buffers[0]);
    const canvas = new OffscreenCanvas(frame.info.columns, frame.info.rows);
    paint(canvas, frame, table);
    const side = Math.min(canvas.width, canvas.height);
    const [left, top] = [(canvas.width - side) >> 1, (canvas.height - side) >> 1];
    return createImageBitmap(canvas, left, top, side, side, { resizeWidth: SIDE, resizeHeight: SIDE, resizeQuality: "high" });
  }

  /** One of these, the first that can be decoded. @param {import("../types.js").Item[]} items of one series */
  async function makeOne(items) {
    for (const item of items) {
      for (const frameIndex of fromMiddle([...Array(framesOf(item)).keys()]).slice(0, TRIES)) {
        try {
          return await make(item, frameIndex);
        } catch (error) {
          // A picture that can't be decoded says so when it is looked at; one that kills a worker must not be looked at.
          if (codeOf(error) !== "worker-died") continue;
          onTrouble(item.id, troubleOf(error));
          break;
        }
      }
    }
    return null;
  }

  async function run() {
    if (running) return;
    running = true;
    for (let items = next(); items; items = next()) {
      const series = seriesOf(items[0]);
      tried.add(series);
      const thumb = await makeOne(items);
      if (thumb) store.update(({ thumbs }) => ({ thumbs: { ...thumbs, [series]: thumb } }));
    }
    running = false;
  }
  return store.subscribe(() => void run());
}

/** The one in the middle, then its neighbours, ever farther away. @template T @param {readonly T[]} list @returns {T[]} */
export function fromMiddle(list) {
  const middle = Math.floor(list.length / 2);
  return [...list.keys()].sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle)).map((at) => list[at]);
}
