/**
 * Patient → study → series → instance, from a flat list of items. Pure. Rows hold places in the list and no items, so
 * that they stay what they are while states change.
 * @typedef {import("../types.js").Item} Item
 * @typedef {{children: number}} Above a heading, or the list itself
 * @typedef {{kind: "patient" | "study" | "series" | "rest", key: string, level: number, parents: string[], above: Above, nth: number, children: number, places: number[]}} Group
 * @typedef {{kind: "instance", key: string, level: number, parents: string[], above: Above, nth: number, place: number}} Leaf
 * @typedef {Group | Leaf} Row `nth` among the children of the one above, from 1
 */
import { shapeOf } from "./order.js";
import { placeOf } from "./place.js";

/** @param {Item} item @returns {string} names the item's series; windows are remembered by it */
export function seriesOf(item) {
  return item.inspection ? place(item).path[2] : `item:${item.id}`;
}

/** @param {Item} item one whose header is known */
function place(item) {
  return placeOf(/** @type {import("../types.js").Inspection} */ (item.inspection));
}

/** @type {WeakMap<readonly Item[], Item[]>} */
const ordered = new WeakMap();

/**
 * Known instances in reading order, then those whose header isn't known (waiting, or set aside), as they arrived.
 * @param {readonly Item[]} items @returns {Item[]}
 */
export function order(items) {
  const known = ordered.get(items) ?? shapeOf(items).places.map((at) => items[at]);
  ordered.set(items, known);
  return known;
}

const KINDS = /** @type {const} */ (["patient", "study", "series"]);
const REST = ["rest"];
/** @type {WeakMap<import("./order.js").Shape, Row[]>} */
const rowsOf = new WeakMap();

/** @param {readonly Item[]} items @returns {Row[]} headings and instances, top to bottom, nothing collapsed */
export function rows(items) {
  const shape = shapeOf(items);
  const made = rowsOf.get(shape) ?? rowsIn(items, shape.places);
  rowsOf.set(shape, made);
  return made;
}

/** @param {readonly Item[]} items @param {readonly number[]} places */
function rowsIn(items, places) {
  /** @type {Row[]} */
  const result = [];
  const top = { children: 0 };
  /** @type {Map<string, Group>} */
  const groups = new Map();
  /** @type {string[]} */
  let path = [];
  /** @type {Group[]} the headings of it */
  let headings = [];
  for (const at of places) {
    const item = items[at];
    const mine = item.inspection ? place(item).path : REST;
    if (mine !== path) {
      headings = mine.map((key, i) => groups.get(key) ?? begun(key, i));
      path = mine;
    }
    for (const heading of headings) heading.places.push(at);
    const above = headings[headings.length - 1];
    result.push({ kind: "instance", key: item.id, level: 4, parents: path, above, nth: ++above.children, place: at });

    /** @param {string} key @param {number} i */
    function begun(key, i) {
      const above = groups.get(mine[i - 1]) ?? top;
      /** @type {Group} */
      const group = { kind: item.inspection ? KINDS[i] : "rest", key, level: i + 1, parents: mine.slice(0, i), above, nth: ++above.children, children: 0, places: [] };
      groups.set(key, group);
      result.push(group);
      return group;
    }
  }
  return result;
}

/** @param {Row} row @param {readonly Item[]} items @returns {Item[]} of the same list, or of one that differs in states */
export function itemsOf(row, items) {
  return row.kind === "instance" ? [items[row.place]] : row.places.map((at) => items[at]);
}

/** @param {Row} row @param {ReadonlySet<string>} collapsed */
export function isVisible(row, collapsed) {
  return !row.parents.some((key) => collapsed.has(key));
}

/** @param {readonly Item[]} items @param {ReadonlySet<string>} collapsed @returns {Row[]} */
export function visibleRows(items, collapsed) {
  return collapsed.size ? rows(items).filter((row) => isVisible(row, collapsed)) : rows(items);
}

/** @type {WeakMap<readonly Item[], ReturnType<typeof counted>>} */
const censuses = new WeakMap();

/** @param {readonly Item[]} items @returns {{patients: number, images: boolean, count: number}} of those that will be de-identified */
export function census(items) {
  const known = censuses.get(items) ?? counted(items);
  censuses.set(items, known);
  return known;
}

/** @param {readonly Item[]} items */
function counted(items) {
  const able = items.filter(canDeidentify);
  return {
    count: able.length,
    patients: new Set(able.map((item) => place(item).path[0])).size,
    images: able.every((item) => item.inspection?.instance.has_pixels),
  };
}

/** @param {Item} item */
export function canDeidentify(item) {
  return Boolean(item.inspection) && item.state !== "quarantined" && !item.out;
}
