import { fill, h, icon, set } from "../dom.js";
import { itemsOf, seriesOf } from "../model/tree.js";
import { words } from "../words/words.js";

/**
 * One row of the list. A heading says who or what; an instance says its state, and why when it was set aside.
 * @typedef {import("../model/tree.js").Row} Row
 * @typedef {import("../types.js").Item} Item
 * @typedef {import("../types.js").State} State
 */

/** @param {Row} row @param {State} state @returns {unknown[]} a row is drawn again only when one of these has changed */
export function rowSignature(row, state) {
  if (row.kind === "instance") return [state.items[row.place], state.selected === row.key];
  const first = state.items[row.places[0]];
  return [row.places.length, first.inspection, state.collapsed.has(row.key), state.thumbs[seriesOf(first)], row.kind === "rest" && itemsOf(row, state.items).some(waits)];
}

/** @param {HTMLElement} element @param {Row} row @param {State} state */
export function drawRow(element, row, state) {
  set(element, "class", `row row-${row.kind}`);
  if (row.kind === "instance") return drawInstance(element, state.items[row.place], state);
  set(element, "aria-expanded", String(!state.collapsed.has(row.key)));
  const items = itemsOf(row, state.items);
  const heading = row.kind === "rest" ? rest(items) : row.kind === "patient" ? patient(items) : row.kind === "study" ? study(items) : series(items, state);
  fill(element, [h("span", { class: "twist", "aria-hidden": "true" }, icon("chevron")), ...heading, remove()]);
}

/** For the mouse; the Delete key does the same, so it is no stop for the Tab key. */
function remove() {
  return h("button", { type: "button", class: "remove", tabindex: -1, "aria-label": words.tree.remove, title: words.tree.remove }, icon("close"));
}

/** @param {Item} item */
const waits = (item) => item.state === "queued" || item.state === "reading";

/** @param {Item[]} items */
function rest(items) {
  return [h("span", { class: "row-text" }, h("b", {}, items.some(waits) ? words.tree.restWaiting : words.tree.rest)), h("small", {}, words.tree.count(items.length, false))];
}

/** @param {Item[]} items */
function patient(items) {
  const who = items[0].inspection?.patient;
  const pseudonym = who?.pseudonym
    ? h("small", { class: "becomes" }, h("span", { "aria-hidden": "true" }, "→ "), h("span", { class: "unseen" }, `${words.tree.becomes} `), who.pseudonym)
    : h("small", { class: "becomes warn" }, words.identity.notInTable);
  return [h("span", { class: "row-text" }, h("b", {}, personName(who?.name ?? "") || who?.id || words.tree.noName), pseudonym)];
}

/** @param {Item[]} items */
function study(items) {
  const what = items[0].inspection?.study;
  return [h("span", { class: "row-text" }, what?.description || words.tree.study), h("small", {}, day(what?.date ?? "") || words.tree.noDate)];
}

/** @param {Item[]} items @param {State} state */
function series(items, state) {
  const inspection = items[0].inspection;
  const images = items.every((item) => item.inspection?.instance.has_pixels);
  const bitmap = state.thumbs[seriesOf(items[0])];
  const thumb = h("canvas", { class: bitmap ? "thumb" : "thumb blank", width: 80, height: 80, "aria-hidden": "true" });
  if (bitmap) thumb.getContext("2d")?.drawImage(bitmap, 0, 0);
  const facts = [inspection?.series.modality, words.tree.count(items.length, images)].filter(Boolean).join(" · ");
  return [thumb, h("span", { class: "row-text" }, inspection?.series.description || `${words.tree.series} ${inspection?.series.number ?? ""}`.trim(), h("small", {}, facts))];
}

/** @param {HTMLElement} element @param {import("../types.js").Item} item @param {State} state */
function drawInstance(element, item, state) {
  set(element, "data-state", item.state);
  set(element, "data-out", item.out);
  set(element, "aria-selected", String(state.selected === item.id));
  const known = item.inspection?.instance;
  const frames = known && known.frames > 1 ? words.tree.frames(known.frames) : "";
  const trouble = item.trouble && words.trouble(item.trouble);
  const aside = item.pictureTrouble ? words.tree.pictureTrouble : known && !known.has_pixels ? words.tree.noPicture : frames;
  fill(element, [
    h("span", { class: "glyph", "aria-hidden": "true" }, item.state === "done" ? icon("check") : item.state === "quarantined" ? icon("alert") : null),
    h("span", { class: "row-text" }, known?.number ? words.tree.instance(known.number) : item.file.name),
    aside ? h("small", { class: item.pictureTrouble ? "warn" : null }, aside) : null,
    h("small", { class: "state" }, item.out ? words.tree.out : words.tree.states[item.state]),
    remove(),
    trouble ? h("small", { class: "reason" }, trouble) : null,
  ]);
}

/** @param {string} name PN (PS3.5 6.2): components by ^, groups by = @returns {string} as people write it */
export function personName(name) {
  const groups = name.split("=").map((group) => {
    const [family = "", given = "", middle = ""] = group.split("^").map((part) => part.trim());
    return [family, [given, middle].filter(Boolean).join(" ")].filter(Boolean).join(", ");
  });
  return groups.filter(Boolean).join(" · ");
}

/** @param {string} date DA (PS3.5 6.2) @returns {string} */
export function day(date) {
  return /^\d{8}$/.test(date) ? `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}` : date;
}
