import { fill, h, text } from "../dom.js";
import { frameAt, framesOf, placeOfFrame, seriesAround } from "../model/walk.js";
import { watch } from "../watch.js";
import { words } from "../words/words.js";
import { mountClip } from "./clip.js";

/** Below the picture: the clip's buttons, and sliders for image and frame; each only where there is more than one. @type {import("../types.js").Mount} */
export function mountStrip(root, { store, actions }) {
  const image = slider("image-index", words.picture.position, (value) => {
    const item = seriesAround(store.get().items, store.get().selected)[value - 1];
    if (item) actions.select(item.id);
  });
  const frame = slider("frame-index", words.picture.frameIndex, (value) => {
    const { items, selected } = store.get();
    actions.showFrame(frameAt(items.find((item) => item.id === selected), value - 1));
  });
  const clip = h("div", { class: "clip", role: "group", "aria-label": words.viewer.speed });
  fill(root, [clip, h("div", { class: "sliders" }, image.element, frame.element)]);
  const leaveClip = mountClip(clip, { store, actions });
  const leave = watch(store, (s) => [s.items, s.selected, s.frameIndex], ({ items, selected, frameIndex }) => {
    const series = seriesAround(items, selected);
    const at = series.findIndex((item) => item.id === selected);
    image.show(at + 1, series.length);
    frame.show(placeOfFrame(series[at], frameIndex) + 1, framesOf(series[at]));
    root.hidden = image.element.hidden && frame.element.hidden;
  });
  return () => {
    leave();
    leaveClip();
  };
}

/** @param {string} hook @param {string} label @param {(value: number) => void} moved */
export function slider(hook, label, moved) {
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
