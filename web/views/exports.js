import { fill, h, set, text } from "../dom.js";
import { unconfirmed } from "../model/boxes.js";
import { chosenItems, choicesOf, frames, groupOf, outputs, shownIn, together } from "../model/exports.js";
import { secondsLeft } from "../model/progress.js";
import { watch } from "../watch.js";
import { words } from "../words/words.js";
import { optionFields } from "./exportoptions.js";
import { modal } from "./modal.js";

const GROUPS = /** @type {const} */ (["pictures", "moving", "documents", "research"]);
/** So long nothing changes before the size is asked for (ms). */
const CALM = 250;

/** The dialog of exports: what, as what, how, and what exactly comes of it. @type {import("../types.js").Mount} */
export function mountExports(root, { store, actions }) {
  const whats = h("div", { class: "whats" });
  const formats = h("div", { class: "formats" });
  const window_ = h("select", { "data-testid": "export-window", onchange: () => actions.wishExport({ window: window_.value }) });
  const windowNote = h("small", { "data-testid": "export-window-note" });
  const windowField = h("label", { class: "line" }, h("span", {}, words.exports.window), window_);
  const options = h("div", { class: "lines" });
  const will = h("p", { class: "will", role: "status", "data-testid": "export-will" });
  const save = h("button", { type: "submit", class: "go", "data-testid": "export-save" }, words.exports.save);
  const bar = h("progress", { max: 1, "aria-label": words.exports.progress });
  const cancel = h("button", { type: "button", class: "plain", "data-testid": "export-cancel", onclick: () => actions.cancel() }, words.exports.cancel);
  const outcome = h("div", { class: "outcome", "data-testid": "export-outcome", role: "status" });
  const left = h("fieldset", {}, h("legend", {}, words.exports.what), whats, windowField, windowNote);
  const right = h("fieldset", {}, h("legend", {}, words.exports.format), formats);
  const below = h("fieldset", { class: "below" }, h("legend", { class: "unseen" }, words.exports.options), options);
  const form = h("form", { onsubmit: (/** @type {Event} */ event) => { event.preventDefault(); if (!save.disabled) void actions.runExport(); } },
    h("p", { class: "lead-in" }, words.exports.lead),
    h("div", { class: "two" }, left, right), below, outcome,
    h("div", { class: "modal-foot" }, will, bar, cancel, save));
  const { dialog, show } = modal({ title: words.exports.title, hook: "export-dialog", close: words.exports.close, onclose: () => store.update(({ dialog: open }) => ({ dialog: open === "export" ? null : open })) }, form);
  dialog.classList.add("export-dialog");
  fill(root, [dialog]);

  /** What the last drawing was made of. @type {{choices: string, format: import("../types.js").Format | null}} */
  let drawn = { choices: "", format: null };
  /** @param {import("../types.js").State} state the choices that there are, and those that are made */
  function draw(state) {
    const { about, items, selected, exportWish: wish, films } = state;
    const restoreFocus = keepFocus(root);
    const there = choicesOf(items, selected);
    fill(whats, there.map((what) => radio("export-what", what, wish.what === what, words.exports.whats[what],
      what === "frame" ? "" : words.exports.count(frames(chosenItems(items, selected, what))), () => actions.wishExport({ what }))));
    const all = about?.formats ?? [];
    fill(formats, GROUPS.map((group) => {
      const some = all.filter(({ name }) => groupOf(name) === group);
      return some.length > 0 && h("div", { role: "group", "aria-label": words.exports.groups[group] }, h("h3", {}, words.exports.groups[group]),
        h("div", { class: "chips" }, ...some.map((one) => {
          const why = one.name === "webm" && films?.webm === false ? words.exports.noWebm : one.scope === "series" && wish.what === "frame" ? words.exports.needsMore : "";
          return chip(one, wish.format === one.name, why, () => actions.wishExport({ format: one.name }));
        })));
    }));
    const format = all.find((one) => one.name === wish.format);
    if (!format) return;
    const seen = format.options.some((one) => one.name === "square") || format.made_by === "browser";
    const ct = chosenItems(items, selected, wish.what === "frame" ? "instance" : wish.what);
    const some = ct.some((item) => item.inspection?.series.modality === "CT");
    const choices = JSON.stringify([some, about?.presets]);
    if (drawn.choices !== choices) fill(window_, [...["screen", "own"].map((value) => h("option", { value }, words.exports.windows[/** @type {"screen" | "own"} */ (value)])),
      some && h("optgroup", { label: words.exports.windows.presets }, ...(about?.presets ?? []).map(({ name, label, center, width }) => h("option", { value: name }, words.window.option(label, center, width))))]);
    window_.value = wish.window;
    window_.disabled = !seen;
    const preset = !["screen", "own"].includes(wish.window);
    text(windowNote, !seen ? words.exports.valuesNote : preset && ct.some((item) => item.inspection?.series.modality !== "CT") ? words.exports.presetNote : "");
    // A number that is being typed stays as it is.
    if (drawn.format !== format || !isTyped(options)) fill(options, optionFields({ ...state, format }, actions.wishExport));
    drawn = { choices, format };
    restoreFocus();
  }

  let size = /** @type {number | null} */ (null);
  /** @param {import("../types.js").State} state */
  function tell(state) {
    const format = state.about?.formats.find((one) => one.name === state.exportWish.format);
    if (!format) return;
    const impossible = (format.scope === "series" && state.exportWish.what === "frame") || (format.name === "webm" && state.films?.webm === false);
    const files = impossible ? [] : outputs(state, format, state.exportWish);
    const pictures = files.reduce((sum, { shots }) => sum + shots.length, 0);
    const moving = groupOf(format.name) === "moving" && files.length === 1 && together(format, state.exportWish);
    const seconds = moving ? files[0].times?.at(-1) ?? pictures / files[0].rate : null;
    const busy = state.busy?.kind === "export" ? state.busy : null;
    const remaining = busy && secondsLeft(busy, Date.now());
    text(will, busy ? [words.exports.working(busy.done, busy.total), remaining === null ? "" : words.foot.left(remaining)].filter(Boolean).join(" · ")
      : pictures === 0 ? (impossible ? `${format.label} ${format.scope === "series" && state.exportWish.what === "frame" ? words.exports.needsMore : words.exports.noWebm}.` : words.exports.nothing)
        : words.exports.will({ files: files.length, pictures, format, bytes: size === null ? null : size * pictures, seconds }));
    save.disabled = pictures === 0 || Boolean(state.busy) || !state.boot.ready;
    save.hidden = Boolean(busy);
    const { instances, frameIndex } = shownIn(busy ? [] : files);
    set(save, "aria-haspopup", unconfirmed(instances, state.pixels, frameIndex).length ? "dialog" : null);
    bar.hidden = cancel.hidden = !busy;
    bar.value = busy ? busy.done / busy.total : 0;
    for (const set_ of [left, right, below]) set_.disabled = Boolean(busy);
  }

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** The size of one picture, once nobody changes anything for a moment. */
  function measure() {
    clearTimeout(timer);
    size = null;
    timer = setTimeout(async () => {
      const wish = store.get().exportWish;
      const found = store.get().dialog === "export" && !store.get().busy ? await actions.sizeOfOne() : null;
      if (store.get().exportWish !== wish) return;
      size = found;
      tell(store.get());
    }, CALM);
  }

  const leave = [
    watch(store, (s) => [s.dialog === "export", s.exportWish, s.about, s.items, s.selected, s.films, s.shown], (state) => {
      if (state.dialog !== "export") return show(false);
      const there = choicesOf(state.items, state.selected);
      if (!there.includes(state.exportWish.what) && there.length) return store.update(({ exportWish }) => ({ exportWish: { ...exportWish, what: there[0] } }));
      draw(state);
      show(true);
      measure();
    }),
    watch(store, (s) => [s.dialog, s.exportWish, s.busy, s.items, s.selected, s.frameIndex, s.films, s.boot.ready], (state) => { if (state.dialog === "export") tell(state); }),
    watch(store, (s) => [s.exported], ({ exported }) => {
      set(outcome, "data-bad", exported?.refused.length ? "yes" : null);
      fill(outcome, exported ? [h("p", {}, words.exports.done(exported.files, exported.pictures, exported.refused.length)),
        exported.refused.length > 0 && h("ul", { tabindex: "0", "data-scrolls": "yes", "aria-label": words.exports.refused }, ...byReason(exported.refused).map(([reason, labels]) => h("li", {}, words.exports.reason(labels, reason))))] : []);
    }),
  ];
  return () => {
    clearTimeout(timer);
    leave.forEach((stop) => stop());
  };
}

/** @param {readonly import("../types.js").ExportRefused[]} refused @returns {[string, string[]][]} what failed alike is told once */
function byReason(refused) {
  return [...new Set(refused.map(({ reason }) => reason))].map((reason) => [reason, refused.filter((one) => one.reason === reason).map(({ label }) => label)]);
}

/** @param {HTMLElement} fields */
const isTyped = (fields) => fields.contains(document.activeElement) && document.activeElement?.getAttribute("type") === "number";

/** What is drawn anew takes the focus with it; gives what brings it back. @param {HTMLElement} root */
function keepFocus(root) {
  const hook = root.contains(document.activeElement) && document.activeElement?.getAttribute("data-testid");
  return () => { if (hook && !root.contains(document.activeElement)) /** @type {HTMLElement | null} */ (root.querySelector(`[data-testid="${hook}"]`))?.focus(); };
}

/** @param {string} name @param {string} value @param {boolean} checked @param {string} label @param {string} note @param {() => void} choose */
function radio(name, value, checked, label, note, choose) {
  const input = h("input", { type: "radio", name, value, "data-testid": `${name}-${value}`, onchange: choose });
  input.checked = checked;
  return h("label", { class: "choice" }, input, h("span", {}, h("b", {}, label), note && h("small", {}, note)));
}

/** @param {import("../types.js").Format} format @param {boolean} checked @param {string} why it can't be chosen @param {() => void} choose */
function chip(format, checked, why, choose) {
  const input = h("input", { type: "radio", name: "export-as", value: format.name, "data-testid": `export-as-${format.name}`, class: "unseen", onchange: choose });
  input.checked = checked;
  input.disabled = why !== "" && !checked;
  return h("label", { class: "chip", title: why || null }, input, h("span", {}, format.label), why && h("span", { class: "unseen" }, why));
}
