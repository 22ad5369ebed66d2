/** Files of this size are written in some milliseconds; a larger one may take its time. */
const SMALL = 4 << 20;
const ENOUGH = 20;
/** ms, of the middle one: with all lanes at once a folder of this machine takes a tenth. */
const LONG = 500;

/**
 * Notices a folder in which each file takes long: on a network, or because the browser asks a service about each one
 * that it closes (Safe Browsing; where nothing answers, one file waits for another). @param {() => void} tell once
 */
export function createWatch(tell) {
  /** @type {number[]} */
  const took = [];
  return {
    /** @template T @param {number} size of a file @param {() => Promise<T>} write @returns {Promise<T>} */
    async timed(size, write) {
      const start = performance.now();
      const result = await write();
      if (size <= SMALL && took.length < ENOUGH) {
        took.push(performance.now() - start);
        if (took.length === ENOUGH && took.toSorted((a, b) => a - b)[ENOUGH >> 1] > LONG) tell();
      }
      return result;
    },
  };
}
