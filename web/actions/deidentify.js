import { createBatch } from "../batch.js";
import { troubleOf } from "../calls.js";
import { download } from "../download.js";
import { downloadedZip, placeForZip } from "../exports/save.js";
import { logOf } from "../model/audit.js";
import { cleaningOf, countStays, unchecked } from "../model/boxes.js";
import { openQuestions } from "../model/people.js";
import { wired } from "../model/profile.js";
import { canDeidentify } from "../model/tree.js";
import { chooseFolder } from "../studies/folder.js";
import { auditOf, extras } from "../studies/finish.js";
import { createDoor } from "../studies/pause.js";
import { picturesOf, writePictures } from "../studies/pictures.js";
import { numbersOf, planOf } from "../studies/plan.js";
import { runBatch } from "../studies/run.js";
import { createTreatments } from "../studies/treatments.js";
import { treeOutlet } from "../studies/tree.js";
import { zipOutlet } from "../studies/zip.js";
import { words } from "../words/words.js";
import { today } from "./audit.js";
import { quarantine, say, sayError } from "./say.js";

/** After Cancel the instances in work may still end by themselves for this long; then their workers are stopped. */
const PATIENCE_MS = 1500;
/** A ZIP larger than this goes straight into a file where the browser can; a smaller one is an ordinary download. */
const LARGE = 256 << 20;

/**
 * The list to de-identified files.
 * @typedef {import("../types.js").Item} Item
 * @typedef {import("../types.js").State} State
 * @param {import("../types.js").Store} store @param {import("../types.js").Calls} calls
 * @param {(item: Item, pixels: import("../types.js").Pixels, signal: AbortSignal) => Promise<void>} prove that what goes from its pixels is gone; fails if not
 * @param {ReturnType<typeof import("./audit.js").auditActions>["beginAudit"]} beginAudit
 * @param {ReturnType<typeof import("./staying.js").stayingActions>["asksFirst"]} asksFirst
 */
export function deidentifyActions(store, calls, prove, beginAudit, asksFirst) {
  /** @type {AbortController | null} */
  let running = null;
  let door = createDoor();

  /** Where it goes; asks while the click is being handled. @param {Item[]} able @param {number} bytes */
  async function chosen(able, bytes) {
    const { outlet } = store.get();
    if (outlet.kind === "folder") {
      const folder = await chooseFolder();
      const layout = outlet.directory ? "media" : "tree";
      return folder && { layout, open: (/** @type {any} */ treatments, /** @type {any} */ cleaning) => treeOutlet(calls, folder, { profile: wired(store.get()), layout }, treatments, cleaning, () => say(store, { tone: "info", text: words.message.slowFolder })) };
    }
    if (able.length === 1) return { layout: "tree", open: singleOutlet };
    const place = bytes > LARGE && !outlet.limit ? await placeForZip("veil.zip") : downloadedZip("veil.zip");
    return place && { layout: "tree", open: () => zipOutlet(place, outlet.limit) };
  }

  /** Asks once for each picture that may carry text and for each text that stays: who has said what shall become of it is not asked again. */
  async function deidentify() {
    const { items, busy, boot, people, pixels } = store.get();
    const able = items.filter(canDeidentify);
    if (busy || pixels.work || pixels.ruling || !boot.ready || able.length === 0 || !people.checked || openQuestions({ people }).length) return;
    if (unchecked(able, pixels.of).some(({ id }) => !pixels.waived.has(id))) return store.update(() => ({ dialog: "unchecked" }));
    if (asksFirst("results", able, null, deidentify)) return;
    const allBytes = able.reduce((sum, { file }) => sum + file.size, 0);
    const aborter = (running = new AbortController());
    door = createDoor();
    store.update(() => ({ message: null, busy: { kind: "deidentify", done: 0, total: able.length, bytes: 0, allBytes, startedAt: Date.now(), cancelling: false, pausedAt: 0 } }));
    try {
      const place = await chosen(able, allBytes);
      if (!place || aborter.signal.aborted) return;
      calls.widen(able.length, allBytes);
      await all(place, aborter);
    } catch (error) {
      const { code, sentence } = troubleOf(error);
      sayError(store, aborter.signal.aborted ? "cancelled" : error instanceof DOMException ? "cannot-write" : code, sentence);
    } finally {
      running = null;
      store.update(() => ({ busy: null }));
    }
  }

  async function deidentifyUnchecked() {
    store.update(({ items, pixels }) => ({ dialog: null, pixels: { ...pixels, waived: new Set(unchecked(items, pixels.of).map(({ id }) => id)) } }));
    await deidentify();
  }

  /** @param {NonNullable<Awaited<ReturnType<typeof chosen>>>} place @param {AbortController} aborter */
  async function all({ layout, open }, { signal }) {
    const state = store.get();
    const profile = wired(state);
    const plan = await planOf(calls, state, /** @type {"tree" | "media"} */ (layout));
    const treatments = createTreatments();
    // As it is now, for the whole run: what is in the journal is what was done.
    const cleaning = (/** @type {Item} */ { id }) => cleaningOf(state.pixels.of[id], state.pixels);
    const out = /** @type {any} */ (open(treatments, cleaning));
    const batch = createBatch(store);
    const isFolder = Boolean(out.resume);
    const ids = new Map([...numbersOf(state)].map(([id, number]) => [number, id]));
    for (const [number, trouble] of plan.refused) quarantine(store, ids.get(number) ?? "", trouble);
    const run = await runBatch({
      calls, plan, out, profile, treatments, door, signal, cleaning,
      prove: (item) => prove(item, state.pixels, signal),
      onState({ item }, now, trouble) {
        if (now === "working") return batch.mark(item.id, { state: "working" });
        batch.mark(item.id, { state: now === "written" && isFolder ? "done" : "ready" });
        batch.count(item.file.size);
        if (!trouble) return;
        batch.tell();
        quarantine(store, item.id, trouble);
      },
    }).finally(batch.tell);
    settle(plan);
    const rows = [...run.rows.values()].sort((a, b) => a.number - b.number);
    const stays = countStays(rows.map(({ pixels }) => pixels?.stays));
    const cannot = run.stopped && !signal.aborted ? run.stopped : null;
    if (cannot || rows.length === 0 || (signal.aborted && isFolder)) {
      await out.abort();
      if (rows.length && isFolder) tell(rows, run, null);
      if (signal.aborted && rows.length) return say(store, { tone: "info", text: words.message.cancelledKept(rows.length, stays) });
      if (run.stopped) throw run.stopped;
      return say(store, { tone: "bad", text: words.message.nothingSaved });
    }
    const pictures = state.outlet.pictures && out.extra !== false ? await drawn(plan, run.rows, out, cleaning, signal) : null;
    const audit = await auditOf(calls, plan, rows, store.get().people);
    const report = tell(rows, run, pictures ? { ...audit, pictures: pictures.told } : audit);
    const wanted = isFolder && state.outlet.directory ? out.read : null;
    const { of, mode, kinds } = state.pixels;
    const place = /** @type {import("../types.js").Audit["place"]} */ (isFolder ? "folder" : out.extra === false ? "file" : "zip");
    const about = { ids, pixels: { of, mode, kinds }, place };
    const made = { jobs: new Map(plan.jobs.map((job) => [job.number, job])), sums: new Map(rows.map(({ number, sha256 }) => [number, sha256])), profile, cleaning, read: out.read ?? null, write: out.write ?? null, layout, pictures: pictures?.digests ?? {} };
    // What was seen before of the same results stays seen.
    await beginAudit(report, about, made, run.resumed ? await out.read("report.json") : null);
    const log = /** @type {import("../types.js").Report} */ (logOf(store.get(), today()));
    await out.end(out.extra === false ? [] : await extras(calls, plan, log, wanted, made.pictures));
    const written = new Set(rows.map(({ number }) => ids.get(number)));
    store.update(({ items }) => ({ items: items.map((item) => (written.has(item.id) ? { ...item, state: "done" } : item)) }));
    const aside = report.refused.length;
    if (signal.aborted) return say(store, { tone: "info", text: words.message.cancelledKept(rows.length, stays) });
    say(store, { tone: "good", text: words.message.saved(rows.length, aside, isFolder ? "folder" : "zip", run.resumed, pictures?.told ?? null, stays) });
  }

  /**
   * Pictures of what was written, counted by themselves.
   * @param {import("../studies/plan.js").Plan} plan @param {ReadonlyMap<number, unknown>} rows @param {any} out
   * @param {import("../studies/work.js").Cleaning} cleaning @param {AbortSignal} signal
   */
  async function drawn({ jobs }, rows, out, cleaning, signal) {
    const pictures = picturesOf(jobs.filter(({ number }) => rows.has(number)));
    const batch = createBatch(store);
    store.update(({ busy }) => ({ busy: busy && { ...busy, pictures: true, done: 0, total: pictures.length, bytes: 0, allBytes: 0, startedAt: Date.now() } }));
    return writePictures({ calls, pictures, out, first: jobs.length, cleaning, signal, door, onDone: batch.count })
      .catch(async (error) => { await out.abort(); throw error; }).finally(batch.tell);
  }

  /** What was begun and not ended is as before. @param {import("../studies/plan.js").Plan} plan */
  function settle({ jobs }) {
    const mine = new Set(jobs.map(({ item }) => item.id));
    store.update(({ items }) => ({ items: items.map((item) => (item.state === "working" && mine.has(item.id) ? { ...item, state: "ready" } : item)) }));
  }

  /**
   * Notes what was done, for the report and the way back.
   * @param {import("../types.js").Treated[]} rows @param {Awaited<ReturnType<typeof runBatch>>} run
   * @param {object | null} audit @returns {import("../types.js").Report}
   */
  function tell(rows, run, audit) {
    const written = new Set(rows.map(({ number }) => number));
    const state = store.get();
    const troubles = new Map([...state.items, ...state.leftOut].map(({ id, trouble }) => [id, trouble]));
    const refused = [...numbersOf(state)].sort((a, b) => a[1] - b[1]).flatMap(([id, number]) => {
      const trouble = run.refused.get(number) ?? troubles.get(id);
      if (!trouble || written.has(number)) return [];
      return [{ number, code: trouble.code, reason: words.trouble(trouble), ...(trouble.hits && { hits: trouble.hits }) }];
    });
    const report = { rows, touched: run.touched, refused, profile: wired(store.get()), audit };
    store.update(({ view }) => ({ report, links: run.links, audit: null, view: view === "audit" ? "picture" : view }));
    return report;
  }

  /** Lets the instances in work end if they end soon; stops their workers if not. */
  function cancel() {
    const aborter = running;
    if (!aborter || aborter.signal.aborted || store.get().busy?.kind !== "deidentify") return;
    aborter.abort();
    door.open();
    store.update(({ busy }) => ({ busy: busy && { ...busy, cancelling: true, pausedAt: 0 } }));
    setTimeout(() => { if (running === aborter) calls.cancel(); }, PATIENCE_MS);
  }

  function pause() {
    const { busy } = store.get();
    if (busy?.kind !== "deidentify" || busy.cancelling) return;
    const now = Date.now();
    if (busy.pausedAt) door.open();
    else door.close();
    // Time that was paused does not count.
    store.update(() => ({ busy: busy.pausedAt ? { ...busy, startedAt: busy.startedAt + now - busy.pausedAt, pausedAt: 0 } : { ...busy, pausedAt: now } }));
  }

  return {
    deidentify,
    deidentifyUnchecked,
    cancel,
    pause,
    /** @param {Partial<import("../types.js").Outlet>} change */
    wishOutlet: (change) => store.update(({ outlet }) => ({ outlet: { ...outlet, ...change } })),
  };
}

/** One instance is one download. */
function singleOutlet() {
  /** @type {{name: string, blob: Blob} | null} */
  let made = null;
  return {
    extra: false,
    /** @param {number} _index @param {string} name @param {Blob | Uint8Array<ArrayBuffer> | null} content */
    async put(_index, name, content) {
      if (content) made = { name: `veil-${name.split("/").at(-1)}`, blob: new Blob([content], { type: "application/dicom" }) };
    },
    async end() {
      if (made) download(made.blob, made.name);
    },
    async abort() {},
  };
}
