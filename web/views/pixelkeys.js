import { NOTHING, goes, shifted, fitted } from "../model/boxes.js";
import { inPicture } from "../model/pose.js";
import { DEFAULT_LOOK } from "../model/window.js";

/** @type {Record<string, [number, number]>} */
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
/** A box drawn by a key: this part of the picture, in its middle. */
const PART = 0.25;

/**
 * What a key does while the pixels are checked; undefined: what it always does.
 * @param {import("../types.js").Store} store @param {import("../types.js").Actions} actions @param {KeyboardEvent} event
 * @returns {(() => void) | undefined}
 */
export function pixelKey(store, actions, { key, shiftKey }) {
  const { pixels, selected, shown, looks } = store.get();
  const mark = (pixels.of[selected ?? ""] ?? NOTHING).marks.find(({ id }) => id === pixels.chosen);
  const info = shown?.frame?.info;

  /** @param {[number, number]} way */
  function nudge([x, y]) {
    if (!mark || !info || !shown) return;
    const { pose } = looks[shown.series] ?? DEFAULT_LOOK;
    const { columns, rows } = info;
    const [dx, dy] = inPicture(x, y, pose);
    actions.changeMark(mark.id, shiftKey ? fitted({ ...mark, right: mark.right + dx, bottom: mark.bottom + dy }, columns, rows) : shifted(mark, dx, dy, columns, rows));
  }

  function draw() {
    if (!info) return;
    const [width, height] = [Math.max(8, info.columns * PART), Math.max(8, info.rows * PART * 0.25)];
    const [left, top] = [(info.columns - width) / 2, (info.rows - height) / 2];
    actions.addMark({ left, top, right: left + width, bottom: top + height });
  }

  /** @type {Record<string, () => void>} */
  const keys = {
    Enter: actions.acceptPixels,
    a: actions.acceptPixels,
    n: () => actions.stepQueue(1),
    p: () => actions.stepQueue(-1),
    ".": () => actions.stepMark(1),
    ",": () => actions.stepMark(-1),
    d: draw,
    b: () => store.update(({ pixels: now }) => ({ pixels: { ...now, after: !now.after } })),
    k: () => { if (mark) actions.changeMark(mark.id, { decision: goes(mark, pixels) ? "keep" : "remove" }); },
    Delete: () => { if (mark) actions.removeMark(mark.id); }, // never the file
    Backspace: () => { if (mark) actions.removeMark(mark.id); },
  };
  if (mark && WAYS[key]) return () => nudge(WAYS[key]);
  if (mark && key === "Escape") return () => actions.choose(null);
  return keys[key];
}
