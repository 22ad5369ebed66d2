import { createBatch } from "../batch.js";
import { troubleOf } from "../calls.js";
import { wired } from "../model/profile.js";
import { order } from "../model/tree.js";
import { frameAt } from "../model/walk.js";
import { itemOf, withItem } from "../model/items.js";
import { createShared } from "../model/shared.js";
import { createOpening } from "./opening.js";

/** In a longer list, what identifies is only listed for what is looked at: thousands of such lists fill the memory. */
const LONG = 200;

/**
 * @typedef {import("../types.js").Item} Item
 * @typedef {import("../types.js").State} State
 */

/**
 * Reads the headers of what is queued, from when the core is ready: on all workers where there are many. Looking at
 * pictures goes on in between. What has been read is read again when the profile or the identity is another one: the
 * instance on the screen at once, the others when it matters for them.
 * @param {import("../types.js").Store} store @param {import("../types.js").Calls} calls
 * @param {(item: Item) => void} begin asks for the picture of one that is going to be on the screen
 */
export function createReading(store, calls, begin) {
  let running = false;
  const batch = createBatch(store);
  const opening = createOpening(store, calls, batch);
  /** @type {Set<string>} what is being read, or has been and is not told yet: by whom it was taken for which identity */
  const taken = new Set();
  /** @type {Set<string>} what is read for the screen */
  const urgent = new Set();
  /** While a list is read. */
  let shared = createShared();
  /** @type {Item["planned"]} */
  let planned;

  /** @param {Item} item */
  async function readLooked(item) {
    const { profile, identity } = store.get();
    if (!profile) return;
    const first = item.state === "queued";
    if (first) store.update(({ items }) => ({ items: withItem(items, item.id, { state: "reading" }) }));
    try {
      const reply = calls.call("inspect", { instance: item.id, profile: wired(store.get()) }, { file: item.file });
      if (first) begin(item);
      const { result } = await reply;
      const planned = { profile, identity: identity.version };
      batch.tell();
      store.update(({ items, selected, frameIndex }) => ({
        items: withItem(items, item.id, { inspection: result, planned, ...(first && { state: /** @type {const} */ ("ready") }) }),
        // The first frame is only now known: it may be another than the first that is stored.
        frameIndex: first && selected === item.id ? result.frame_order?.[0] ?? 0 : frameIndex,
      }));
    } catch (error) {
      await opening.notRead(item, troubleOf(error));
    }
  }

  /** One for all that are planned alike. @param {import("../types.js").Profile} profile @param {number} identity @param {boolean} brief */
  function plannedBy(profile, identity, brief) {
    if (planned?.profile !== profile || planned.identity !== identity || planned.brief !== brief) planned = { profile, identity, brief };
    return planned;
  }

  /** @param {Item} item */
  async function readOther(item) {
    const { profile, identity, items } = store.get();
    if (!profile) return;
    const brief = items.length > LONG;
    const first = item.state === "queued";
    if (first) batch.mark(item.id, { state: "reading" });
    try {
      const { result } = await calls.call("inspect", { instance: item.id, profile: wired(store.get()), brief }, { file: item.file, batch: true });
      batch.mark(item.id, { inspection: shared.within(result), planned: plannedBy(profile, identity.version, brief), ...(first && { state: /** @type {const} */ ("ready") }) });
    } catch (error) {
      await opening.notRead(item, troubleOf(error));
    }
  }

  /** Leaves an instance that was just set aside for one that can be shown. Later choices of the person stay. */
  function moveOn(/** @type {string} */ id) {
    const { items, selected } = store.get();
    const here = itemOf(items, id);
    if (selected !== id || here?.state !== "quarantined") return;
    const hopeful = order(items).find((item) => item.state !== "quarantined");
    if (hopeful) store.update(() => ({ selected: hopeful.id, frameIndex: frameAt(hopeful, 0) }));
  }

  /** What is looked at comes before all others, as often as it is another. */
  async function look() {
    for (let item = looked(store.get()); item && !urgent.has(item.id); item = looked(store.get())) {
      urgent.add(item.id);
      taken.add(keyOf(item, store.get()));
      await readLooked(item).finally(() => urgent.delete(item.id));
      moveOn(item.id);
    }
  }

  /** @param {Iterator<Item>} rest of all lanes */
  async function lane(rest) {
    for (let next = rest.next(); !next.done; next = rest.next()) {
      const state = store.get();
      const key = keyOf(next.value, state);
      if (taken.has(key) || urgent.has(next.value.id)) continue;
      taken.add(key);
      if (!itemOf(state.items, next.value.id)) continue; // it was removed
      await readOther(next.value);
      moveOn(next.value.id);
    }
  }

  async function run() {
    void look();
    if (running || !store.get().boot.ready) return;
    running = true;
    for (let list = waiting(store.get()); list.length; list = waiting(store.get()).filter((item) => !urgent.has(item.id))) {
      calls.widen(list.length, 0);
      taken.clear();
      const rest = list.values();
      await Promise.all(Array.from({ length: calls.room }, () => lane(rest)));
      batch.tell();
    }
    taken.clear();
    shared = createShared();
    running = false;
  }
  return store.subscribe(() => void run());
}

/** @param {Item} item @param {State} state */
const keyOf = (item, { identity }) => `${item.id} ${identity.version}`;
/** @param {Item} item */
const known = (item) => item.inspection && !item.trouble;

/** @param {Item} item @param {State} state */
const isOld = (item, { identity }) => known(item) && item.planned?.identity !== identity.version;

/** @param {State} state @returns {Item | undefined} the one on the screen, if it has to be read */
function looked(state) {
  if (!state.boot.ready) return undefined;
  const item = itemOf(state.items, state.selected);
  if (!item) return undefined;
  const stale = known(item) && (item.planned?.profile !== state.profile || item.planned?.brief);
  return item.state === "queued" || stale || isOld(item, state) ? item : undefined;
}

/** @param {State} state @returns {Item[]} the others, those first that nothing is known of */
function waiting(state) {
  const queued = state.items.filter((item) => item.state === "queued");
  return [...queued, ...state.items.filter((item) => isOld(item, state))];
}
