import { fill, h, icon, set } from "../dom.js";
import { seriesOf } from "../model/tree.js";
import { DEFAULT_LOOK, hasNumbers, leastWidth } from "../model/window.js";
import { oncePerFrame, watch } from "../watch.js";
import { words } from "../words/words.js";
import { choiceOf, options, valueOf } from "./presets.js";

/** Window by preset and by number, invert, reset, undo, redo. @type {import("../types.js").Mount} */
export function mountTools(root, { store, actions }) {
  const preset = h("select", { "data-testid": "window-preset", "aria-label": words.window.preset, title: words.window.preset, onchange: pick });
  const [center, width] = ["center", "width"].map((which) => h("input", { type: "number", step: "any", class: "number", "data-testid": `window-${which}`, onchange: type }));
  const invert = button("invert", "invert", words.window.invert, "i", () => actions.look((look) => ({ ...look, invert: !look.invert })));
  const reset = button("reset", "reset", words.window.reset, "Space", () => actions.look(() => DEFAULT_LOOK));
  const undo = button("undo", "undo", words.window.undo, "Ctrl Z", actions.undo);
  const redo = button("redo", "redo", words.window.redo, "Ctrl Y", actions.redo);
  fill(root, [
    preset,
    h("label", { class: "field" }, h("span", {}, words.window.center), center),
    h("label", { class: "field" }, h("span", {}, words.window.width), width),
    h("span", { class: "space" }),
    h("div", { class: "segment", role: "group", "aria-label": words.window.label }, invert, reset, undo, redo),
  ]);

  function pick() {
    actions.look((look) => ({ ...look, choice: choiceOf(preset.value) }));
  }

  function type() {
    const { shown } = store.get();
    const voiFunction = shown?.window?.function ?? "LINEAR";
    const [c, w] = [center, width].map((input) => input.valueAsNumber);
    if (!Number.isFinite(c) || !Number.isFinite(w)) return drawNumbers(store.get());
    actions.look((look) => ({ ...look, choice: { kind: "person", center: c, width: Math.max(w, leastWidth(voiFunction)), function: voiFunction } }));
    drawNumbers(store.get());
  }

  /** @param {import("../types.js").State} state */
  function drawNumbers({ shown }) {
    const window = shown?.window;
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
    watch(store, (s) => [s.shown], drawNumbers),
    watch(store, (s) => [s.shown?.frame, s.shown?.look, s.about], (state) => {
      const { shown, about } = state;
      const gray = Boolean(shown?.frame && !shown.frame.info.color);
      preset.disabled = invert.disabled = reset.disabled = !gray;
      fill(preset, options(shown?.frame ?? null, about?.presets ?? [], modality(state), shown?.look ?? DEFAULT_LOOK));
      preset.value = valueOf(shown?.look?.choice ?? { kind: "default" });
      set(invert, "aria-pressed", String(shown?.look?.invert ?? false));
    }),
    watch(store, (s) => [s.history], ({ history }) => {
      undo.disabled = history.past.length === 0;
      redo.disabled = history.future.length === 0;
    }),
    settle.stop,
  ];
  return () => leave.forEach((stop) => stop());
}

/** @param {import("../types.js").State} state */
function modality({ items, shown }) {
  return items.find((item) => seriesOf(item) === shown?.series)?.inspection?.series.modality ?? "";
}

/** @param {Parameters<typeof icon>[0]} name @param {string} hook @param {string} label @param {string} key @param {() => void} onclick */
function button(name, hook, label, key, onclick) {
  return h("button", { type: "button", "data-testid": hook, "aria-label": label, title: `${label} (${key})`, onclick }, icon(name));
}
