/**
 * The order of the list, found anew only where it may be another: lists that follow each other mostly differ in
 * states alone, and a list that is being read differs from the one before in a few headers. Pure.
 * @typedef {import("../types.js").Item} Item
 * @typedef {{places: readonly number[]}} Shape `places` in the list, of known instances in reading order, then of those
 *   whose header isn't known (waiting, or set aside), as they arrived. The same object as long as nothing of it changes.
 */
import { comparePlaces, placeOf } from "./place.js";

/** @type {WeakMap<readonly Item[], Shape>} */
const shapes = new WeakMap();
/** @type {{items: readonly Item[], shape: Shape}} the list that was ordered last */
let last = { items: [], shape: { places: [] } };

/** @param {readonly Item[]} items @returns {Shape} what else is made of a list and no state can be kept by it */
export function shapeOf(items) {
  const known = shapes.get(items);
  if (known) return known;
  const shape = isAsBefore(items) ? last.shape : { places: sorted(items) };
  last = { items, shape };
  shapes.set(items, shape);
  return shape;
}

/** @param {readonly Item[]} items */
function isAsBefore(items) {
  return items.length === last.items.length && items.every((item, i) => isSame(item, last.items[i]));
}

/** @param {Item} a @param {Item | undefined} b */
const isSame = (a, b) => a === b || (a.id === b?.id && a.inspection === b.inspection);

/** @param {readonly Item[]} items @returns {number[]} */
function sorted(items) {
  const stays = last.shape.places.filter((at) => items[at]?.inspection && isSame(items[at], last.items[at]));
  const there = new Uint8Array(items.length);
  for (const at of stays) there[at] = 1;
  /** @type {number[]} */
  const fresh = [];
  /** @type {number[]} */
  const unknown = [];
  for (let at = 0; at < items.length; at++) {
    if (!items[at].inspection) unknown.push(at);
    else if (!there[at]) fresh.push(at);
  }
  const compare = (/** @type {number} */ a, /** @type {number} */ b) => comparePlaces(place(items[a]), place(items[b])) || a - b;
  const known = fresh.length ? merged(stays, fresh.sort(compare), compare) : stays;
  for (const at of unknown) known.push(at);
  return known;
}

/** @param {Item} item one whose header is known */
const place = (item) => placeOf(/** @type {import("../types.js").Inspection} */ (item.inspection));

/**
 * A few among many, both in order.
 * @param {number[]} many @param {number[]} few @param {(a: number, b: number) => number} compare
 */
function merged(many, few, compare) {
  /** @type {number[]} */
  const result = [];
  let from = 0;
  for (const one of few) {
    let [low, high] = [from, many.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(many[middle], one) < 0) low = middle + 1;
      else high = middle;
    }
    for (; from < low; from++) result.push(many[from]);
    result.push(one);
  }
  for (; from < many.length; from++) result.push(many[from]);
  return result;
}
