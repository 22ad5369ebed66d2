import { bytesOf, codeOf, troubleOf } from "../calls.js";
import { download } from "../download.js";
import { VeilError } from "../errors.js";
import { canChoose, logOf, nextOpen, seenOf, strataOf, takenOver, verdictOf } from "../model/audit.js";
import { wiredReport } from "../model/rows.js";
import { frameAt, framesOf, placeOfFrame } from "../model/walk.js";
import { logFiles } from "../studies/finish.js";
import { words } from "../words/words.js";
import { say, sayError } from "./say.js";

const MIME = { json: "application/json", csv: "text/csv", html: "text/html" };
/** A log of this many bytes is none. */
const MOST = 512 << 20;

/** The day, as the person's clock has it. */
export const today = () => new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10);

/**
 * The audit of the last run: seven steps, the verdicts of a spot check, and the log.
 * @typedef {import("../types.js").Audit} Audit
 * @typedef {import("../types.js").Report} Report
 * @param {import("../types.js").Store} store @param {import("../types.js").Calls} calls
 * @param {ReturnType<typeof import("../studies/results.js").createResults>} results
 */
export function auditActions(store, calls, results) {
  let asked = 0;
  /** Notes that are being held against the original. */
  let noting = Promise.resolve();

  /** @param {Partial<Audit>} change */
  const put = (change) => store.update(({ audit }) => (audit ? { audit: { ...audit, ...change } } : {}));

  /** @param {number | null} number */
  const itemOf = (number) => {
    const { audit, items } = store.get();
    return items.find(({ id }) => id === audit?.ids.get(number ?? -1));
  };

  /** @param {readonly import("../types.js").Treated[]} rows @param {Pick<Audit, "verdicts" | "onFailure">} audit @param {string} seed */
  async function spot(rows, audit, seed) {
    const { result } = await calls.call("spot", { strata: strataOf(rows), seed, seen: seenOf(audit), on_failure: audit.onFailure });
    return { state: result.state, numbers: result.numbers, open: result.open };
  }

  /**
   * A run has ended; `log`: what an earlier one left in the same folder.
   * @param {Report} report @param {Pick<Audit, "ids" | "pixels" | "place">} about @param {import("../studies/results.js").Run} run @param {Blob | null} log
   */
  async function beginAudit(report, about, run, log) {
    const { sample } = /** @type {{sample: {seed: string, numbers: number[]}}} */ (report.audit);
    /** @type {Audit} */
    const fresh = {
      ...about, step: "baseline", onFailure: "enlarge", verdicts: {}, state: "open", numbers: sample.numbers, open: sample.numbers,
      at: null, beside: null, all: true, refused: null, checked: { tags: false, private: false }, reviewer: "", saved: false,
    };
    const taken = log && (await read(log, report, about.ids));
    const more = taken && Object.keys(taken.verdicts).length ? { ...taken, ...(await spot(report.rows, taken, sample.seed)) } : taken;
    results.hold(run);
    store.update(() => ({ audit: { ...fresh, ...more } }));
  }

  /** What a saved log says of this run; its notes are held against the originals again. @param {Blob} log @param {Report} report @param {Audit["ids"]} ids */
  async function read(log, { rows, audit }, ids) {
    if (log.size > MOST) return null;
    try {
      const taken = takenOver(JSON.parse(await log.text()), rows, /** @type {any} */ (audit).sample.seed);
      for (const [number, verdict] of Object.entries(taken?.verdicts ?? {})) {
        const item = store.get().items.find(({ id }) => id === ids.get(Number(number)));
        if (verdict.note && (!item || (await named(verdict.note, item)).length)) verdict.note = "";
      }
      return taken;
    } catch (error) {
      if (error instanceof SyntaxError) return null;
      throw error;
    }
  }

  /** @param {string} text @param {import("../types.js").Item} item @returns {Promise<string[]>} attributes of the original that it holds a value of */
  async function named(text, { file }) {
    return (await calls.call("note", { text }, { file })).result.attributes;
  }

  /** @param {Partial<Audit>} change after which the core says anew what follows */
  async function settle(change) {
    const { audit: before, report } = store.get();
    if (!before || !report) return;
    const mine = ++asked;
    put({ ...change, saved: false });
    try {
      const next = await spot(report.rows, { ...before, ...change }, /** @type {any} */ (report.audit).sample.seed);
      if (mine !== asked || store.get().audit?.ids !== before.ids) return;
      put(next);
      tell(before, next);
    } catch (error) {
      sayError(store, codeOf(error));
    }
  }

  /** @param {Audit} before @param {Pick<Audit, "state" | "numbers">} now */
  function tell(before, { state, numbers }) {
    if (state === "stopped" && before.state !== state) say(store, { tone: "bad", text: words.audit.stopped });
    else if (state === "passed" && before.state !== state) say(store, { tone: "good", text: words.audit.passed(numbers.length) });
    else if (numbers.length > before.numbers.length) say(store, { tone: "info", text: words.audit.enlarged(numbers.length - before.numbers.length, numbers.length) });
  }

  /** @param {number} number */
  function goNumber(number) {
    const item = itemOf(number);
    put({ at: number, refused: null });
    if (item) store.update(() => ({ selected: item.id, frameIndex: frameAt(item, 0) }));
  }

  /** @param {import("../types.js").AuditStep} step */
  function goStep(step) {
    const { audit } = store.get();
    if (!audit) return;
    put({ step });
    const at = audit.at !== null && audit.numbers.includes(audit.at) ? audit.at : nextOpen(audit.open, null) ?? audit.numbers[0];
    if (step === "spot" && at !== undefined && (audit.at !== at || itemOf(at)?.id !== store.get().selected)) goNumber(at);
  }

  function openAudit() {
    const { audit, view } = store.get();
    if (!audit) return;
    store.update(() => ({ view: view === "audit" ? "picture" : "audit", message: null }));
    if (view !== "audit") goStep(audit.step);
  }

  /** @param {boolean} passed */
  async function judge(passed) {
    const { audit } = store.get();
    const at = audit?.at ?? null;
    if (!audit || at === null || audit.step !== "spot" || !audit.numbers.includes(at) || audit.beside?.number !== at) return;
    if (passed && audit.beside.trouble) return; // nothing was seen of it
    await settle({ verdicts: { ...audit.verdicts, [at]: { ...verdictOf(audit, at), passed } } });
    const now = store.get().audit;
    const next = now && now.at === at ? nextOpen(now.open, at) : undefined;
    if (next !== undefined) goNumber(next);
  }

  /** @param {string} text */
  function note(text) {
    const number = store.get().audit?.at ?? null;
    const item = itemOf(number);
    if (number === null || !item) return noting;
    noting = noting.then(async () => {
      try {
        const attributes = text.trim() ? await named(text, item) : [];
        const { audit } = store.get();
        if (!audit || itemOf(number)?.id !== item.id) return;
        const verdict = { ...verdictOf(audit, number), note: attributes.length ? "" : text.trim() };
        put({ verdicts: { ...audit.verdicts, [number]: verdict }, refused: attributes.length ? { number, attributes } : null, saved: false });
      } catch (error) {
        sayError(store, codeOf(error));
      }
    });
    return noting;
  }

  /** @param {import("../types.js").State["reportFormat"]} format @returns {Promise<Blob>} */
  async function made(format) {
    await noting;
    const log = logOf(store.get(), today(), true);
    const { buffers } = await calls.call("report", { ...wiredReport(/** @type {Report} */ (log)), format });
    return new Blob([bytesOf(buffers[0])], { type: MIME[format] });
  }

  /** @param {import("../types.js").State["reportFormat"]} format */
  async function saveLog(format) {
    if (!store.get().audit) return;
    try {
      download(await made(format), `veil-audit.${format}`);
      put({ saved: true });
      say(store, { tone: "good", text: words.audit.savedAs(words.act.reportFormats[format]) });
    } catch (error) {
      sayError(store, codeOf(error));
    }
  }

  /** In the place of the run's own report, with the sums of all. */
  async function putLog() {
    const { run } = results;
    const { report, busy } = store.get();
    if (!run?.write || !run.read || !report || busy) return;
    try {
      const forms = Object.fromEntries(await Promise.all(/** @type {const} */ (["json", "csv", "html"]).map(async (form) => [`report.${form}`, await made(form)])));
      const directory = run.layout === "media" ? await run.read("DICOMDIR") : null;
      for (const { name, content } of await logFiles(calls, report, forms, directory, run.pictures)) await run.write(name, content);
      put({ saved: true });
      say(store, { tone: "good", text: words.audit.put });
    } catch (error) {
      sayError(store, codeOf(error));
    }
  }

  /** @param {File} file a log that was saved before */
  async function loadLog(file) {
    const { audit, report } = store.get();
    if (!audit || !report) return;
    try {
      const taken = await read(file, report, audit.ids);
      if (!taken) throw new VeilError("log-other");
      const { verdicts, onFailure, checked } = taken;
      put({ checked: { tags: audit.checked.tags || checked.tags, private: audit.checked.private || checked.private } });
      await settle({ verdicts: { ...verdicts, ...audit.verdicts }, onFailure: canChoose(audit) ? onFailure : audit.onFailure });
      const next = nextOpen(store.get().audit?.open ?? [], null);
      if (next !== undefined && audit.step === "spot") goNumber(next);
      say(store, { tone: "good", text: words.audit.taken(Object.keys(verdicts).length) });
    } catch (error) {
      const { code, sentence } = troubleOf(error);
      sayError(store, code, sentence);
    }
  }

  return {
    beginAudit,
    audit: {
      openAudit, goStep, goNumber,
      /** @param {number} number */
      lookBeside(number) {
        put({ step: "spot" });
        goNumber(number);
      },
      judge, note, saveLog, putLog, loadLog,
      /** @param {number} delta */
      stepSample(delta) {
        const { audit } = store.get();
        const at = audit ? audit.numbers.indexOf(audit.at ?? -1) : -1;
        const next = audit?.numbers[Math.min(Math.max(at + delta, 0), audit.numbers.length - 1)];
        if (next !== undefined && next !== audit?.at) goNumber(next);
      },
      /** @param {number} delta */
      stepFrame(delta) {
        const { audit, frameIndex } = store.get();
        const item = itemOf(audit?.at ?? null);
        if (item) store.update(() => ({ frameIndex: frameAt(item, Math.min(Math.max(placeOfFrame(item, frameIndex) + delta, 0), framesOf(item) - 1)) }));
      },
      /** @param {Audit["onFailure"]} onFailure */
      async chooseFailure(onFailure) {
        const { audit } = store.get();
        if (audit && canChoose(audit)) await settle({ onFailure });
      },
      /** @param {Partial<Pick<Audit, "checked" | "reviewer" | "all">>} change */
      tellAudit: (change) => put("all" in change ? change : { ...change, saved: false }),
    },
  };
}
