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
/** The list that was ordered last: most that follow differ from it in states alone, which change no order. */
let last = { items: /** @type {readonly Item[]} */ ([]), places: /** @type {number[]} */ ([]) };

/**
 * Known instances in reading order, then those whose header isn't known (waiting, or set aside), as they arrived.
 * @param {readonly Item[]} items @returns {Item[]}
 */
export function order(items) {
  const known = ordered.get(items);
  if (known) return known;
  const places = isAsBefore(items) ? last.places : sorted(items);
  last = { items, places };
  const result = places.map((at) => items[at]);
  ordered.set(items, result);
  return result;
}

/** @param {readonly Item[]} items */
function isAsBefore(items) {
  return items.length === last.items.length && items.every((item, i) => item.id === last.items[i].id && item.inspection === last.items[i].inspection);
}

/** @param {readonly Item[]} items @returns {number[]} */
function sorted(items) {
  /** @type {number[]} what was in order before stays together: sorting is then nearly merging */
  const before = last.places.filter((at) => items[at]?.inspection && items[at].id === last.items[at].id);
  const there = new Set(before);
  const all = items.map((_, i) => i);
  const known = [...before, ...all.filter((at) => items[at].inspection && !there.has(at))];
  return [...known.sort((a, b) => comparePlaces(place(items[a]), place(items[b])) || a - b), ...all.filter((at) => !items[at].inspection)];
}

/** @type {WeakMap<readonly Item[], Row[]>} */
const rowsOf = new WeakMap();

/** @param {readonly Item[]} items @returns {Row[]} headings and instances, top to bottom, nothing collapsed */
export function rows(items) {
  const made = rowsOf.get(items);
  if (made) return made;
  /** @type {Row[]} */
  const result = [];
  rowsOf.set(items, result);
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

/** @type {WeakMap<readonly Item[], Map<string, {at: number, of: number}>>} */
const siblingsOf = new WeakMap();

/** The place of each row among those below the same heading, from 1, and how many they are. @param {readonly Item[]} items */
export function siblings(items) {
  const known = siblingsOf.get(items);
  if (known) return known;
  /** @type {Map<string, number>} */
  const counts = new Map();
  const all = rows(items).map((row) => {
    const parent = row.parents.at(-1) ?? "";
    counts.set(parent, (counts.get(parent) ?? 0) + 1);
    return { key: row.key, parent, at: counts.get(parent) ?? 1 };
  });
  const result = new Map(all.map(({ key, parent, at }) => [key, { at, of: counts.get(parent) ?? 1 }]));
  siblingsOf.set(items, result);
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
  return Boolean(item.inspection) && item.state !== "quarantined" && !item.out;
}
