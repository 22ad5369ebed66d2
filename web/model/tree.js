/**
 * Patient → study → series → instance, from a flat list of items. Pure.
 * @typedef {import("../types.js").Item} Item
 * @typedef {{kind: "patient" | "study" | "series" | "rest", key: string, level: number, parents: string[], items: Item[]}} Group
 * @typedef {{kind: "instance", key: string, level: number, parents: string[], item: Item}} Leaf
 * @typedef {Group | Leaf} Row
 */
import { comparePlaces, placeOf } from "./place.js";

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
  const known = ordered.get(items);
  if (known) return known;
  const result = [
    ...items.filter((item) => item.inspection).sort((a, b) => comparePlaces(place(a), place(b))),
    ...items.filter((item) => !item.inspection),
  ];
  ordered.set(items, result);
  return result;
}

/** @param {readonly Item[]} items @returns {Row[]} headings and instances, top to bottom, nothing collapsed */
export function rows(items) {
  /** @type {Row[]} */
  const result = [];
  /** @type {Map<string, Group>} */
  const groups = new Map();
  const kinds = /** @type {const} */ (["patient", "study", "series"]);
  for (const item of order(items)) {
    const path = item.inspection ? place(item).path : ["rest"];
    path.forEach((key, i) => {
      let group = groups.get(key);
      if (!group) {
        group = { kind: item.inspection ? kinds[i] : "rest", key, level: i + 1, parents: path.slice(0, i), items: [] };
        groups.set(key, group);
        result.push(group);
      }
      group.items.push(item);
    });
    result.push({ kind: "instance", key: item.id, level: 4, parents: path, item });
  }
  return result;
}

/** @param {Row} row @param {ReadonlySet<string>} collapsed */
export function isVisible(row, collapsed) {
  return !row.parents.some((key) => collapsed.has(key));
}

/** @param {readonly Item[]} items @returns {{patients: number, images: boolean, count: number}} of those that will be de-identified */
export function census(items) {
  const able = items.filter(canDeidentify);
  return {
    count: able.length,
    patients: new Set(able.map((item) => place(item).path[0])).size,
    images: able.every((item) => item.inspection?.instance.has_pixels),
  };
}

/** @param {Item} item */
export function canDeidentify(item) {
  return Boolean(item.inspection) && item.state !== "quarantined";
}
