import assert from "node:assert/strict";
import { test } from "node:test";
import { accessUnits } from "../../web/clips/annexb.js";
import { chosenItems, choicesOf, outputs, shownIn } from "../../web/model/exports.js";
import { evened, toI420 } from "../../web/video/yuv.js";
import { item } from "./items.mjs";

const items = [item("1", { number: 1 }), item("2", { number: 2 }), item("film", { series: "2", seriesNumber: "2", frames: 12 }), item("none", { series: "3", seriesNumber: "3", pixels: false })];
const png = { name: "png", scope: "frame", options: [] };
const gif = { name: "gif", scope: "both", options: [] };
const state = (selected, frameIndex = 0) => ({ items, selected, frameIndex });
const wish = (what, more = {}) => ({ what, format: "png", window: "own", together: true, options: {}, ...more });

test("choices are offered only where they mean more than the one before", () => {
  assert.deepEqual(choicesOf(items, "1"), ["frame", "series", "all"]);
  assert.deepEqual(choicesOf(items, "film"), ["frame", "instance", "all"]);
  assert.deepEqual(choicesOf([items[0]], "1"), ["frame"]);
  assert.deepEqual(chosenItems(items, "1", "all").map(({ id }) => id), ["1", "2", "film"]);
});

test("one picture a file, named by numbers that sort", () => {
  const names = outputs(state("film"), png, wish("instance")).map(({ name }) => name);
  assert.equal(names[0], "IMG-00003-frame-01");
  assert.equal(names[11], "IMG-00003-frame-12");
  assert.deepEqual(outputs(state("film", 4), png, wish("frame")).map(({ name }) => name), ["IMG-00003-frame-05"]);
});

test("frames of an instance, and single ones of a series, go together where a file holds several", () => {
  const files = outputs(state("1"), gif, wish("all"));
  assert.deepEqual(files.map(({ name, shots }) => [name, shots.length]), [["IMG-00001-to-00002", 2], ["IMG-00003", 12]]);
  assert.equal(outputs(state("1"), gif, wish("all", { together: false })).length, 14);
});

test("what is in files is told by instance, and by frame where one picture leaves", () => {
  const shown = (/** @type {any} */ ...how) => { const { instances, frameIndex } = shownIn(outputs(...how)); return [instances.map(({ id }) => id), frameIndex]; };
  assert.deepEqual(shown(state("film", 4), png, wish("frame")), [["film"], 4]);
  assert.deepEqual(shown(state("film", 4), gif, wish("instance")), [["film"], null]);
  assert.deepEqual(shown(state("1"), gif, wish("all")), [["1", "2", "film"], null]);
});

test("a chosen rate comes before the file's own, and uneven times are kept", () => {
  const uneven = item("film", { frames: 4 });
  uneven.inspection.cine = { rate: 10, times: [0, 50, 250, 300], source: "FrameTimeVector" };
  const [own] = outputs({ items: [uneven], selected: "film", frameIndex: 0 }, gif, wish("instance"));
  assert.deepEqual(own.times, [0, 0.05, 0.25, 0.3, 0.35]);
  const [chosen] = outputs({ items: [uneven], selected: "film", frameIndex: 0 }, gif, wish("instance", { options: { rate: 4 } }));
  assert.deepEqual([chosen.rate, chosen.times], [4, null]);
});

test("sides become even by repeating the last row and column", () => {
  const { pixels, size } = evened(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9), { rows: 3, columns: 3, color: false });
  assert.deepEqual([size.rows, size.columns], [4, 4]);
  assert.deepEqual([...pixels], [1, 2, 3, 3, 4, 5, 6, 6, 7, 8, 9, 9, 7, 8, 9, 9]);
});

test("black, white and gray have no colour, and limited range", () => {
  const gray = toI420(Uint8Array.of(0, 255, 128, 0), { rows: 2, columns: 2, color: false }, "bt709");
  assert.deepEqual([...gray], [16, 235, 126, 16, 128, 128]);
  const rgb = toI420(Uint8Array.of(0, 0, 0, 255, 255, 255, 128, 128, 128, 0, 0, 0), { rows: 2, columns: 2, color: true }, "bt709");
  assert.deepEqual([...rgb], [...gray]);
});

test("a bare stream is cut where a picture begins, not where a slice does", () => {
  const nal = (type, ...rest) => [0, 0, 0, 1, type, ...rest];
  const stream = Uint8Array.from([...nal(0x67, 1), ...nal(0x68, 2), ...nal(0x65, 0x88), ...nal(0x65, 0x20), ...nal(0x41, 0x9a), ...nal(0x09, 0xf0), ...nal(0x41, 0x9a)]);
  const units = accessUnits(stream);
  assert.deepEqual(units.map(({ key }) => key), [true, false, false]);
  assert.equal(units[0].end, units[1].start);
  assert.equal(units[2].end, stream.length);
});
