import { fill, h, icon, set } from "../dom.js";
import { flippedAcross, flippedDown, turned } from "../model/pose.js";
import { seriesOf } from "../model/tree.js";
import { DEFAULT_LOOK, hasNumbers, leastWidth } from "../model/window.js";
import { oncePerFrame, watch } from "../watch.js";
import { words } from "../words/words.js";
import { choiceOf, options, valueOf } from "./presets.js";
import { viewMenu } from "./viewmenu.js";

/** Window by preset and by number, invert, turn, flip, reset, undo, redo, and how pictures are drawn. @type {import("../types.js").Mount} */
export function mountTools(root, { store, actions }) {
  const preset = h("select", { "data-testid": "window-preset", "aria-label": words.window.preset, title: words.window.preset, onchange: pick });
  const [center, width] = ["center", "width"].map((which) => h("input", { type: "number", step: "any", class: "number", "data-testid": `window-${which}`, oninput: type, onchange: finish }));
  const invert = button("invert", "invert", words.window.invert, "i", () => actions.look((look) => ({ ...look, invert: !look.invert })));
  const turn = button("turn", "turn", words.viewer.turn, "r", () => actions.pose(turned));
  const across = button("flipAcross", "flip-across", words.viewer.flipAcross, "h", () => actions.pose(flippedAcross));
  const down = button("flipDown", "flip-down", words.viewer.flipDown, "v", () => actions.pose(flippedDown));
  const menu = viewMenu({ store, actions });
  const reset = button("reset", "reset", words.window.reset, "Space", () => actions.look(() => DEFAULT_LOOK));
  const undo = button("undo", "undo", words.window.undo, "Ctrl Z", actions.undo);
  const redo = button("redo", "redo", words.window.redo, "Ctrl Y", actions.redo);
  const [original, result] = /** @type {const} */ (["original", "result"]).map((side) => h("button", { type: "button", "data-testid": `corners-${side}`, title: words.corners[`${side}Note`],
    onclick: () => store.update(({ corners }) => ({ corners: corners === side ? "off" : side })) }, words.corners[side]));
  fill(root, [
    preset,
    field(words.window.center, words.window.short.center, center),
    field(words.window.width, words.window.short.width, width),
    h("div", { class: "segment", role: "group", "aria-label": words.viewer.pose }, invert, turn, across, down),
    h("div", { class: "segment", role: "group", "aria-label": words.window.history }, reset, undo, redo),
    menu.button,
    menu.panel,
    h("span", { class: "space" }),
    h("div", { class: "segment words", role: "group", "aria-label": words.corners.label }, original, result),
  ]);

  function pick() {
    actions.look((look) => ({ ...look, choice: choiceOf(preset.value) }));
  }

  /** @type {{series: string, look: import("../types.js").Look} | null} what stood before the typing began */
  let before = null;

  /** The picture follows the typing; what isn't a number yet is waited for. */
  function type() {
    const { shown } = store.get();
    const voiFunction = shown?.window?.function ?? "LINEAR";
    const [c, w] = [center, width].map((input) => input.valueAsNumber);
    if (!shown?.look || !Number.isFinite(c) || !Number.isFinite(w)) return;
    before ??= { series: shown.series, look: store.get().looks[shown.series] ?? DEFAULT_LOOK };
    actions.look((look) => ({ ...look, choice: { kind: "person", center: c, width: Math.max(w, leastWidth(voiFunction)), function: voiFunction } }), { record: false });
  }

  /** What was typed is one step of undo. */
  function finish() {
    if (before) actions.recordLook(before.series, before.look);
    before = null;
  }

  /** @param {import("../types.js").State} state */
  function drawNumbers(state) {
    const window = asked(state);
    for (const [input, value] of /** @type {const} */ ([[center, window?.center], [width, window?.width]])) {
      input.disabled = !hasNumbers(window);
      const shownValue = hasNumbers(window) ? String(value) : "";
      if (document.activeElement !== input || input.value === "") input.value = shownValue;
    }
  }

  /** After Enter or leaving the field it shows what is true again, once that is known. */
  const settle = oncePerFrame(() => drawNumbers(store.get()));
  for (const input of [center, width]) input.addEventListener("blur", settle.ask);

  const leave = [
    watch(store, (s) => [s.shown, s.looks], drawNumbers),
    watch(store, (s) => [s.shown?.frame, s.shown?.look, s.about], (state) => {
      const { shown, about } = state;
      const gray = Boolean(shown?.frame && !shown.frame.info.color);
      preset.disabled = invert.disabled = !gray;
      for (const one of [turn, across, down, reset, menu.button]) one.disabled = !shown?.frame;
      fill(preset, options(shown?.frame ?? null, about?.presets ?? [], modality(state), shown?.look ?? DEFAULT_LOOK));
      preset.value = valueOf(shown?.look?.choice ?? { kind: "default" });
      set(invert, "aria-pressed", String(shown?.look?.invert ?? false));
    }),
    watch(store, (s) => [s.history], ({ history }) => {
      undo.disabled = history.past.length === 0;
      redo.disabled = history.future.length === 0;
    }),
    watch(store, (s) => [s.corners], ({ corners }) => {
      set(original, "aria-pressed", String(corners === "original"));
      set(result, "aria-pressed", String(corners === "result"));
    }),
    watch(store, (s) => [s.view], ({ view }) => {
      root.hidden = view === "tags";
    }),
    settle.stop,
    menu.stop,
  ];
  return () => leave.forEach((stop) => stop());
}

/**
 * Typed numbers count from the moment they are typed: the second of the two is read beside the first, whose picture
 * may not be there yet.
 * @param {import("../types.js").State} state
 */
function asked({ shown, looks }) {
  const choice = shown ? looks[shown.series]?.choice : undefined;
  return choice?.kind === "person" && hasNumbers(shown?.window) ? choice : shown?.window;
}

/** @param {import("../types.js").State} state */
function modality({ items, shown }) {
  return items.find((item) => seriesOf(item) === shown?.series)?.inspection?.series.modality ?? "";
}

/** @param {string} long @param {string} short @param {HTMLInputElement} input */
function field(long, short, input) {
  input.setAttribute("aria-label", long);
  return h("label", { class: "field" }, h("span", { class: "long" }, long), h("span", { class: "short", title: long }, short), input);
}

/** @param {Parameters<typeof icon>[0]} name @param {string} hook @param {string} label @param {string} key @param {() => void} onclick */
function button(name, hook, label, key, onclick) {
  return h("button", { type: "button", "data-testid": hook, "aria-label": label, title: `${label} (${key})`, onclick }, icon(name));
}
