/**
 * Patient → study → series → instance, from a flat list of items. Pure. Rows hold places in the list and no items, so
 * that they stay what they are while states change.
 * @typedef {import("../types.js").Item} Item
 * @typedef {{kind: "patient" | "study" | "series" | "rest", key: string, level: number, parents: string[], nth: number, siblings: number, places: number[]}} Group
 * @typedef {{kind: "instance", key: string, level: number, parents: string[], nth: number, siblings: number, place: number}} Leaf
 * @typedef {Group | Leaf} Row `nth` of `siblings` below the one above, from 1
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

/** @type {Map<string, Leaf[]>} rows of the list before this one, by their series: most of them stay while a list is read */
let before = new Map();

/** @param {readonly Item[]} items @param {readonly number[]} places */
function rowsIn(items, places) {
  const pathOf = (/** @type {Item} */ item) => (item.inspection ? place(item).path : REST);
  /** @type {Map<string, Group>} with their places, in order */
  const groups = new Map();
  /** @type {string[]} */
  let path = [];
  /** @type {Group[]} the headings of it */
  let headings = [];
  for (const at of places) {
    const mine = pathOf(items[at]);
    if (mine !== path) headings = (path = mine).map((key, i) => groups.get(key) ?? begun(mine, i));
    for (const heading of headings) heading.places.push(at);
  }
  numberSiblings(groups);

  /** @param {string[]} mine @param {number} i */
  function begun(mine, i) {
    /** @type {Group} */
    const group = { kind: mine === REST ? "rest" : KINDS[i], key: mine[i], level: i + 1, parents: mine.slice(0, i), nth: 0, siblings: 0, places: [] };
    groups.set(mine[i], group);
    return group;
  }

  /** @type {Row[]} */
  const result = [];
  /** @type {Map<string, Leaf[]>} */
  const leaves = new Map();
  path = [];
  /** @type {Leaf[]} */
  let own = [];
  /** @type {readonly Leaf[]} */
  let old = [];
  let siblings = 0;
  for (const at of places) {
    const mine = pathOf(items[at]);
    if (mine !== path) {
      for (const key of mine) if (groups.get(key)?.places[0] === at) result.push(/** @type {Group} */ (groups.get(key)));
      const key = mine[mine.length - 1];
      own = leaves.get(key) ?? [];
      leaves.set(key, own);
      old = before.get(key) ?? [];
      siblings = groups.get(key)?.places.length ?? 0;
      path = mine;
    }
    const known = old[own.length];
    const { id } = items[at];
    const leaf = known?.place === at && known.key === id && known.siblings === siblings ? known
      : { kind: /** @type {const} */ ("instance"), key: id, level: 4, parents: path, nth: own.length + 1, siblings, place: at };
    own.push(leaf);
    result.push(leaf);
  }
  before = leaves;
  return result;
}

/** @param {Map<string, Group>} groups */
function numberSiblings(groups) {
  /** @type {Map<string | undefined, number>} by what they are below */
  const counts = new Map();
  for (const group of groups.values()) {
    const above = group.parents[group.parents.length - 1];
    group.nth = (counts.get(above) ?? 0) + 1;
    counts.set(above, group.nth);
  }
  for (const group of groups.values()) group.siblings = counts.get(group.parents[group.parents.length - 1]) ?? 0;
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
  /** @type {Set<string>} */
  const patients = new Set();
  let [count, images] = [0, true];
  for (const item of items) {
    if (!canDeidentify(item)) continue;
    count += 1;
    images &&= Boolean(item.inspection?.instance.has_pixels);
    patients.add(place(item).path[0]);
  }
  return { count, patients: patients.size, images };
}

/** @param {Item} item */
export function canDeidentify(item) {
  return Boolean(item.inspection) && item.state !== "quarantined" && !item.out;
}
