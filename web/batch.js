import { placeIn, withItems } from "./model/items.js";
import { selectionAfter } from "./model/walk.js";

/** A person sees five steps a second as going on; each one costs a drawing of the list. */
const EVERY_MS = 200;
/** Of a long list more seldom: what follows a change takes longer, and nobody sees a hundredth of a percent. */
const PER_ITEM_MS = 0.1;

/**
 * Changes of many instances in quick succession, told to the store a few times a second. The first is told at once.
 * What is no instance leaves the list the same way.
 * @param {import("./types.js").Store} store
 */
export function createBatch(store) {
  /** @type {Map<string, Partial<import("./types.js").Item>>} */
  const changes = new Map();
  /** @type {import("./types.js").LeftOut[]} */
  let out = [];
  let done = 0;
  let bytes = 0;
  let told = -Infinity;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  function tell() {
    clearTimeout(timer);
    timer = undefined;
    told = performance.now();
    const [mine, more, size, gone] = [new Map(changes), done, bytes, out];
    changes.clear();
    done = bytes = 0;
    out = [];
    store.update(({ items, busy, ...state }) => ({
      ...without({ ...state, items: withItems(items, mine) }, gone),
      ...(more && { busy: busy && { ...busy, done: busy.done + more, bytes: (busy.bytes ?? 0) + size } }),
    }));
  }
  function ask() {
    const every = Math.max(EVERY_MS, store.get().items.length * PER_ITEM_MS);
    if (performance.now() - told >= every) tell();
    else timer ??= setTimeout(tell, every);
  }
  return {
    /** @param {string} id @param {Partial<import("./types.js").Item>} change */
    mark(id, change) {
      changes.set(id, { ...changes.get(id), ...change });
      ask();
    },
    /** @param {import("./types.js").LeftOut} one what is no instance */
    leave(one) {
      out.push(one);
      ask();
    },
    /** One instance more is done, of those that `busy` counts. @param {number} [size] of its file, in bytes */
    count(size = 0) {
      done += 1;
      bytes += size;
      ask();
    },
    /** What has not been told yet. */
    tell,
  };
}

/**
 * The list without some, which are among what was left out now. What is no longer in the list is not told of.
 * @param {Pick<import("./types.js").State, "items" | "selected" | "leftOut">} state @param {readonly import("./types.js").LeftOut[]} gone
 */
function without({ items, selected, leftOut }, gone) {
  const there = gone.filter(({ id }) => placeIn(items, id) >= 0);
  if (there.length === 0) return { items };
  const ids = new Set(there.map(({ id }) => id));
  return { items: items.filter(({ id }) => !ids.has(id)), selected: selectionAfter(items, selected, ids), leftOut: [...leftOut, ...there] };
}
