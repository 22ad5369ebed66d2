/** So many different parts are remembered. */
const MOST = 4096;

/**
 * What many objects have in common is held once: the instances of a series differ in little, and each comes from its
 * worker with copies of all of it.
 */
export function createShared() {
  /** @type {Map<string, unknown>} */
  const strings = new Map();
  /** @type {Map<string, unknown>} objects by their JSON */
  const parts = new Map();

  /** @param {Map<string, unknown>} known @param {string} key @param {unknown} value */
  function first(known, key, value) {
    if (known.size >= MOST) known.clear();
    known.set(key, value);
    return value;
  }
  /** @template T @param {T} value plain data @returns {T} what was equal to it before */
  function once(value) {
    if (typeof value === "string") return /** @type {any} */ (strings.get(value) ?? first(strings, value, value));
    if (value === null || typeof value !== "object") return value;
    const text = JSON.stringify(value);
    return /** @type {any} */ (parts.get(text) ?? first(parts, text, within(value)));
  }
  /** @template {object} T @param {T} value plain data that nobody else has yet @returns {T} the same one, of parts that others have too */
  function within(value) {
    const own = /** @type {Record<string, unknown>} */ (value);
    for (const key of Object.keys(own)) own[key] = once(own[key]);
    return value;
  }
  return { within };
}
