import { stillTrue } from "./say.js";
import { itemOf } from "../model/items.js";
import { frameAt, framesOf, seriesAround, step, stepSeries } from "../model/walk.js";

/**
 * Which instance and which frame is looked at.
 * @param {import("../types.js").Store} store
 */
export function selectActions(store) {
  /** @param {string | null} selected @param {number} [frameIndex] the first of the order in which they belong, unless said */
  function go(selected, frameIndex = frameAt(itemOf(store.get().items, selected), 0)) {
    if (selected === null) return;
    store.update((state) => ({ selected, frameIndex, message: state.selected === selected && state.frameIndex === frameIndex ? state.message : stillTrue(state.message) }));
  }

  /** @param {number} delta */
  function byStep(delta) {
    const { items, selected, frameIndex } = store.get();
    if (selected === null) return;
    const place = step(items, { selected, frameIndex }, delta);
    go(place.selected, place.frameIndex);
  }

  /** @param {0 | -1} end */
  function toEnd(end) {
    const item = seriesAround(store.get().items, store.get().selected).at(end);
    if (item) go(item.id, frameAt(item, end === 0 ? 0 : framesOf(item) - 1));
  }

  /** @param {string} group */
  function toggle(group) {
    store.update(({ collapsed }) => {
      const next = new Set(collapsed);
      if (!next.delete(group)) next.add(group);
      return { collapsed: next };
    });
  }
  return {
    select: (/** @type {string} */ id) => { if (store.get().selected !== id) go(id); },
    showFrame: (/** @type {number} */ frameIndex) => go(store.get().selected, frameIndex),
    step: byStep,
    stepSeries: (/** @type {number} */ delta) => go(stepSeries(store.get().items, store.get().selected, delta)),
    first: () => toEnd(0),
    last: () => toEnd(-1),
    toggle,
  };
}
