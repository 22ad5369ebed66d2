import { codeOf, troubleOf } from "../calls.js";
import { VeilError } from "../errors.js";
import { record } from "../model/history.js";
import { NOTHING, fitted, hasPicture, isFilm, isRisky, legible, marksOf, marksOn, maskOf, nextToSee, queueOf, reached, unchecked, withCopy } from "../model/boxes.js";
import { order } from "../model/tree.js";
import { frameAt, framesOf } from "../model/walk.js";
import { createReader, readersFor } from "../text/reader.js";
import { scan } from "../text/scan.js";
import { createTurns, inLanes } from "../lanes.js";
import { ofRule, underRules } from "../model/rules.js";

/** While one instance's frame is with the models, the next one's is made ready. */
const LANES = 2;
/** Of no instance in particular: then the rest need not be tried. */
const FOR_ALL = new Set(["part-missing", "model-damaged"]);

/**
 * "Check the pixels": texts found, boxes drawn, what becomes of each.
 * @typedef {import("../types.js").Sight} Sight
 * @typedef {import("../types.js").Mark} Mark
 * @typedef {import("../types.js").Item} Item
 * @param {import("../types.js").Store} store @param {import("../types.js").Calls} calls @param {import("../types.js").Lazy} lazy
 */
export function pixelActions(store, calls, lazy) {
  const reader = createReader(lazy, readersFor(navigator, globalThis.crossOriginIsolated));
  /** @type {AbortController | null} */
  let running = null;
  let count = 0;
  const newId = () => `m${++count}`;
  /** The core gives up the oldest of too many searches, and a batch asks for as many as its workers have room for. */
  const inTurn = createTurns(LANES);
  /** What a run does with the pixels was decided when it began. */
  let acted = false;
  /** Where the view itself has gone: who is elsewhere by the end of a search has gone there. @type {{selected: string | null, frameIndex: number}} */
  let placed = { selected: null, frameIndex: 0 };
  const isFixed = () => store.get().busy?.kind === "deidentify";

  /** @param {Partial<import("../types.js").Pixels>} change */
  const put = (change) => store.update(({ pixels }) => ({ pixels: { ...pixels, ...change } }));

  /** @param {string | null} id @returns {Sight} */
  const sightOf = (id) => store.get().pixels.of[id ?? ""] ?? NOTHING;

  /** @param {string} id @param {Partial<Sight>} change */
  function look(id, change) {
    if (!store.get().items.some((item) => item.id === id)) return;
    store.update(({ pixels }) => ({ pixels: { ...pixels, of: { ...pixels.of, [id]: { ...sightOf(id), ...change } } } }));
  }

  /** Another state of several instances, as one step of undo. @param {import("../types.js").Sights} after @param {import("../types.js").Sights} [before] */
  function edit(after, before = Object.fromEntries(Object.keys(after).map((id) => [id, sightOf(id)]))) {
    const { mode, kinds, rules } = store.get().pixels;
    const change = { kind: /** @type {const} */ ("pixels"), before: { of: before, mode, kinds, rules }, after: { of: after, mode, kinds, rules } };
    store.update(({ pixels, history }) => ({ pixels: { ...pixels, of: { ...pixels.of, ...after } }, history: record(history, change) }));
  }

  /** What undo and redo lead to: marks and what was seen, not what a scan has found meanwhile. @param {import("../types.js").PixelEdit} to */
  function putPixels({ of, mode, kinds, rules }) {
    const back = Object.entries(of).filter(([id]) => store.get().items.some((item) => item.id === id));
    const next = Object.fromEntries(back.map(([id, { marks, seen }]) => [id, { ...sightOf(id), marks: underRules(marks, sightOf(id).marks), seen }]));
    store.update(({ pixels }) => ({ pixels: { ...pixels, mode, kinds, rules, of: { ...pixels.of, ...next } } }));
    if (back.length && !back.some(([id]) => id === store.get().selected)) goTo(back[0][0]);
  }

  /** @param {string} id its picture, at the first frame that shows something */
  function goTo(id) {
    const item = store.get().items.find((one) => one.id === id);
    const first = Math.min(...sightOf(id).marks.map((mark) => mark.first), framesOf(item) - 1);
    store.update(({ pixels }) => ({ selected: id, frameIndex: sightOf(id).marks.length ? first : frameAt(item, 0), pixels: { ...pixels, chosen: null } }));
    placed = store.get();
  }

  function openPixels() {
    const { view, pixels, items, selected } = (placed = store.get());
    acted = false;
    if (view === "pixels") return store.update(() => ({ view: "picture" }));
    if (!items.some((item) => item.inspection?.instance.has_pixels)) return;
    store.update(() => ({ view: "pixels", pixels: { ...pixels, chosen: null, known: true } }));
    if (!pixels.work && Object.values(pixels.of).every(({ status }) => status === "none")) begin();
    if (!sightOf(selected).marks.length) stepQueue(0);
  }

  /** Looks into what is at risk. An edition that cannot look says so of each: it waits for a person's eyes. */
  function begin() {
    const { pixels, items } = store.get();
    if (pixels.able) return void scanPixels("risky");
    for (const { id } of unchecked(items, pixels.of)) look(id, { status: "missing", trouble: { code: "no-reader", params: {} } });
  }

  /** What the question before a run is about. */
  function checkPixels() {
    if (store.get().view !== "pixels") openPixels();
    if (!store.get().pixels.work) begin();
    stepQueue(0);
  }

  /** @type {import("../types.js").Actions["scanPixels"]} */
  async function scanPixels(what) {
    const { items, boot } = store.get();
    if (running || !boot.ready || isFixed()) return;
    const open = order(items).filter((item) => hasPicture(item) && sightOf(item.id).status !== "scanned");
    const wanted = open.filter((item) => !isFilm(item) && (what === "all" || isRisky(item)));
    for (const { id } of open.filter(isFilm)) look(id, { status: "missing", trouble: { code: "film-unsearched", params: {} } });
    if (wanted.length === 0) return;
    const aborter = (running = new AbortController());
    for (const { id } of wanted) look(id, { status: "waiting", trouble: undefined });
    put({ work: { done: 0, total: wanted.length, startedAt: Date.now(), frames: null } });
    try {
      await inLanes(wanted, LANES, (item) => scanOne(item, aborter.signal));
    } catch (error) {
      if (!aborter.signal.aborted) for (const { id } of wanted) if (sightOf(id).status !== "scanned") look(id, { status: "missing", trouble: troubleOf(error) });
    } finally {
      running = null;
      for (const { id } of wanted) if (["waiting", "scanning"].includes(sightOf(id).status)) look(id, { status: "missing", trouble: { code: "not-scanned", params: {} } });
      put({ work: null });
    }
    if (store.get().view === "pixels" && (!hasActed() || !sightOf(store.get().selected).marks.length)) stepQueue(0);
  }

  /** Whether a person has done anything in the view since it opened: then it does not move under their hands. */
  function hasActed() {
    const { selected, frameIndex } = store.get();
    return acted || selected !== placed.selected || frameIndex !== placed.frameIndex;
  }

  /** @template {unknown[]} A, R @param {(...args: A) => R} act @returns {(...args: A) => R} what a person does */
  const byHand = (act) => (...args) => {
    acted = true;
    return act(...args);
  };

  /** @param {Item} item @param {AbortSignal} signal */
  async function scanOne(item, signal) {
    signal.throwIfAborted();
    look(item.id, { status: "scanning" });
    const frames = framesOf(item);
    try {
      const found = await scan(calls, reader, item, signal, (done, total) => {
        const { work } = store.get().pixels;
        if (work && frames > 1) put({ work: { ...work, frames: { done, total } } });
      });
      const own = sightOf(item.id).marks.filter(({ source }) => source !== "read"); // drawn meanwhile, or by a rule
      look(item.id, { status: "scanned", marks: [...marksOf(found, frames, newId), ...own], trouble: undefined });
    } catch (error) {
      signal.throwIfAborted();
      look(item.id, { status: "missing", trouble: troubleOf(error) });
      if (FOR_ALL.has(codeOf(error))) throw error;
    }
    const { work } = store.get().pixels;
    if (work) put({ work: { ...work, done: work.done + 1, frames: null } });
  }

  /**
   * Reads an instance again as it will be: what is still legible there keeps it back.
   * @param {Item} item @param {import("../types.js").Pixels} pixels what was decided @param {AbortSignal} signal
   */
  async function prove(item, pixels, signal) {
    const { regions } = maskOf({ pixels }, item.id);
    if (!regions || !pixels.able) return;
    const found = await inTurn(() => scan(calls, reader, item, signal, () => {}, { regions })).catch((error) => {
      // Where nobody can look, nothing is said to be searched either: the person knows, and it goes unproven.
      if (FOR_ALL.has(codeOf(error)) && pixels.of[item.id]?.status !== "scanned") return null;
      throw error;
    });
    if (!found) return;
    const left = legible(found, framesOf(item), pixels.of[item.id], pixels);
    if (left.length) throw new VeilError("quarantined", { hits: left.map(({ kind, first }) => ({ where: `pixels of frame ${first + 1}`, kind })) });
  }

  function cancelScan() {
    running?.abort(Object.assign(new Error("cancelled"), { code: "cancelled" }));
    void reader.stop();
  }

  /** @param {number} delta 0: stays where it is if that needs eyes, else goes to the worst */
  function stepQueue(delta) {
    const { items, pixels, selected } = store.get();
    const queue = queueOf(items, pixels.of);
    if (queue.length === 0) return;
    const at = queue.findIndex(({ id }) => id === selected);
    if (delta === 0) return goTo(nextToSee(queue, pixels.of, null) ?? queue[Math.max(at, 0)].id);
    goTo(queue[Math.min(Math.max(at + delta, 0), queue.length - 1)].id);
  }

  function acceptPixels() {
    const { items, pixels, selected } = store.get();
    if (!selected || sightOf(selected).status === "none" || pixels.of[selected] === undefined) return;
    if (!sightOf(selected).seen) edit({ [selected]: { ...sightOf(selected), seen: true } });
    const next = nextToSee(queueOf(items, store.get().pixels.of), store.get().pixels.of, selected);
    if (next) goTo(next);
  }

  /** @param {string} id of a mark @returns {[string, Sight, Mark] | null} the instance that it is on */
  function holding(id) {
    const { selected } = store.get();
    const sight = sightOf(selected);
    const mark = sight.marks.find((one) => one.id === id);
    return selected && mark ? [selected, sight, mark] : null;
  }

  /** @type {import("../types.js").Actions["addMark"]} */
  function addMark(box, { record: recorded = true } = {}) {
    const { items, selected } = store.get();
    const item = items.find((one) => one.id === selected);
    const { rows, columns } = item?.inspection?.instance ?? {};
    if (!item || !rows || !columns || isFixed()) return null;
    const id = newId();
    /** @type {Mark} */
    const mark = { ...fitted(box, columns, rows), id, first: 0, last: framesOf(item) - 1, text: "", sure: 1, kind: "unknown", may_identify: false, matches: [], source: "drawn", decision: "remove" };
    const after = { ...sightOf(item.id), marks: [...sightOf(item.id).marks, mark] };
    if (recorded) edit({ [item.id]: after });
    else look(item.id, after);
    put({ chosen: id });
    return id;
  }

  /** @type {import("../types.js").Actions["changeMark"]} */
  function changeMark(id, change, { record: recorded = true } = {}) {
    const held = holding(id);
    if (!held || isFixed()) return;
    const [instance, sight] = held;
    const after = { ...sight, marks: sight.marks.map((mark) => (mark.id === id ? { ...mark, ...change } : mark)) };
    if (recorded) edit({ [instance]: after });
    else look(instance, after);
  }

  /** @param {Sight} before */
  function recordMarks(before) {
    const { selected } = store.get();
    if (selected && sightOf(selected).marks !== before.marks) edit({ [selected]: sightOf(selected) }, { [selected]: before });
  }

  /** @param {string} id */
  function removeMark(id) {
    const held = holding(id);
    if (!held || isFixed()) return;
    const [instance, sight, mark] = held;
    if (mark.source === "read" || ofRule(mark)) return changeMark(id, { decision: "keep" }); // what was read stays to be seen
    edit({ [instance]: { ...sight, marks: sight.marks.filter((mark) => mark.id !== id) } });
    put({ chosen: null });
  }

  /** @type {import("../types.js").Actions["applyMark"]} */
  function applyMark(id, reach) {
    const held = holding(id);
    const { items, selected, frameIndex } = store.get();
    const item = items.find((one) => one.id === selected);
    if (!held || !item || isFixed()) return;
    const [instance, sight, mark] = held;
    const [first, last] = reach === "frame" ? [frameIndex, frameIndex] : [0, framesOf(item) - 1];
    const mine = { ...sight, marks: sight.marks.map((one) => (one === mark ? { ...one, first, last, decision: /** @type {const} */ ("remove") } : one)) };
    const others = reached(items, item, reach).filter((one) => one.id !== instance);
    edit({ [instance]: mine, ...Object.fromEntries(others.map((one) => [one.id, withCopy(sightOf(one.id), mark, one, newId)])) });
  }

  /** @param {number} delta */
  function stepMark(delta) {
    const { selected, frameIndex, pixels } = store.get();
    const here = marksOn(sightOf(selected).marks, frameIndex);
    if (here.length === 0) return;
    const at = here.findIndex((mark) => mark.id === pixels.chosen);
    put({ chosen: here[(at + delta + here.length + (at < 0 && delta < 0 ? 1 : 0)) % here.length].id });
  }

  // Nobody is in the list any more: nothing of them is worked on.
  store.subscribe(() => { if (running && !running.signal.aborted && store.get().items.length === 0) cancelScan(); });
  return {
    putPixels,
    prove,
    pixels: {
      openPixels, checkPixels, scanPixels, cancelScan, recordMarks, acceptPixels: byHand(acceptPixels), stepQueue: byHand(stepQueue),
      addMark: byHand(addMark), changeMark: byHand(changeMark), removeMark: byHand(removeMark), applyMark: byHand(applyMark), stepMark: byHand(stepMark),
      /** @param {Partial<Pick<import("../types.js").Pixels, "mode" | "kinds">>} change */
      pixelMode(change) {
        if (isFixed()) return;
        const { mode, kinds, rules } = store.get().pixels;
        const [before, after] = [{ of: {}, mode, kinds, rules }, { of: {}, mode, kinds, rules, ...change }];
        store.update(({ pixels, history }) => ({ pixels: { ...pixels, ...change }, history: record(history, { kind: "pixels", before, after }) }));
      },
      choose: byHand((/** @type {string | null} */ chosen) => put({ chosen })),
    },
  };
}
