/** @typedef {import("./types.js").State} State */

/**
 * The one place of the page's state. A state is never changed, only replaced, so "has it changed" is `===`.
 * @param {State} initial
 * @returns {import("./types.js").Store}
 */
export function createStore(initial) {
  let state = initial;
  /** @type {Set<() => void>} */
  const listeners = new Set();
  return {
    get: () => state,
    update(change) {
      const next = change(state);
      const keys = /** @type {(keyof State)[]} */ (Object.keys(next));
      if (keys.every((key) => state[key] === next[key])) return;
      state = { ...state, ...next };
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** @returns {State} the state of a page that has just been opened */
export function initialState() {
  return {
    boot: { stage: "unpack", done: 0, total: 0, ready: false, failed: false },
    network: "loading",
    about: null,
    items: [],
    selected: null,
    frameIndex: 0,
    collapsed: new Set(),
    looks: {},
    history: { past: [], future: [] },
    shown: null,
    thumbs: {},
    busy: null,
    message: null,
    leftOut: [],
    listing: false,
    people: { questions: [], choices: {}, checked: true },
    report: null,
    audit: null,
    profile: null,
    own: null,
    problems: null,
    identity: { version: 0, key: "random", patients: null },
    stretching: null,
    links: [],
    tags: null,
    drawing: { overlays: false, square: true, smooth: true, marks: true },
    cine: { playing: false, rate: null, real: null },
    cache: { frames: 0, bytes: 0, peak: 0, bound: 0 },
    pixels: { able: null, of: {}, mode: "default", kinds: ["identifies", "institution", "date", "unknown"], chosen: null, after: false, work: null, rules: [], known: false, ruling: 0, problems: [], waived: new Set(), confirmed: new Set() },
    view: "picture",
    corners: "off",
    reportFormat: "json",
    outlet: { kind: "zip", limit: 0, directory: false, pictures: false },
    dialog: null,
    leaving: null,
    exportWish: { what: "frame", format: "png", window: "screen", together: true, options: {} },
    exported: null,
    films: null,
    format: "png",
    theme: "system",
    keysOpen: false,
    dropping: false,
  };
}

/** Reasons that another profile or table may take away. */
const CURABLE = new Set(["quarantined", "refused"]);

/**
 * What was set aside for what the profile or the table left, among what is to be done again.
 * @param {readonly import("./types.js").Item[]} items
 */
export function anotherChance(items) {
  return items.map((item) => (item.inspection && CURABLE.has(item.trouble?.code ?? "") ? { ...item, state: /** @type {const} */ ("ready"), trouble: undefined } : item));
}
