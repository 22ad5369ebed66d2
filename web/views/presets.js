/**
 * The choices of the preset list, as values of a <select>.
 * @typedef {import("../types.js").Choice} Choice
 */
import { h } from "../dom.js";
import { hasNumbers } from "../model/window.js";
import { words } from "../words/words.js";

/** @param {Choice} choice */
export function valueOf(choice) {
  if (choice.kind === "listed") return `listed:${choice.index}`;
  if (choice.kind === "preset") return choice.name;
  return choice.kind;
}

/** @param {string} value @returns {Choice} */
export function choiceOf(value) {
  if (value === "default") return { kind: "default" };
  if (value.startsWith("listed:")) return { kind: "listed", index: Number(value.slice(7)) };
  return { kind: "preset", name: value };
}

/**
 * What the file carries comes first, then the automatic window, then (for CT, whose values are Hounsfield units
 * everywhere) the usual presets.
 * @param {import("../types.js").LoadedFrame | null} frame @param {readonly import("../types.js").Preset[]} presets
 * @param {string} modality @param {import("../types.js").Look} look @returns {HTMLElement[]}
 */
export function options(frame, presets, modality, look) {
  const [first, ...others] = listed(frame);
  /** @type {HTMLElement[]} */
  const result = [h("option", { value: "default" }, first?.label ?? words.window.none), ...others.map(({ value, label }) => h("option", { value }, label))];
  if (presetsApply(modality) && frame && !frame.info.color) {
    result.push(h("optgroup", { label: words.window.presets },
      ...presets.map(({ name, label, center, width }) => h("option", { value: name }, words.window.option(label, center, width)))));
  }
  if (look.choice.kind === "person") result.push(h("option", { value: "person" }, words.window.person));
  return result;
}

/** @param {string} modality */
export function presetsApply(modality) {
  return modality === "CT";
}

/** @param {import("../types.js").LoadedFrame | null} frame the frame's own windows; the default is the first of the list */
function listed(frame) {
  const windows = frame?.info.windows ?? [];
  const isDefault = (/** @type {import("../types.js").Window} */ one) => JSON.stringify(one) === JSON.stringify(frame?.info.window);
  const all = windows.map((window, index) => ({ value: `listed:${index}`, label: label(window), first: isDefault(window) }));
  return [...all.filter((one) => one.first).slice(0, 1), ...all.filter((one) => !one.first)];
}

/** @param {import("../types.js").Window} window */
export function label(window) {
  const kind = window.source === "auto" ? words.window.auto : words.window.own;
  const isTable = typeof window.voi_lut === "number";
  const detail = window.explanation || (isTable ? words.window.table : "");
  const name = detail && window.source !== "auto" ? `${kind}: ${detail}` : kind;
  return hasNumbers(window) && !isTable ? words.window.option(name, window.center, window.width) : name;
}
