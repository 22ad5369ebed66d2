/**
 * Instances of the list by their id, without looking through ten thousand of them. Pure.
 * @typedef {import("../types.js").Item} Item
 */

/** Where each was in the list for which this was made; in those that followed it is mostly still there. @type {Map<string, number>} */
let places = new Map();
/** @type {WeakRef<readonly Item[]> | null} the list that it was made for */
let madeFor = null;

/** @param {readonly Item[]} items @param {string | null | undefined} id @returns {number} -1: it is not there */
export function placeIn(items, id) {
  if (id === null || id === undefined) return -1;
  const at = places.get(id);
  if (at !== undefined && items[at]?.id === id) return at;
  if (madeFor?.deref() === items) return -1;
  places = new Map(items.map((item, i) => [item.id, i]));
  madeFor = new WeakRef(items);
  return places.get(id) ?? -1;
}

/** @param {readonly Item[]} items @param {string | null | undefined} id @returns {Item | undefined} */
export function itemOf(items, id) {
  return items[placeIn(items, id)];
}

/** @param {readonly Item[]} items @param {Map<string, Partial<Item>>} changes the items with several of them changed */
export function withItems(items, changes) {
  const next = [...items];
  let any = false;
  for (const [id, change] of changes) {
    const at = placeIn(items, id);
    if (at < 0) continue;
    next[at] = { ...next[at], ...change };
    any = true;
  }
  return any ? next : items;
}

/**
 * The items with one of them changed; the same array when it is no longer there.
 * @param {readonly Item[]} items @param {string} id @param {Partial<Item>} change
 */
export const withItem = (items, id, change) => withItems(items, new Map([[id, change]]));

/** @type {WeakMap<readonly Item[], Tally>} */
const tallies = new WeakMap();
/** @typedef {{queued: number, reading: number, aside: number, unread: number}} Tally `unread`: queued, or being read */

/** How many are in which state; asked for by all that is drawn. @param {readonly Item[]} items @returns {Tally} */
export function tallyOf(items) {
  const known = tallies.get(items);
  if (known) return known;
  const tally = { queued: 0, reading: 0, aside: 0, unread: 0 };
  for (const { state } of items) {
    if (state === "queued") tally.queued += 1;
    else if (state === "reading") tally.reading += 1;
    else if (state === "quarantined") tally.aside += 1;
  }
  tally.unread = tally.queued + tally.reading;
  tallies.set(items, tally);
  return tally;
}
