/**
 * From workers that end in any order to one file that is written in order. Who is too far ahead waits, so that no more
 * than `bound` bytes are held beside what comes next.
 * @template {{size: number}} T @param {number} bound
 */
export function createOrdered(bound) {
  /** @type {Map<number, T | null>} */
  const held = new Map();
  let [next, size, closed] = [0, 0, false];
  /** @type {T[]} */
  let last = [];
  /** @type {unknown} */
  let failure;
  let tell = () => {};
  let change = new Promise((/** @type {(value: void) => void} */ resolve) => (tell = resolve));

  function changed() {
    tell();
    change = new Promise((resolve) => (tell = resolve));
  }

  return {
    /** @param {number} index from 0, each once @param {T | null} entry null: nothing comes of it */
    async put(index, entry) {
      while (!failure && index > next && size > bound) await change;
      if (failure) throw failure;
      held.set(index, entry);
      size += entry?.size ?? 0;
      changed();
    },
    /** Nothing more comes but these; gaps are passed over. @param {T[]} entries */
    close(entries) {
      last = entries;
      closed = true;
      changed();
    },
    /** Nobody takes anything any more. @param {unknown} error */
    fail(error) {
      failure = error;
      changed();
    },
    async *entries() {
      for (;;) {
        const found = held.get(next);
        if (held.delete(next)) {
          next += 1;
          size -= found?.size ?? 0;
          changed();
          if (found) yield found;
        } else if (closed && held.size) next = Math.min(...held.keys());
        else if (closed) return yield* last;
        else await change;
      }
    },
  };
}
