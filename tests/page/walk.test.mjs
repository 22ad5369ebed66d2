import assert from "node:assert/strict";
import { test } from "node:test";
import { selectionAfter, step, stepSeries } from "../../web/model/walk.js";
import { item, unread } from "./items.mjs";

const items = [
  item("1", { number: 1 }),
  item("2", { number: 2, frames: 3 }),
  item("3", { number: 3 }),
  item("other", { series: "9", seriesNumber: "9" }),
];
const at = (selected, frameIndex = 0) => ({ selected, frameIndex });

test("stepping goes through the frames of an instance before it goes on", () => {
  assert.deepEqual(step(items, at("1"), 1), at("2", 0));
  assert.deepEqual(step(items, at("2", 0), 1), at("2", 1));
  assert.deepEqual(step(items, at("2", 2), 1), at("3", 0));
  assert.deepEqual(step(items, at("3"), -1), at("2", 2));
  assert.deepEqual(step(items, at("1"), 4), at("3", 0));
});

test("stepping stays at the ends of the series", () => {
  assert.deepEqual(step(items, at("1"), -1), at("1", 0));
  assert.deepEqual(step(items, at("3"), 5), at("3", 0));
  assert.deepEqual(step([item("m", { frames: 4 })], at("m", 3), 1), at("m", 3));
});

test("series are stepped through to their first instance, staying at the ends", () => {
  assert.equal(stepSeries(items, "2", 1), "other");
  assert.equal(stepSeries(items, "other", 1), "other");
  assert.equal(stepSeries(items, "other", -1), "1");
  assert.equal(stepSeries([], null, 1), null);
});

test("after removal the next that stays is selected, else the one before, else none", () => {
  assert.equal(selectionAfter(items, "2", new Set(["2"])), "3");
  assert.equal(selectionAfter(items, "other", new Set(["other", "3"])), "2");
  assert.equal(selectionAfter(items, "1", new Set(["2"])), "1");
  assert.equal(selectionAfter(items, "1", new Set(items.map(({ id }) => id))), null);
  assert.equal(selectionAfter([unread("a"), unread("b")], "a", new Set(["a"])), "b");
});
