import { oncePerFrame } from "../watch.js";

/** Wheel travel for one image: a notch of a wheel is about 100, a trackpad sends many small ones. */
const NOTCH = 60;
/** Wheel travel that doubles the size. */
const DOUBLE = 400;

/**
 * Drag = window, middle or Shift drag = move, wheel = image, Shift wheel = zoom, hover = values; on glass, one finger
 * is a drag and two move and zoom. Places are CSS pixels from the middle of the area.
 * @typedef {{x: number, y: number}} At
 * @typedef {{move: (dx: number, dy: number) => void, end: () => void}} Drag
 * @param {HTMLElement} area
 * @param {{
 *   hover: (at: At | null) => void,
 *   step: (delta: number) => void,
 *   zoom: (factor: number, at: At) => void,
 *   startWindow: (at: At) => Drag | null,
 *   pan: (dx: number, dy: number) => void,
 *   startPan: () => Drag | null,
 * }} on
 */
export function followPointer(area, on) {
  const aborter = new AbortController();
  const { signal } = aborter;
  /** @type {{x: number, y: number, drag: Drag} | null} */
  let held = null;
  /** @type {At | null} */
  let latest = null;
  /** @type {Map<number, At>} fingers on the glass */
  const fingers = new Map();
  let two = { x: 0, y: 0, apart: 0 };
  let travel = 0;

  const frame = oncePerFrame(() => {
    if (held && latest) held.drag.move(latest.x - held.x, latest.y - held.y);
    on.hover(latest);
  });

  /** @param {MouseEvent} event @returns {At} */
  function place({ clientX, clientY }) {
    const { left, top, width, height } = area.getBoundingClientRect();
    return { x: clientX - left - width / 2, y: clientY - top - height / 2 };
  }

  /** @param {At} at @param {Drag | null} drag */
  function hold(at, drag) {
    held?.drag.end();
    held = drag && { ...at, drag };
  }

  /** @returns {At & {apart: number}} the middle of two fingers */
  function between() {
    const [a, b] = [...fingers.values()];
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, apart: Math.hypot(a.x - b.x, a.y - b.y) };
  }

  area.addEventListener("pointerdown", (event) => {
    const at = place(event);
    if (event.pointerType === "touch") fingers.set(event.pointerId, at);
    if (fingers.size === 2) {
      two = between();
      hold(at, null);
    } else if (event.button === 1 || (event.button === 0 && event.shiftKey)) {
      event.preventDefault(); // no scrolling by the middle button
      hold(at, on.startPan());
    } else if (event.button === 0 && fingers.size < 2) hold(at, on.startWindow(at));
    if (held) area.setPointerCapture(event.pointerId);
  }, { signal });
  area.addEventListener("pointermove", (event) => {
    latest = place(event);
    if (fingers.has(event.pointerId)) fingers.set(event.pointerId, latest);
    if (fingers.size === 2) {
      const now = between();
      on.pan(now.x - two.x, now.y - two.y);
      on.zoom(now.apart / two.apart, now);
      two = now;
      return;
    }
    frame.ask();
  }, { signal });
  for (const end of /** @type {const} */ (["pointerup", "pointercancel"])) {
    area.addEventListener(end, (event) => {
      const at = place(event);
      if (held && fingers.size < 2 && (at.x !== held.x || at.y !== held.y)) held.drag.move(at.x - held.x, at.y - held.y);
      fingers.delete(event.pointerId);
      hold(at, null);
    }, { signal });
  }
  area.addEventListener("pointerleave", () => {
    latest = null;
    frame.ask();
  }, { signal });
  area.addEventListener("wheel", (event) => {
    if (event.ctrlKey) return; // the browser's own zoom
    event.preventDefault();
    const delta = (event.deltaY || event.deltaX) * (event.deltaMode === 1 ? 33 : 1); // Shift turns some wheels sideways
    if (event.shiftKey) return on.zoom(2 ** (-delta / DOUBLE), place(event));
    travel += delta;
    const notches = Math.trunc(travel / NOTCH);
    travel -= notches * NOTCH;
    if (notches !== 0) on.step(Math.sign(notches));
  }, { signal, passive: false });
  return () => {
    aborter.abort();
    frame.stop();
  };
}
