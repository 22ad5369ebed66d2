/** The audit's own counting: what is seen, what is left, what a saved log says of other results. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { canChoose, changedOf, isBegun, logOf, nextOpen, pixelsOf, privateOf, seenOf, takenOver, touchedOf } from "../../web/model/audit.js";

const rows = [1, 2, 3].map((number) => ({ number, file: `${number}.dcm`, size: 1, sha256: `sum ${number}`, shape: number === 3 ? 1 : 0, private_kept: number === 1 ? [] : ["(0019,1010)"] }));
const name = { tag: "(0010,0010)", keyword: "PatientName", path: "PatientName", action: "Z", rule: "E.1-1" };
const date = { tag: "(0008,0020)", keyword: "StudyDate", path: "StudyDate", action: "C", rule: "E.1-1" };
const report = { rows, touched: [[name, { ...name, path: "X[1].PatientName" }], [name, date]], refused: [], profile: "basic", audit: { date: "", sample: { seed: "s", numbers: [1, 2, 3], seen: [], method: "" } } };
const fresh = { verdicts: {}, checked: { tags: false, private: false }, reviewer: "", onFailure: "enlarge", state: "open", numbers: [1, 2, 3], open: [1, 2, 3], ids: new Map(), pixels: { of: {}, mode: "default", kinds: [] } };

test("what is cleaned comes first, and an attribute counts once for each result", () => {
  assert.deepEqual(touchedOf(report).map(({ keyword, count, first }) => [keyword, count, first]), [["StudyDate", 1, 3], ["PatientName", 3, 1]]);
  assert.deepEqual(privateOf(rows), [{ path: "(0019,1010)", count: 2, first: 2 }]);
});

test("a note without a verdict is not seen, and the next one is sought from here on", () => {
  const verdicts = { 2: { passed: false, note: "n" }, 3: { passed: null, note: "later" } };
  assert.deepEqual(seenOf({ verdicts }), [{ number: 2, passed: false, note: "n" }]);
  assert.equal(canChoose({ verdicts }), false);
  assert.equal(nextOpen([1, 3], 2), 3);
  assert.equal(nextOpen([1], 3), 1);
  assert.equal(nextOpen([], 3), undefined);
});

test("a log goes by what the results are, not by their numbers", () => {
  const log = { sample: { seed: "s", seen: [{ number: 7, passed: true, note: "" }, { number: 8, passed: false, note: "gone" }], on_failure: "stop" }, instances: [{ number: 7, sha256: "sum 2" }, { number: 8, sha256: "another" }], checked: { tags: true, private: true } };
  assert.deepEqual(takenOver(log, rows, "s"), { verdicts: { 2: { passed: true, note: "" } }, onFailure: "stop", checked: { tags: false, private: false } });
  assert.equal(takenOver(log, rows, "another seed"), null);
  for (const strange of [null, 3, [], {}, { sample: { seed: "s" } }]) assert.equal(takenOver(strange, rows, "s"), null);
});

test("a report that nobody has looked at is the run's own", () => {
  const state = { report, audit: fresh, items: [], pixels: fresh.pixels };
  assert.equal(logOf(state, "2026-11-21"), report);
  assert.equal(logOf(state, "2026-11-21", true).audit.sample.state, "open");
  const begun = { ...state, audit: { ...fresh, reviewer: "R" } };
  assert.equal(isBegun(begun.audit), true);
  assert.deepEqual(logOf(begun, "2026-11-21").review, { name: "R", date: "2026-11-21" });
});

test("a box that was drawn after the run is said", () => {
  const mark = { left: 0, top: 0, right: 2, bottom: 2, first: 0, last: 0, source: "drawn", kind: "unknown", decision: "remove" };
  const items = [{ id: "a", state: "done", inspection: { risks: [], instance: { has_pixels: true } } }];
  const of = { a: { status: "scanned", marks: [mark], seen: true } };
  const state = { audit: { ...fresh, ids: new Map([[1, "a"]]) }, items, pixels: { ...fresh.pixels, of } };
  assert.deepEqual(pixelsOf(state), { left: 0, changed: 1 });
  assert.deepEqual(pixelsOf({ ...state, audit: { ...state.audit, pixels: state.pixels } }), { left: 0, changed: 0 });
});

test("items of sequences are not as they were or not: they hold no value", () => {
  assert.deepEqual(changedOf([{ vr: "", value: "", result: "" }, { vr: "LO", value: "a", result: "a" }, { vr: "LO", value: "a", result: "" }]).length, 1);
});
