import { fitting, shape } from "../model/pose.js";
import { DEFAULT_LOOK } from "../model/window.js";

/**
 * Where the picture lies in a box of the screen; null when there is none.
 * @param {import("../types.js").State} state @param {{clientWidth: number, clientHeight: number}} box
 */
export function stageOf({ shown, looks, drawing }, { clientWidth, clientHeight }) {
  if (!shown?.frame) return null;
  const { info } = shown.frame;
  const { pose } = looks[shown.series] ?? DEFAULT_LOOK;
  const size = shape(info, drawing.square);
  const scale = fitting(size, { width: clientWidth, height: clientHeight }, pose);
  /** CSS pixels for a unit of `size` */
  const unit = scale * pose.zoom;
  return { info, pose, size, scale, unit, square: drawing.square };
}

/** What `stageOf` depends on. @param {import("../types.js").State} state */
export const staged = ({ shown, looks, drawing }) => [shown?.frame, shown && looks[shown.series]?.pose, drawing];

/** @param {Element} element @param {() => void} resized */
export function observe(element, resized) {
  const observer = new ResizeObserver(resized);
  observer.observe(element);
  return () => observer.disconnect();
}
