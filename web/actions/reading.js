import { troubleOf } from "../calls.js";
import { order } from "../model/tree.js";
import { withItem } from "../store.js";
import { quarantine } from "./say.js";

/**
 * Reads the headers of what is queued, one after the other, from when the core is ready. Looking at pictures
 * goes on in between, because never more than one header is in flight.
 * @param {import("../types.js").Store} store @param {import("../types.js").Calls} calls
 */
export function createReading(store, calls) {
  let running = false;

  /** @param {import("../types.js").Item} item */
  async function read(item) {
    store.update(({ items }) => ({ items: withItem(items, item.id, { state: "reading" }) }));
    try {
      const { result } = await calls.call("inspect", { instance: item.id }, { file: item.file });
      store.update(({ items }) => ({ items: withItem(items, item.id, { state: "ready", inspection: result }) }));
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
    if (hopeful) store.update(() => ({ selected: hopeful.id, frameIndex: 0 }));
  }

  async function run() {
    if (running || !store.get().boot.ready) return;
    running = true;
    for (;;) {
      const item = store.get().items.find((one) => one.state === "queued");
      if (!item) break;
      await read(item);
      moveOn(item.id);
    }
    running = false;
  }
  return store.subscribe(() => void run());
}
