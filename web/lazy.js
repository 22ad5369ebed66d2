/**
 * What the page loads when it is first wanted: parts that are no part of starting up. A part becomes a module or a
 * worker from a Blob URL, which the policy allows in both editions, with or without a network.
 * @returns {import("./types.js").Lazy}
 */
import { VeilError } from "./errors.js";
import { inflate } from "./parts.js";

export function createLazy() {
  /** @type {(parts: Map<string, Blob>) => void} */
  let attach = () => {};
  /** @type {Promise<Map<string, Blob>>} */
  const attached = new Promise((resolve) => (attach = resolve));
  /** @type {Map<string, Promise<any>>} */
  const modules = new Map();

  /** @param {string} name */
  async function part(name) {
    const found = (await attached).get(name);
    if (!found) throw new VeilError("part-missing", { part: name });
    return found;
  }

  /** @param {string} name */
  async function script(name) {
    return inflate(await part(name), "text/javascript");
  }

  /** @param {string} name */
  async function load(name) {
    const url = URL.createObjectURL(await script(name));
    try {
      return await import(url);
    } finally {
      URL.revokeObjectURL(url);
    }
  }

  return {
    attach,
    part,
    /** @param {string} name */
    module(name) {
      const known = modules.get(name) ?? load(name);
      modules.set(name, known);
      known.catch(() => modules.delete(name)); // another try may go better
      return known;
    },
    /** @param {string[]} names */
    async worker(...names) {
      const url = URL.createObjectURL(new Blob((await Promise.all(names.map(script))).flatMap((one) => [one, "\n"]), { type: "text/javascript" }));
      try {
        return new Worker(url);
      } finally {
        setTimeout(() => URL.revokeObjectURL(url), 10_000); // the worker begins to read it now
      }
    },
  };
}
