/**
 * Runs `run` once in the next animation frame, however often it is asked to.
 * A hidden tab has no animation frames; there a timer takes their place, so that work goes on.
 * @param {() => void} run
 * @returns {{ask: () => void, stop: () => void}}
 */
export function oncePerFrame(run) {
  let asked = false;
  let stopped = false;
  function fire() {
    if (!asked || stopped) return;
    asked = false;
    run();
  }
  return {
    ask() {
      if (asked || stopped) return;
      asked = true;
      if (document.hidden) setTimeout(fire, 50);
      else requestAnimationFrame(fire);
    },
    stop() {
      stopped = true;
    },
  };
}

/**
 * Draws now, and again (once per frame) whenever one of the picked values has been replaced.
 * @param {import("./types.js").Store} store
 * @param {(state: import("./types.js").State) => readonly unknown[]} pick
 * @param {(state: import("./types.js").State) => void} draw
 * @returns {() => void} stops watching
 */
export function watch(store, pick, draw) {
  let seen = pick(store.get());
  draw(store.get());
  const frame = oncePerFrame(() => draw(store.get()));
  const leave = store.subscribe(() => {
    const now = pick(store.get());
    if (now.every((value, i) => Object.is(value, seen[i]))) return;
    seen = now;
    frame.ask();
  });
  return () => {
    leave();
    frame.stop();
  };
}
