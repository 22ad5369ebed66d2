import { nextInClip } from "../model/walk.js";
import { rateOf, stays } from "../model/rate.js";
import { stillTrue } from "../actions/say.js";
import { isShown, wanted } from "./screen.js";

/** The real rate is that of so many frames back, and is told so often (ms). */
const COUNTED = 30;
const TOLD = 500;
/** The browser's pictures don't come to the microsecond: one that is so much early (ms) is on time. */
const EARLY = 4;

/**
 * Plays frames or images, each of them: the next is shown when its time has come and the one before has been drawn,
 * however late. Ends when the person goes elsewhere.
 * @param {import("../types.js").Store} store
 */
export function createCine(store) {
  let running = false;

  async function run() {
    const { selected, frameIndex, cine } = store.get();
    if (running || !cine.playing || selected === null) return;
    running = true;
    await play({ selected, frameIndex });
    running = false;
    store.update((state) => ({ cine: { ...state.cine, playing: false, real: null } }));
  }

  /** @param {import("../model/walk.js").Place} place */
  async function play(place) {
    /** @type {number[]} */
    const drawn = [];
    let told = 0;
    let due = 0;
    for (let { now, shown } = await nextFrame(); goesOn(place); ({ now, shown } = await nextFrame())) {
      const { items, cine } = store.get();
      const wish = wanted(store.get());
      if (!wish) return;
      if (now < due - EARLY || !isShown(wish, shown)) continue;
      const next = nextInClip(items, place);
      if (!next) return;
      const time = stays(wish.item, next.frameIndex, cine.rate);
      drawn.push(now);
      if (drawn.length > COUNTED) drawn.shift();
      // A clip that is late goes on from now; one that is a little late catches up, so that its rate is right.
      due = now - due > time ? now + time : due + time;
      const real = now - told > TOLD ? rateOf(drawn) : cine.real;
      if (real !== cine.real) told = now;
      place = next;
      store.update((state) => ({ ...place, cine: { ...state.cine, real }, message: stillTrue(state.message) }));
    }
  }

  /** @param {import("../model/walk.js").Place} place */
  function goesOn({ selected, frameIndex }) {
    const state = store.get();
    return state.cine.playing && state.view === "picture" && state.selected === selected && state.frameIndex === frameIndex;
  }

  /**
   * When the browser's next picture began (ms), and what was then to be drawn. Resolves when it has been: whatever is
   * shown from then on is drawn in another. A hidden tab has no pictures, and a clip in it waits.
   * @returns {Promise<{now: number, shown: import("../types.js").Shown | null}>}
   */
  function nextFrame() {
    return new Promise((resolve) => requestAnimationFrame((now) => {
      const { shown } = store.get();
      setTimeout(() => resolve({ now, shown }));
    }));
  }
  return store.subscribe(() => void run());
}
