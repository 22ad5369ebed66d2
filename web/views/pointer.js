import { probe } from "../picture/probe.js";
import { oncePerFrame } from "../watch.js";
import { words } from "../words/words.js";

/** Wheel travel for one image: a notch of a wheel is about 100, a trackpad sends many small ones. */
const NOTCH = 60;

/**
 * Drag = window, wheel = image, hover = values.
 * @param {HTMLElement} area @param {HTMLCanvasElement} canvas
 * @param {{
 *   frame: () => import("../types.js").LoadedFrame | null,
 *   readOut: (text: string) => void,
 *   step: (delta: number) => void,
 *   startDrag: () => {move: (dx: number, dy: number) => void, end: () => void} | null,
 * }} on
 */
export function followPointer(area, canvas, on) {
  const aborter = new AbortController();
  const { signal } = aborter;
  /** @type {{x: number, y: number, drag: {move: (dx: number, dy: number) => void, end: () => void}} | null} */
  let held = null;
  /** @type {PointerEvent | null} */
  let latest = null;
  let travel = 0;

  const frame = oncePerFrame(() => {
    if (!latest) return on.readOut("");
    if (held) held.drag.move(latest.clientX - held.x, latest.clientY - held.y);
    on.readOut(valueUnder(latest));
  });

  /** @param {PointerEvent} event */
  function valueUnder(event) {
    const loaded = on.frame();
    const box = canvas.getBoundingClientRect();
    const column = Math.floor(((event.clientX - box.left) / box.width) * canvas.width);
    const row = Math.floor(((event.clientY - box.top) / box.height) * canvas.height);
    if (!loaded || !(column >= 0 && row >= 0 && column < canvas.width && row < canvas.height)) return "";
    const { stored, modality } = probe(loaded, column, row);
    const values = [words.picture.stored(stored), modality && modality.unit ? words.picture.modality(modality.value, modality.unit) : ""];
    return `${words.picture.at(column, row)}\n${values.filter(Boolean).join(" · ")}`;
  }

  area.addEventListener("pointerdown", (event) => {
    const drag = event.button === 0 ? on.startDrag() : null;
    if (!drag) return;
    held = { x: event.clientX, y: event.clientY, drag };
    area.setPointerCapture(event.pointerId);
  }, { signal });
  area.addEventListener("pointermove", (event) => {
    latest = event;
    frame.ask();
  }, { signal });
  for (const end of /** @type {const} */ (["pointerup", "pointercancel"])) {
    area.addEventListener(end, (event) => {
      if (held && (event.clientX !== held.x || event.clientY !== held.y)) held.drag.move(event.clientX - held.x, event.clientY - held.y);
      held?.drag.end();
      held = null;
    }, { signal });
  }
  area.addEventListener("pointerleave", () => {
    latest = null;
    frame.ask();
  }, { signal });
  area.addEventListener("wheel", (event) => {
    if (event.ctrlKey) return; // the browser's own zoom
    event.preventDefault();
    travel += event.deltaMode === 1 ? event.deltaY * 33 : event.deltaY;
    const notches = Math.trunc(travel / NOTCH);
    travel -= notches * NOTCH;
    if (notches !== 0) on.step(Math.sign(notches));
  }, { signal, passive: false });
  return () => {
    aborter.abort();
    frame.stop();
  };
}
