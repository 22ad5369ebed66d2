import { withItems } from "./model/items.js";

/** A person sees five steps a second as going on; each one costs a drawing of the list. */
const EVERY_MS = 200;

/**
 * Changes of many instances in quick succession, told to the store a few times a second. The first is told at once.
 * @param {import("./types.js").Store} store
 */
export function createBatch(store) {
  /** @type {Map<string, Partial<import("./types.js").Item>>} */
  const changes = new Map();
  let done = 0;
  let bytes = 0;
  let told = -Infinity;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  function tell() {
    clearTimeout(timer);
    timer = undefined;
    told = performance.now();
    const [mine, more, size] = [new Map(changes), done, bytes];
    changes.clear();
    done = bytes = 0;
    store.update(({ items, busy }) => ({
      items: withItems(items, mine),
      ...(more && { busy: busy && { ...busy, done: busy.done + more, bytes: (busy.bytes ?? 0) + size } }),
    }));
  }
  function ask() {
    if (performance.now() - told >= EVERY_MS) tell();
    else timer ??= setTimeout(tell, EVERY_MS);
  }
  return {
    /** @param {string} id @param {Partial<import("./types.js").Item>} change */
    mark(id, change) {
      changes.set(id, { ...changes.get(id), ...change });
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
