import { codeOf, troubleOf } from "../calls.js";
import { itemOf } from "../model/items.js";
import { hasPicture, nextInClip, placeOfFrame, seriesAround, step } from "../model/walk.js";
import { isShown, wanted } from "./screen.js";
import { ROOM } from "./frames.js";

/** How far ahead frames are fetched: this part of the room, and no more frames than this. */
const WHILE_SCROLLING = { part: 0.25, frames: 24 };
const WHILE_PLAYING = { part: 0.75, frames: 240 };

/**
 * Fetches what will be looked at next: the way the person scrolls, or the clip that plays. One at a time and only
 * while what is wanted now is on the screen, so that it never stands in its way by more than one frame.
 * @param {import("../types.js").Store} store @param {ReturnType<typeof import("./frames.js").createFrames>} frames
 * @param {(id: string, trouble: import("../types.js").Trouble) => void} onTrouble
 */
export function createAhead(store, frames, onTrouble) {
  /** @type {Set<string>} what failed; it is told when it is looked at */
  const failed = new Set();
  /** @type {{key: string, at: number, direction: number} | null} where the person was, for the direction */
  let last = null;
  let running = false;

  /** @param {import("./screen.js").Wish} wish @param {readonly import("../types.js").Item[]} items 1 on, -1 back */
  function direction({ item, series, frameIndex }, items) {
    const at = seriesAround(items, item.id).indexOf(item) * 1e6 + placeOfFrame(item, frameIndex);
    if (last?.key !== series) last = { key: series, at, direction: 1 };
    else if (last.at !== at) last = { key: series, at, direction: Math.sign(at - last.at) };
    return last.direction;
  }

  /** The next that is not there yet; null while the screen waits, or when all are. */
  function missing() {
    const { items, shown, cine, busy } = store.get();
    const wish = wanted(store.get());
    if (!wish || !shown?.frame || !isShown(wish, shown) || (busy && !cine.playing)) return null;
    const way = direction(wish, items);
    const { part, frames: most } = cine.playing ? WHILE_PLAYING : WHILE_SCROLLING;
    const count = Math.min(most, Math.floor((ROOM * part) / shown.frame.values.byteLength));
    let place = { selected: wish.item.id, frameIndex: wish.frameIndex };
    for (let i = 0; i < count; i++) {
      const next = cine.playing ? nextInClip(items, place) : step(items, place, way);
      if (!next || (next.selected === place.selected && next.frameIndex === place.frameIndex)) return null;
      place = next;
      const item = itemOf(items, next.selected);
      const known = !item || !hasPicture(item) || failed.has(`${place.selected}/${place.frameIndex}`) || frames.has(item, place.frameIndex, wish.look);
      if (!known) return { ...wish, item, frameIndex: place.frameIndex };
    }
    return null;
  }

  async function run() {
    if (running) return;
    running = true;
    for (let next = missing(); next; next = missing()) {
      const { item, frameIndex, look, overlays } = next;
      try {
        await frames.prepare(item, frameIndex, look, overlays);
      } catch (error) {
        failed.add(`${item.id}/${frameIndex}`);
        // One that kills a worker must not be looked at.
        if (codeOf(error) === "worker-died") onTrouble(item.id, troubleOf(error));
      }
    }
    running = false;
  }
  return store.subscribe(() => void run());
}
