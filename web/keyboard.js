import { DEFAULT_LOOK } from "./model/window.js";
import { flippedAcross, flippedDown, turned, zoomed } from "./model/pose.js";
import { canPlay } from "./model/rate.js";
import { auditKey } from "./views/auditkeys.js";
import { pixelKey } from "./views/pixelkeys.js";
import { presetsApply } from "./views/presets.js";

/** One press of + or −. */
const STEP = 1.25;

/**
 * Keys that work wherever the focus is, except where it needs them itself.
 * @param {import("./types.js").Context} context
 */
export function listenToKeys({ store, actions }) {
  /** @param {number} n from 1 */
  function preset(n) {
    const { about, items, selected } = store.get();
    const modality = items.find((item) => item.id === selected)?.inspection?.series.modality ?? "";
    const chosen = about?.presets[n - 1];
    if (chosen && presetsApply(modality)) actions.look((look) => ({ ...look, choice: { kind: "preset", name: chosen.name } }));
  }
  const hasPicture = () => Boolean(store.get().shown?.frame) && store.get().view !== "tags";
  const hasWindow = () => Boolean(store.get().shown?.table) && store.get().view !== "tags";

  /** @param {number} factor about the middle of the screen */
  function zoom(factor) {
    if (hasPicture()) actions.pose((pose) => zoomed(pose, factor, 1), { record: "soon" });
  }

  /** @type {Record<string, () => void>} */
  const plain = {
    ArrowDown: () => actions.step(1),
    ArrowUp: () => actions.step(-1),
    PageDown: () => actions.stepSeries(1),
    PageUp: () => actions.stepSeries(-1),
    Home: actions.first,
    End: actions.last,
    i: () => { if (hasWindow()) actions.look((look) => ({ ...look, invert: !look.invert })); },
    " ": () => { if (hasPicture()) actions.look(() => DEFAULT_LOOK); },
    r: () => { if (hasPicture()) actions.pose(turned); },
    h: () => { if (hasPicture()) actions.pose(flippedAcross); },
    v: () => { if (hasPicture()) actions.pose(flippedDown); },
    "+": () => zoom(STEP),
    "=": () => zoom(STEP), // the same key without Shift
    "-": () => zoom(1 / STEP),
    o: () => { if (hasPicture()) actions.draw({ overlays: !store.get().drawing.overlays }); },
    c: () => { if (hasPicture() && canPlay(store.get().items, store.get().selected)) actions.play({ playing: !store.get().cine.playing }); },
    Delete: () => { const { selected } = store.get(); if (selected) actions.remove([selected]); },
    x: () => actions.openPixels(),
    t: () => { if (store.get().items.length) store.update(({ view }) => ({ view: view === "tags" ? "picture" : "tags" })); },
    "?": () => store.update(() => ({ keysOpen: true })),
  };
  for (let n = 1; n <= 5; n++) plain[n] = () => preset(n);

  /** @param {KeyboardEvent} event */
  function pressed(event) {
    const target = /** @type {Element} */ (event.target);
    if (event.defaultPrevented || store.get().keysOpen || store.get().dialog || event.altKey) return;
    if (event.key === "Escape") return (store.get().view === "pixels" && pixelKey(store, actions, event) ? actions.choose(null) : escape());
    const command = event.ctrlKey || event.metaKey;
    if (target.closest("input:not([type=range], [type=radio], [type=checkbox]), textarea") || (target.closest("select") && !command)) return;
    const action = command ? withCommand(event) : ownKeyOf(target, event.key) ? undefined : (store.get().view === "pixels" && pixelKey(store, actions, event)) || (store.get().view === "audit" && auditKey(store, actions, event)) || plain[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  }

  function escape() {
    if (store.get().busy) actions.cancel();
    else if (store.get().message) actions.say(null);
    else if (store.get().pixels.work) actions.cancelScan();
    else store.update(() => ({ view: "picture" }));
  }

  /** @param {KeyboardEvent} event */
  function withCommand(event) {
    const key = event.key.toLowerCase();
    if (key === "z") return event.shiftKey ? actions.redo : actions.undo;
    if (key === "c") return hasPicture() && getSelection()?.isCollapsed !== false ? () => void actions.copyPicture() : undefined;
    return key === "y" ? actions.redo : undefined;
  }
  document.addEventListener("keydown", pressed);
  return () => document.removeEventListener("keydown", pressed);
}

/** @param {Element} target @param {string} key whether the focused control does something with this key itself */
function ownKeyOf(target, key) {
  if (target.closest("button, label, summary, [type=checkbox]")) return key === " " || key === "Enter";
  if (target.closest("[type=radio]")) return /^(Arrow| )/.test(key);
  if (target.closest("input[type=range], [data-scrolls]")) return /^(Arrow|Page|Home|End)/.test(key);
  return false;
}
