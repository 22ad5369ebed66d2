import assert from "node:assert/strict";
import { test } from "node:test";
import { frameAt, nextInClip, placeOfFrame, selectionAfter, seriesAround, step, stepSeries } from "../../web/model/walk.js";
import { ownRate, rateOf, stays } from "../../web/model/rate.js";
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

/** An item whose frames belong in another order than that in which they are stored. */
const shuffled = () => {
  const one = item("f", { frames: 3 });
  return { ...one, inspection: { ...one.inspection, frame_order: [2, 0, 1] } };
};

test("frames are stepped through in the order in which they belong", () => {
  const list = [shuffled()];
  assert.deepEqual(step(list, at("f", 2), 1), at("f", 0));
  assert.deepEqual(step(list, at("f", 1), 1), at("f", 1));
  assert.equal(placeOfFrame(list[0], 2), 0);
  assert.equal(frameAt(list[0], 2), 1);
});

test("a clip goes through an instance's frames, or a series' images, and begins again", () => {
  const list = [shuffled()];
  assert.deepEqual(nextInClip(list, at("f", 1)), at("f", 2));
  const single = [item("a", { number: 1 }), item("b", { number: 2 }), item("c", { number: 3, pixels: false })];
  assert.deepEqual(nextInClip(single, at("a")), at("b"));
  assert.deepEqual(nextInClip(single, at("b")), at("a"));
  assert.equal(nextInClip([item("alone")], at("alone")), null);
});

test("a series is ordered by position, then time, then number", () => {
  const placed = (id, along, temporal, number) => {
    const one = item(id, { number });
    return { ...one, inspection: { ...one.inspection, place: { orientation: null, along, temporal, number } } };
  };
  const list = [placed("4", null, null, 1), placed("3", 5, null, 0), placed("2", -5.0001, 2, 9), placed("1", -5, 1, 10)];
  assert.deepEqual(seriesAround(list, "1").map(({ id }) => id), ["1", "2", "3", "4"]);
});

test("a clip plays at the file's own rate, by each frame's time, or as chosen", () => {
  const one = item("f", { frames: 3 });
  const cine = { rate: 20, times: [0, 100, 130], source: "FrameTimeVector" };
  const timed = { ...one, inspection: { ...one.inspection, cine } };
  assert.deepEqual([0, 1, 2].map((frame) => stays(timed, frame, null)), [100, 30, 30]);
  const reordered = { ...timed, inspection: { ...timed.inspection, frame_order: [2, 0, 1] } };
  assert.deepEqual([0, 1, 2].map((frame) => stays(reordered, frame, null)), [50, 50, 50]);
  assert.equal(stays(timed, 0, 25), 40);
  assert.equal(stays(one, 0, null), 125);
  assert.equal(ownRate(one).source, null);
  assert.equal(rateOf([0, 10]), null);
  assert.equal(rateOf([0, 50, 100]), 20);
});
