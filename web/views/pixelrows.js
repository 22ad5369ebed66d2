import { fill, h, icon } from "../dom.js";
import { isOfFace, mayNotStay } from "../model/boxes.js";
import { words } from "../words/words.js";

const REACHES = /** @type {const} */ (["frame", "clip", "series", "device"]);

/** @param {import("../types.js").Item} item its place, without a word about the patient */
export function nameOf({ inspection }) {
  const { series, instance } = inspection ?? {};
  return [series?.modality, series?.number && `${words.tree.series} ${series.number}`, instance?.number ? `#${instance.number}` : ""].filter(Boolean).join(" ") || words.tree.series;
}

/** @param {readonly import("../types.js").Item[]} items in the order of the list @returns {Map<string, string>} their names by id, each another: where two are alike, with their place in the list */
export function namesOf(items) {
  const names = items.map(nameOf);
  /** @type {Map<string, number>} */
  const count = new Map();
  for (const name of names) count.set(name, (count.get(name) ?? 0) + 1);
  return new Map(items.map(({ id }, i) => [id, (count.get(names[i]) ?? 0) > 1 ? `${names[i]} · ${words.pixels.nth(i + 1)}` : names[i]]));
}

/** @param {import("../types.js").Item} item */
export const isFaceAtRisk = ({ inspection }) => Boolean(inspection?.risks.some(isOfFace));

/**
 * One image of the queue: what is worst about it, and whether it has been seen.
 * @param {import("../types.js").Item} item @param {string} name @param {import("../types.js").Sight} sight @param {boolean} current
 * @param {import("../types.js").Kind | null} worst @param {() => void} go
 */
export function queueRow(item, name, sight, current, worst, go) {
  const missing = sight.status === "missing";
  const what = missing ? words.pixels.status.missing : worst ? words.pixels.kinds[worst] : sight.marks.length ? (sight.marks.some(({ source }) => source === "drawn") ? words.pixels.drawn : words.pixels.byRule) : words.pixels.status[sight.status];
  return h("li", {}, h("button", { type: "button", class: "queue-row", "data-key": item.id, "data-status": sight.status, "aria-current": current ? "true" : null, onclick: go },
    h("span", { class: "swatch", "data-kind": missing ? "missing" : worst }), h("span", { class: "cut" }, name, isFaceAtRisk(item) && h("small", { class: "face" }, words.pixels.face)), h("small", {}, what), sight.seen && icon("check"), sight.seen && h("span", { class: "unseen" }, words.pixels.seen)));
}

/**
 * One box: its class, what was read, what that is like, what becomes of it, and where else it shall.
 * @param {import("../types.js").Mark} mark
 * @param {{goes: boolean, chosen: boolean, fixed: boolean, counts: (reach: import("../types.js").Reach) => number}} about
 * @param {import("../types.js").Actions} actions
 */
export function markCard(mark, { goes, chosen, fixed, counts }, actions) {
  const { id, kind, text, matches, source, first, last, rule } = mark;
  const label = source === "drawn" ? words.pixels.drawn : rule === "known" ? words.pixels.knownRule : rule !== undefined ? words.pixels.ownRule : source === "rule" ? words.pixels.copied : words.pixels.kinds[kind];
  const reading = h("button", { type: "button", class: "mark-name", "data-testid": `mark-${id}`, "aria-pressed": String(chosen), onclick: () => actions.choose(id) },
    h("span", { class: "swatch", "data-kind": source === "read" ? kind : "drawn" }), h("span", {}, h("b", { class: "cut" }, text || label), h("small", { class: "cut" }, [text && label, matches.length && words.pixels.matches(matches), counts("clip") > 1 && words.pixels.frames(first, last)].filter(Boolean).join(" · "))));
  const turn = h("button", { type: "button", class: "plain small", "data-testid": `mark-${id}-turn`, disabled: fixed, title: !goes ? words.pixels.remove : source !== "read" ? words.pixels.keep : mayNotStay(mark) ? words.pixels.keepNamed : kind === "unknown" ? words.pixels.keepUnclear : words.pixels.keep, "aria-label": `${goes ? words.pixels.goes : words.pixels.stays}: ${text || label}`, onclick: () => actions.changeMark(id, { decision: goes ? "keep" : "remove" }) }, goes ? words.pixels.goes : words.pixels.stays);
  const gone = source !== "read" && rule === undefined && h("button", { type: "button", class: "ghost square small", "data-testid": `mark-${id}-delete`, disabled: fixed, "aria-label": words.pixels.delete, title: words.pixels.delete, onclick: () => actions.removeMark(id) }, icon("close"));
  return h("div", { class: "mark-card", "data-chosen": chosen, "data-goes": goes }, h("div", { class: "mark-line" }, reading, turn, gone), chosen && reachOf(id, counts, fixed, actions));
}

/** @param {string} id @param {(reach: import("../types.js").Reach) => number} counts @param {boolean} fixed @param {import("../types.js").Actions} actions */
function reachOf(id, counts, fixed, actions) {
  const choices = REACHES.filter((reach) => (reach === "frame" ? counts("clip") > 1 : reach === "clip" || counts(reach) > 1));
  const select = h("select", { "aria-label": words.pixels.apply, "data-testid": "mark-reach", disabled: fixed });
  fill(select, choices.map((reach) => h("option", { value: reach }, words.pixels.reach[reach](counts(reach)))));
  select.value = /** @type {string} */ (choices.at(-1));
  return h("div", { class: "reach" }, h("small", {}, words.pixels.apply), select,
    h("button", { type: "button", class: "plain small", "data-testid": "mark-apply", disabled: fixed, onclick: () => actions.applyMark(id, /** @type {import("../types.js").Reach} */ (select.value)) }, words.pixels.applyGo));
}
