import { troubleOf } from "../calls.js";
import { wired } from "../model/profile.js";
import { order } from "../model/tree.js";
import { frameAt } from "../model/walk.js";
import { withItem } from "../store.js";
import { quarantine } from "./say.js";

/**
 * @typedef {import("../types.js").Item} Item
 * @typedef {import("../types.js").State} State
 */

/**
 * Reads the headers of what is queued, one after the other, from when the core is ready. Looking at pictures
 * goes on in between, because never more than one header is in flight. What has been read is read again when the
 * profile or the identity is another one: the instance on the screen at once, the others when it matters for them.
 * @param {import("../types.js").Store} store @param {import("../types.js").Calls} calls
 */
export function createReading(store, calls) {
  let running = false;

  /** @param {Item} item */
  async function read(item) {
    const { profile, identity } = store.get();
    if (!profile) return;
    const first = item.state === "queued";
    if (first) store.update(({ items }) => ({ items: withItem(items, item.id, { state: "reading" }) }));
    try {
      const { result } = await calls.call("inspect", { instance: item.id, profile: wired(store.get()) }, { file: item.file });
      const planned = { profile, identity: identity.version };
      store.update(({ items, selected, frameIndex }) => ({
        items: withItem(items, item.id, { inspection: result, planned, ...(first && { state: /** @type {const} */ ("ready") }) }),
        // The first frame is only now known: it may be another than the first that is stored.
        frameIndex: first && selected === item.id ? result.frame_order?.[0] ?? 0 : frameIndex,
      }));
    } catch (error) {
      quarantine(store, item.id, troubleOf(error));
    }
  }

  /** Leaves an instance that was just set aside for one that can be shown. Later choices of the person stay. */
  function moveOn(/** @type {string} */ id) {
    const { items, selected } = store.get();
    const here = items.find((item) => item.id === id);
    if (selected !== id || here?.state !== "quarantined") return;
    const hopeful = order(items).find((item) => item.state !== "quarantined");
    if (hopeful) store.update(() => ({ selected: hopeful.id, frameIndex: frameAt(hopeful, 0) }));
  }

  async function run() {
    if (running || !store.get().boot.ready) return;
    running = true;
    for (let item = next(store.get()); item; item = next(store.get())) {
      await read(item);
      moveOn(item.id);
    }
    running = false;
  }
  return store.subscribe(() => void run());
}

/** @param {State} state @returns {Item | undefined} the next to be read */
function next({ items, selected, profile, identity }) {
  const known = (/** @type {Item} */ item) => item.inspection && !item.trouble;
  const pseudonymIsOld = (/** @type {Item} */ item) => known(item) && item.planned?.identity !== identity.version;
  return items.find((item) => item.id === selected && known(item) && (item.planned?.profile !== profile || pseudonymIsOld(item)))
    ?? items.find((item) => item.state === "queued")
    ?? items.find(pseudonymIsOld);
}
