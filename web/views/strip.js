import { fill, h, text } from "../dom.js";
import { framesOf, seriesAround } from "../model/walk.js";
import { watch } from "../watch.js";
import { words } from "../words/words.js";

/** Sliders below the picture: image of the series, frame of the instance; each only where there is more than one. @type {import("../types.js").Mount} */
export function mountStrip(root, { store, actions }) {
  const image = slider("image-index", words.picture.position, (value) => {
    const item = seriesAround(store.get().items, store.get().selected)[value - 1];
    if (item) actions.select(item.id);
  });
  const frame = slider("frame-index", words.picture.frameIndex, (value) => actions.showFrame(value - 1));
  fill(root, [image.element, frame.element]);
  return watch(store, (s) => [s.items, s.selected, s.frameIndex], ({ items, selected, frameIndex }) => {
    const series = seriesAround(items, selected);
    const at = series.findIndex((item) => item.id === selected);
    image.show(at + 1, series.length);
    frame.show(frameIndex + 1, at < 0 ? 1 : framesOf(series[at]));
    root.hidden = image.element.hidden && frame.element.hidden;
  });
}

/** @param {string} hook @param {string} label @param {(value: number) => void} moved */
function slider(hook, label, moved) {
  const input = h("input", { type: "range", min: 1, step: 1, "data-testid": hook, oninput: () => moved(input.valueAsNumber) });
  const value = h("output", {});
  const element = h("label", { class: "slider" }, h("span", {}, label), input, value);
  return {
    element,
    /** @param {number} at from 1 @param {number} of */
    show(at, of) {
      element.hidden = of < 2;
      input.max = String(of);
      input.value = String(at);
      text(value, `${at} / ${of}`);
    },
  };
}
