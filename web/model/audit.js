/**
 * The audit of a run: what a person has seen, what is left, and the log of it. Pure.
 * @typedef {import("../types.js").Audit} Audit
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").Report} Report
 * @typedef {import("../types.js").Treated} Treated
 * @typedef {{number: number, passed: boolean, note: string}} Seen
 * @typedef {{tag: string, keyword: string, path: string, action: string, rule: string}} Touched
 */
import { cleaningOf, needsEyes, unchecked } from "./boxes.js";

export const STEPS = /** @type {const} */ (["baseline", "run", "tags", "private", "pixels", "spot", "log"]);
const NOTHING = { passed: null, note: "" };

/** @param {Pick<Audit, "verdicts">} audit @param {number | null} number @returns {import("../types.js").Verdict} */
export const verdictOf = ({ verdicts }, number) => verdicts[number ?? -1] ?? NOTHING;

/** What the core and the log are told. @param {Pick<Audit, "verdicts">} audit @returns {Seen[]} in the order of the numbers */
export function seenOf({ verdicts }) {
  return Object.entries(verdicts).flatMap(([number, { passed, note }]) => (passed === null ? [] : [{ number: Number(number), passed, note }]));
}

/** What a failure does is chosen before there is one. @param {Pick<Audit, "verdicts">} audit */
export const canChoose = ({ verdicts }) => Object.values(verdicts).every(({ passed }) => passed !== false);

/** By what a sample is drawn. @param {readonly Treated[]} rows */
export function strataOf(rows) {
  return Object.fromEntries(rows.map(({ number, device, modality }) => [number, [device ?? 0, modality ?? ""]]));
}

/** @param {readonly number[]} open @param {number | null} from @returns {number | undefined} what is to be seen next, from the beginning again after the end */
export function nextOpen(open, from) {
  return open.find((number) => number > (from ?? 0)) ?? open[0];
}

/** Whether a person has done anything that the log would say. @param {Audit} audit */
export function isBegun({ verdicts, checked, reviewer }) {
  return Object.keys(verdicts).length > 0 || checked.tags || checked.private || reviewer !== "";
}

/** Pictures of the run that nobody has looked at for text, and those of which something else was decided since. @param {State & {audit: Audit}} state */
export function pixelsOf({ audit, items, pixels }) {
  const mine = new Set(audit.ids.values());
  const there = items.filter(({ id }) => mine.has(id));
  const left = new Set([...unchecked(there, pixels.of).filter(({ id }) => !pixels.of[id]?.seen), ...there.filter(({ id }) => needsEyes(pixels.of[id]))]);
  const told = (/** @type {string} */ id, /** @type {Audit["pixels"]} */ { of, mode, kinds }) => JSON.stringify(cleaningOf(of[id], { mode, kinds }));
  const changed = there.filter(({ id }) => (pixels.of[id] !== audit.pixels.of[id] || pixels.mode !== audit.pixels.mode || pixels.kinds !== audit.pixels.kinds) && told(id, pixels) !== told(id, audit.pixels));
  return { left: left.size, changed: changed.length };
}

/**
 * What `report` takes: the run, and what a person saw of it. A log that nobody has begun is the run's own report.
 * @param {State} state @param {string} today yyyy-mm-dd @param {boolean} [whole] also where nobody has begun
 */
export function logOf(state, today, whole = false) {
  const { audit, report } = state;
  if (!report?.audit || !audit || (!whole && !isBegun(audit))) return report;
  const of = /** @type {{sample: object}} */ (report.audit);
  const { left, changed } = pixelsOf({ ...state, audit });
  return {
    ...report,
    audit: {
      ...of,
      sample: { ...of.sample, numbers: audit.numbers, seen: seenOf(audit), on_failure: audit.onFailure, state: audit.state },
      checked: { ...audit.checked, pixels_left: left, pixels_changed: changed },
    },
    review: { name: audit.reviewer, date: today },
  };
}

/**
 * What a saved log says of results that are the same now, byte for byte.
 * @param {any} log as it was parsed @param {readonly Treated[]} rows @param {string} seed
 * @returns {Pick<Audit, "verdicts" | "onFailure" | "checked"> | null} null: it is no log of this run
 */
export function takenOver(log, rows, seed) {
  const sample = log?.sample;
  if (sample?.seed !== seed || !Array.isArray(sample.seen) || !Array.isArray(log.instances)) return null;
  const now = new Map(rows.map(({ sha256, number }) => [sha256, number]));
  const then = new Map(log.instances.map((/** @type {Treated} */ { number, sha256 }) => [number, sha256]));
  const mine = sample.seen.flatMap((/** @type {any} */ { number, passed, note }) => {
    const at = now.get(then.get(number));
    return at === undefined ? [] : [[at, { passed: Boolean(passed), note: String(note ?? "") }]];
  });
  const same = now.size === then.size && [...then.values()].every((sum) => now.has(sum));
  return {
    verdicts: Object.fromEntries(mine),
    onFailure: sample.on_failure === "stop" ? "stop" : "enlarge",
    checked: { tags: same && log.checked?.tags === true, private: same && log.checked?.private === true },
  };
}

/** What was done to each attribute, what was not wholly taken away first. @param {Report} report @returns {(Touched & {count: number, first: number})[]} `count`: results, `first`: the number of one */
export function touchedOf({ rows, touched }) {
  /** @type {Map<string, Touched & {count: number, first: number}>} */
  const found = new Map();
  const counts = countBy(rows);
  touched.forEach((list, shape) => {
    const mine = counts.get(shape);
    if (!mine) return;
    const here = new Map(/** @type {Touched[]} */ (list).map((one) => [`${one.keyword || one.tag} ${one.action} ${one.rule}`, one]));
    for (const [key, one] of here) {
      const before = found.get(key);
      found.set(key, { ...one, count: (before?.count ?? 0) + mine.count, first: Math.min(before?.first ?? Infinity, mine.first) });
    }
  });
  const rank = (/** @type {Touched} */ { action }) => "CDUZX".indexOf(action);
  return [...found.values()].sort((a, b) => rank(a) - rank(b) || (a.tag < b.tag ? -1 : 1));
}

/** @param {readonly Treated[]} rows @returns {Map<number, {count: number, first: number}>} results by their treatment */
function countBy(rows) {
  const counts = new Map();
  for (const { shape, number } of rows) {
    const { count = 0, first = number } = counts.get(shape) ?? {};
    counts.set(shape, { count: count + 1, first: Math.min(first, number) });
  }
  return counts;
}

/** Private attributes that stay, most of them first. @param {readonly Treated[]} rows @returns {{path: string, count: number, first: number}[]} */
export function privateOf(rows) {
  /** @type {Map<string, {path: string, count: number, first: number}>} */
  const found = new Map();
  for (const { number, private_kept: kept } of rows) {
    for (const path of /** @type {string[]} */ (kept ?? [])) {
      const { count = 0, first = number } = found.get(path) ?? {};
      found.set(path, { path, count: count + 1, first: Math.min(first, number) });
    }
  }
  return [...found.values()].sort((a, b) => b.count - a.count || (a.path < b.path ? -1 : 1));
}

/** Of the attributes side by side, those that are not as they were. @param {readonly import("../types.js").TagRow[]} rows */
export const changedOf = (rows) => rows.filter(({ vr, value, result }) => vr !== "" && value !== result);
