import assert from "node:assert/strict";
import { test } from "node:test";
import { record, redo, undo } from "../../web/model/history.js";
import { DEFAULT_LOOK, drag, resolve, sameLook } from "../../web/model/window.js";

const ct = { center: 40, width: 400, function: "LINEAR" };

test("a drag that goes nowhere changes nothing", () => {
  assert.deepEqual(drag(ct, 0, 0), { kind: "person", ...ct });
});

test("right widens, left narrows, down raises the center, up lowers it", () => {
  assert.ok(drag(ct, 50, 0).width > 400);
  assert.ok(drag(ct, -50, 0).width < 400);
  assert.ok(drag(ct, 0, 50).center > 40);
  assert.ok(drag(ct, 0, -50).center < 40);
  assert.equal(drag(ct, 80, 0).center, 40);
  assert.equal(drag(ct, 0, 80).width, 400);
});

test("no drag makes a width that PS3.3 C.11.2.1.2 forbids", () => {
  assert.equal(drag(ct, -5000, 0).width, 1);
  assert.equal(drag({ center: 0, width: 1 }, -900, 0).width, 1);
  const narrow = drag({ center: 0.5, width: 0.01, function: "LINEAR_EXACT" }, -400, 0);
  assert.ok(narrow.width > 0 && narrow.width < 0.01);
  assert.equal(narrow.function, "LINEAR_EXACT");
});

test("narrow windows of small values can be set finely, wide ones in whole numbers", () => {
  const fine = drag({ center: 0.02, width: 0.05, function: "LINEAR_EXACT" }, 0, 5);
  assert.ok(fine.center > 0.02 && fine.center < 0.022);
  assert.equal(drag(ct, 13, 7).center % 1, 0);
});

const own = { center: 40, width: 400, source: "file", function: "SIGMOID", explanation: "" };
const auto = { center: 10, width: 90, source: "auto", function: "LINEAR", explanation: "" };
const frame = { windows: [own, auto], window: own };
const presets = [{ name: "lung", label: "Lung", center: -600, width: 1500 }];

test("a choice means each frame's own window, or falls back to its default", () => {
  assert.equal(resolve({ kind: "default" }, frame, presets), own);
  assert.equal(resolve({ kind: "listed", index: 1 }, frame, presets), auto);
  assert.equal(resolve({ kind: "listed", index: 7 }, frame, presets), own);
  assert.equal(resolve({ kind: "preset", name: "unknown" }, frame, presets), own);
  assert.deepEqual(resolve({ kind: "preset", name: "lung" }, frame, presets), { center: -600, width: 1500, function: "LINEAR", explanation: "Lung", source: "preset" });
  assert.equal(resolve({ kind: "person", center: 1, width: 2, function: "SIGMOID" }, frame, presets).function, "SIGMOID");
  assert.equal(resolve({ kind: "default" }, { windows: [], window: null }, presets), null);
});

test("undo and redo lead there and back, and a new change forgets what was undone", () => {
  const look = (width) => ({ choice: { kind: "person", center: 0, width, function: "LINEAR" }, invert: false });
  const change = (before, after) => ({ series: "s", before, after });
  let history = { past: [], future: [] };
  assert.equal(undo(history), null);
  history = record(record(history, change(DEFAULT_LOOK, look(1))), change(look(1), look(2)));
  const [once, last] = undo(history);
  assert.ok(sameLook(last.before, look(1)));
  const [again, same] = redo(once);
  assert.equal(same, last);
  assert.deepEqual(again, history);
  const branched = record(once, change(look(1), look(3)));
  assert.equal(redo(branched), null);
  assert.equal(branched.past.length, 2);
});
