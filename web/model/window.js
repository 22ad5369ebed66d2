/**
 * What a drag, a preset or a number does to the window. Pure; the picture itself is Python's (PS3.3 C.11).
 * @typedef {import("../types.js").Window} Window
 * @typedef {import("../types.js").Choice} Choice
 * @typedef {import("../types.js").Look} Look
 */
import { DEFAULT_POSE } from "./pose.js";

/** @type {Look} */
export const DEFAULT_LOOK = { choice: { kind: "default" }, invert: false, pose: DEFAULT_POSE };

/**
 * The window that a choice means for one frame. A choice that this frame doesn't offer falls back to its default.
 * @param {Choice} choice @param {{windows: Window[], window: Window | null}} frame
 * @param {readonly import("../types.js").Preset[]} presets @returns {Window | null}
 */
export function resolve(choice, frame, presets) {
  if (choice.kind === "listed") return frame.windows[choice.index] ?? frame.window;
  if (choice.kind === "person") {
    return { center: choice.center, width: choice.width, function: choice.function, explanation: "", source: "person" };
  }
  if (choice.kind === "preset") {
    const preset = presets.find((one) => one.name === choice.name);
    if (preset) {
      const { center, width, label } = preset;
      return { center, width, function: "LINEAR", explanation: label, source: "preset" };
    }
  }
  return frame.window;
}

/**
 * @template {{center: number | null, width: number | null}} W
 * @param {W | null | undefined} window @returns {window is W & {center: number, width: number}}
 */
export function hasNumbers(window) {
  return typeof window?.center === "number" && typeof window?.width === "number";
}

/**
 * The smallest width that the function allows: PS3.3 C.11.2.1.2.1 wants at least 1 for LINEAR, more than 0 for the others.
 * @param {string | undefined} voiFunction
 */
export function leastWidth(voiFunction) {
  return (voiFunction ?? "LINEAR") === "LINEAR" ? 1 : 1e-6;
}

/**
 * Right widens, left narrows, down raises the center (darker), up lowers it (brighter).
 * Width goes by factors, so that narrow windows get fine steps and no drag reaches zero.
 * @param {{center: number, width: number, function?: string}} from the window when the drag began
 * @param {number} dx CSS pixels since then @param {number} dy
 * @returns {Choice}
 */
export function drag(from, dx, dy) {
  const width = from.width * Math.exp(dx / 220);
  const center = from.center + dy * (from.width / 260);
  const voiFunction = from.function ?? "LINEAR";
  return {
    kind: "person",
    center: tidy(center, from.width),
    width: Math.max(leastWidth(voiFunction), tidy(width, from.width)),
    function: voiFunction,
  };
}

/** @param {number} value @param {number} scale rounds to a hundredth of the window, at most to whole numbers */
function tidy(value, scale) {
  const digits = Math.max(0, 2 - Math.floor(Math.log10(scale)));
  return Number(value.toFixed(Math.min(digits, 12)));
}

/** @param {Look} a @param {Look} b whether both make the same display values */
export function sameValues(a, b) {
  return a.invert === b.invert && JSON.stringify(a.choice) === JSON.stringify(b.choice);
}

/** @param {Look} a @param {Look} b */
export function sameLook(a, b) {
  return sameValues(a, b) && JSON.stringify(a.pose) === JSON.stringify(b.pose);
}
