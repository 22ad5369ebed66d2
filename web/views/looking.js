import { moved, zoomed } from "../model/pose.js";
import { DEFAULT_LOOK, drag, hasNumbers } from "../model/window.js";

/**
 * What a pointer does to the look of the series on the screen: a drag changes it as it was when it began, and is one
 * step of undo.
 * @param {import("../types.js").Context} context @param {() => number | undefined} scaleOf CSS pixels per unit at zoom 1
 */
export function looking({ store, actions }, scaleOf) {
  /** @param {(before: import("../types.js").Look, dx: number, dy: number) => import("../types.js").Look} change */
  function changing(change) {
    const { shown, looks } = store.get();
    if (!shown?.look) return null;
    const before = looks[shown.series] ?? DEFAULT_LOOK;
    return {
      move: (/** @type {number} */ dx, /** @type {number} */ dy) => actions.look(() => change(before, dx, dy), { record: false }),
      end: () => actions.recordLook(shown.series, before),
    };
  }

  return {
    startWindow() {
      const { shown } = store.get();
      const from = hasNumbers(shown?.window) ? shown.window : shown?.frame?.info.windows.find((window) => hasNumbers(window));
      return hasNumbers(from) ? changing((before, dx, dy) => ({ ...before, choice: drag(from, dx, dy) })) : null;
    },
    startPan() {
      const scale = scaleOf();
      return scale ? changing((before, dx, dy) => ({ ...before, pose: moved(before.pose, dx, dy, scale) })) : null;
    },
    /** @param {number} factor @param {import("./pointer.js").At} at */
    zoom(factor, at) {
      const scale = scaleOf();
      if (scale) actions.pose((pose) => zoomed(pose, factor, scale, at), { record: "soon" });
    },
    /** @param {number} dx @param {number} dy */
    pan(dx, dy) {
      const scale = scaleOf();
      if (scale) actions.pose((pose) => moved(pose, dx, dy, scale), { record: "soon" });
    },
  };
}
