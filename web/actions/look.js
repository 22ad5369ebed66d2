import { record, redo, undo } from "../model/history.js";
import { order, seriesOf } from "../model/tree.js";
import { frameAt } from "../model/walk.js";
import { DEFAULT_LOOK, sameLook } from "../model/window.js";
import { stillTrue } from "./say.js";

/** A turn of the wheel is many small steps; when there was none for so long (ms), they are one step of undo. */
const PAUSE = 400;

/**
 * Window, inversion and pose, remembered per series; undo and redo, also of what was changed in the profile and of boxes.
 * @typedef {import("../types.js").Look} Look
 * @param {import("../types.js").Store} store @param {(profile: import("../types.js").Profile) => void} putProfile
 * @param {(edit: import("../types.js").PixelEdit) => void} putPixels
 * @param {(choices: import("../types.js").Choices) => void} putChoices
 */
export function lookActions(store, putProfile, putPixels, putChoices) {
  /** @returns {string | null} */
  function here() {
    const { items, selected } = store.get();
    const item = items.find((one) => one.id === selected);
    return item ? seriesOf(item) : null;
  }

  /** @param {string} series @returns {Look} */
  const lookOf = (series) => store.get().looks[series] ?? DEFAULT_LOOK;

  /** @param {string} series @param {Look} value */
  function put(series, value) {
    store.update(({ looks, message }) => ({ looks: { ...looks, [series]: value }, message: stillTrue(message) }));
  }

  /** @param {string} series @param {Look} before what one undo leads back to */
  function recordLook(series, before) {
    const after = lookOf(series);
    if (!sameLook(before, after)) store.update(({ history }) => ({ history: record(history, { kind: "look", series, before, after }) }));
  }

  /** @type {import("../types.js").Actions["look"]} `record: false` while a drag goes on */
  function look(change, options = {}) {
    const series = here();
    if (series === null) return;
    const before = lookOf(series);
    if (options.record !== false) recordPending();
    const after = change(before);
    if (sameLook(before, after)) return;
    put(series, after);
    if (options.record !== false) recordLook(series, before);
  }

  /** @type {{series: string, before: Look, timer: ReturnType<typeof setTimeout>} | null} */
  let pending = null;

  function recordPending() {
    if (!pending) return;
    clearTimeout(pending.timer);
    const { series, before } = pending;
    pending = null;
    recordLook(series, before);
  }

  /** @type {import("../types.js").Actions["pose"]} `record: "soon"` for steps of which many come at once */
  function pose(change, { record: when = true } = {}) {
    const series = here();
    if (series === null) return;
    if (when === true) recordPending();
    const before = lookOf(series);
    look((now) => ({ ...now, pose: change(now.pose) }), { record: when === true });
    if (when !== "soon") return;
    if (pending?.series !== series) recordPending();
    clearTimeout(pending?.timer);
    pending = { series, before: pending?.before ?? before, timer: setTimeout(recordPending, PAUSE) };
  }

  /** What is undone has to be seen. @param {string} series */
  function goTo(series) {
    const item = order(store.get().items).find((one) => seriesOf(one) === series);
    if (item) store.update(() => ({ selected: item.id, frameIndex: frameAt(item, 0) }));
  }

  /** @param {typeof undo} move @param {"before" | "after"} side */
  function travel(move, side) {
    recordPending();
    const moved = move(store.get().history);
    if (!moved) return;
    const [history, change] = moved;
    if (change.kind !== "look" && store.get().busy?.kind === "deidentify") return;
    store.update(() => ({ history }));
    if (change.kind === "pixels") return putPixels(change[side]);
    if (change.kind === "profile") return putProfile(change[side]);
    if (change.kind === "choices") return putChoices(change[side]);
    put(change.series, change[side]);
    if (change.series !== here()) goTo(change.series);
  }
  return { look, pose, recordLook, undo: () => travel(undo, "before"), redo: () => travel(redo, "after") };
}
