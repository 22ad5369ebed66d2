/**
 * Many may pass together, or one alone. First come, first served, so the one alone is not starved.
 * It is how an instance that killed a worker is tried once more with nothing else in flight.
 */
export function createGate() {
  let inside = 0;
  let alone = false;
  /** @type {{exclusive: boolean, enter: (leave: () => void) => void}[]} */
  const waiting = [];

  function admit() {
    while (waiting.length > 0 && !alone && !(waiting[0].exclusive && inside > 0)) {
      const next = /** @type {typeof waiting[0]} */ (waiting.shift());
      inside += 1;
      alone = next.exclusive;
      next.enter(() => {
        inside -= 1;
        if (next.exclusive) alone = false;
        admit();
      });
    }
  }

  /** @param {boolean} exclusive @returns {Promise<() => void>} what must be called on leaving */
  function pass(exclusive) {
    return new Promise((enter) => {
      waiting.push({ exclusive, enter });
      admit();
    });
  }
  return { shared: () => pass(false), exclusive: () => pass(true) };
}
