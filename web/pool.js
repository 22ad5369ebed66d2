/**
 * Several workers as one. The first serves the screen and helps a batch with what is small while the screen wants
 * nothing; the others work through the batch. They start when a batch is large enough to gain by it, all from the one
 * module that the first has compiled, and end when there was nothing to do for a while. Each has `calls` of its own:
 * an instance that kills its worker is tried once more alone there, and harms none of the others.
 */
import { codeOf, createCalls } from "./calls.js";

/** Calls under way in a worker of the batch: one in work, one that waits for it, one on its way. */
const DEPTH = 3;
/** In the screen's own, and the bytes of a file that is small: the screen waits for a few hundredths of a second. */
const HELPING = 2;
const SMALL = 8 << 20;
/** A worker starts in some two seconds; less than this is done before. */
const WORTH = { instances: 150, bytes: 256 << 20 };
const IDLE_MS = 60_000;
/** No sign of life for so long, and a second more for each MB, is the end of a worker. */
const PATIENCE_MS = 60_000;
const PATIENCE_PER_BYTE = 1000 / (1 << 20);
/** GB of memory for each worker: a Python with what pictures need, and what it works on. */
const MEMORY_GB = 1;

/** How many workers this machine may have. @param {{hardwareConcurrency?: number, deviceMemory?: number}} machine */
export function workersFor({ hardwareConcurrency: cores = 2, deviceMemory: memory = 8 }) {
  return Math.max(1, Math.min(cores - 1, Math.floor(memory / MEMORY_GB)));
}

/**
 * @typedef {{calls: import("./types.js").Calls, bridge: import("./types.js").Bridge | null, load: number}} Slot
 * @param {number} most workers @returns {import("./types.js").Calls}
 */
export function createPool(most) {
  /** @type {Slot} */
  const screen = { calls: createCalls(), bridge: null, load: 0 };
  /** @type {Slot[]} those that have started, the screen's first */
  let slots = [screen];
  /** @type {Set<Slot>} */
  const starting = new Set();
  /** @type {{large: boolean, enter: (slot: Slot) => void}[]} */
  const waiting = [];
  /** @type {((secret?: import("./types.js").Secret) => import("./types.js").Bridge) | undefined} */
  let another;
  /** @type {import("./types.js").Secret | undefined} */
  let secret;
  let looking = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let idle;

  /** @param {boolean} large @returns {Slot | undefined} the one with the least to do */
  function free(large) {
    const helps = slots.length === 1 ? screen.load < DEPTH : !large && !looking && screen.load < HELPING;
    const able = slots.filter((slot) => (slot === screen ? helps : slot.load < DEPTH));
    return able.sort((a, b) => a.load - b.load)[0];
  }

  function admit() {
    for (let slot; waiting.length && (slot = free(waiting[0].large)); ) {
      slot.load += 1;
      /** @type {typeof waiting[0]} */ (waiting.shift()).enter(slot);
    }
  }

  /** @param {boolean} large @returns {Promise<Slot>} */
  function place(large) {
    return new Promise((enter) => {
      waiting.push({ large, enter });
      admit();
    });
  }

  /** @param {Slot} slot */
  function drop(slot) {
    slots = slots.filter((one) => one !== slot);
    slot.bridge?.close();
    admit();
  }

  function rest() {
    clearTimeout(idle);
    idle = setTimeout(() => (slots.some(({ load }) => load) || waiting.length ? rest() : slots.slice(1).forEach(drop)), IDLE_MS);
  }

  function start() {
    if (!another) return;
    const bridge = another(secret);
    const slot = { calls: createCalls(), bridge, load: 0 };
    slot.calls.attach(bridge);
    starting.add(slot);
    const done = (/** @type {boolean} */ well) => {
      if (!starting.delete(slot)) return bridge.close(); // the identity changed meanwhile
      if (well) slots = [...slots, slot];
      admit();
    };
    bridge.ready.then(() => done(true), () => done(false)); // too little memory: the others do it
  }

  /** @type {import("./types.js").Calls["call"]} */
  async function inBatch(method, params, options) {
    const size = options?.file?.size ?? 0;
    const patience = PATIENCE_MS + size * PATIENCE_PER_BYTE;
    for (;;) {
      const slot = await place(size > SMALL);
      try {
        return await slot.calls.call(method, params, { ...options, patience });
      } catch (error) {
        const lost = !slots.includes(slot) || codeOf(error) === "boot-failed";
        if (slot === screen || !lost || options?.signal?.aborted) throw error;
        drop(slot);
      } finally {
        slot.load -= 1;
        admit();
      }
    }
  }

  return {
    attach(bridge, more) {
      screen.bridge = bridge;
      another = more;
      screen.calls.attach(bridge);
    },
    async call(method, params, options) {
      if (options?.batch) return inBatch(method, params, options);
      looking += 1;
      try {
        return await screen.calls.call(method, params, options);
      } finally {
        looking -= 1;
        admit();
      }
    },
    async identify(next) {
      const reply = await screen.calls.identify(next);
      secret = next;
      starting.clear();
      slots.slice(1).forEach(drop); // those that follow start with it
      return reply;
    },
    cancel() {
      const works = (/** @type {Slot} */ slot) => slot.load || (slot === screen && looking);
      for (const slot of slots) if (works(slot) || slots.length === 1) slot.calls.cancel();
    },
    widen(instances, bytes) {
      rest();
      if (instances < WORTH.instances && bytes < WORTH.bytes) return;
      while (slots.length + starting.size < most) {
        const before = starting.size;
        start();
        if (starting.size === before) return; // there is no bridge yet
      }
    },
    /** Calls that keep all of them busy. */
    get room() {
      return most * DEPTH;
    },
  };
}
