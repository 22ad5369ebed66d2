import { h } from "../dom.js";
import { chosenItems, frames } from "../model/exports.js";
import { ownRate, RATES } from "../model/rate.js";
import { words } from "../words/words.js";

/**
 * The options of a format, as its module in the core declares them, and those that only the page knows of.
 * @typedef {import("../types.js").FormatOption} Option
 * @param {Omit<import("../types.js").State, "format"> & {format: import("../types.js").Format}} state
 * @param {(change: Partial<import("../types.js").ExportWish>) => void} change @returns {HTMLElement[]}
 */
export function optionFields(state, change) {
  const { format, exportWish: wish, films } = state;
  const put = (/** @type {string} */ name, /** @type {number | boolean | string} */ value) => change({ options: { ...wish.options, [name]: value } });
  /** @type {Option[]} */
  const codec = format.name === "mp4" && films?.hevc ? [{ name: "codec", kind: "choice", default: "h264", choices: ["h264", "hevc"] }] : [];
  const fields = [...format.options, ...codec].map((option) => {
    const value = wish.options[option.name] ?? option.default;
    return option.name === "rate" ? rate(state, Number(value), put) : field(option, value, put);
  });
  if (format.scope !== "both" || wish.what === "frame") return fields;
  return [box("together", wish.together, (checked) => change({ together: checked })), ...fields];
}

/** @param {Option} option @param {number | boolean | string} value @param {(name: string, value: any) => void} put */
function field({ name, kind, low, high, choices = [] }, value, put) {
  if (kind === "bool") return box(name, Boolean(value), (checked) => put(name, checked));
  if (kind === "choice") {
    return select(name, String(value), choices.map((one) => [one, words.exports.choice[`${name}-${one}`] ?? one]), (chosen) => put(name, chosen));
  }
  const input = h("input", { type: "number", class: "number", min: low, max: high, step: 1, value, "data-testid": `option-${name}`,
    onchange: () => {
      const number = Math.round(Math.min(high ?? Infinity, Math.max(low ?? -Infinity, Number(input.value) || 0)));
      input.value = String(number);
      put(name, number);
    } });
  return line(name, input);
}

/** @param {Pick<import("../types.js").State, "items" | "selected" | "exportWish">} state @param {number} value @param {(name: string, value: number) => void} put */
function rate({ items, selected, exportWish }, value, put) {
  const chosen = chosenItems(items, selected, exportWish.what === "frame" ? "instance" : exportWish.what);
  const paces = new Set(chosen.map((item) => JSON.stringify([ownRate(item).rate, ownRate(item).source])));
  const [first] = chosen;
  const own = paces.size === 1 && frames(chosen) > 0 ? words.exports.ownRate(ownRate(first).rate, ownRate(first).source) : words.exports.mixedRates;
  return select("rate", String(value), [["0", own], ...RATES.map((one) => /** @type {[string, string]} */ ([String(one), words.exports.rate(one)]))], (one) => put("rate", Number(one)));
}

/** @param {string} name @param {boolean} checked @param {(checked: boolean) => void} put */
function box(name, checked, put) {
  const input = h("input", { type: "checkbox", "data-testid": `option-${name}`, onchange: () => put(input.checked) });
  input.checked = checked;
  return h("label", { class: "check" }, input, label(name));
}

/** @param {string} name @param {string} value @param {[string, string][]} choices @param {(value: string) => void} put */
function select(name, value, choices, put) {
  const input = h("select", { "data-testid": `option-${name}`, onchange: () => put(input.value) }, ...choices.map(([one, text]) => h("option", { value: one }, text)));
  input.value = value;
  return line(name, input);
}

/** @param {string} name @param {HTMLElement} input */
const line = (name, input) => h("label", { class: "line" }, h("span", {}, label(name)), input);

/** @param {string} name */
const label = (name) => words.exports.option[name] ?? name;
