import assert from "node:assert/strict";
import { test } from "node:test";
import { imageName, pictureName } from "../../web/model/names.js";
import { secondsLeft } from "../../web/model/progress.js";
import { grayPixels, paintCoarse, paintColor, paintGray } from "../../web/picture/paint.js";
import { probe } from "../../web/picture/probe.js";
import { day, personName } from "../../web/views/row.js";
import { en } from "../../web/words/en.js";

test("a gray pixel is the table's value three times, opaque, for every index", () => {
  const table = Uint8Array.from({ length: 65536 }, (_, i) => (i * 7) % 256);
  const values = Uint16Array.from({ length: 65536 }, (_, i) => i);
  const out = new Uint32Array(65536);
  paintGray(values, grayPixels(table), out);
  const bytes = new Uint8Array(out.buffer);
  for (let i = 0; i < 65536; i++) assert.deepEqual([...bytes.subarray(4 * i, 4 * i + 4)], [table[i], table[i], table[i], 255]);
});

test("a colour pixel is red, green, blue, opaque", () => {
  const out = new Uint32Array(2);
  paintColor(Uint8Array.of(255, 128, 1, 0, 0, 254), out);
  assert.deepEqual([...new Uint8Array(out.buffer)], [255, 128, 1, 255, 0, 0, 254, 255]);
});

test("the read-out gives the stored value and what it means", () => {
  const info = { rows: 2, columns: 2, color: false, scale: 1, offset: -10, rescale: { slope: 2, intercept: -1024, unit: "HU" } };
  const frame = { info, values: Uint16Array.of(0, 1, 2, 300) };
  assert.deepEqual(probe(frame, 1, 1), { stored: [290], values: [{ value: -444, unit: "HU" }] });
  assert.deepEqual(probe({ ...frame, info: { ...info, rescale: null } }, 0, 0).values, []);
  const units = [{ name: "BQML", slope: 2, intercept: 0 }, { name: "SUVbw", slope: 0.5, intercept: 0 }];
  assert.deepEqual(probe({ ...frame, info: { ...info, units } }, 1, 1).values, [{ value: 580, unit: "BQML" }, { value: 145, unit: "SUVbw" }]);
  assert.deepEqual(probe({ info: { ...info, color: true }, values: Uint8Array.of(1, 2, 3, 4, 5, 6) }, 1, 0).stored, [4, 5, 6]);
});

test("a coarse picture is every so manieth pixel of every so manieth row", () => {
  const pixels = Uint32Array.from({ length: 256 }, (_, i) => i);
  const values = Uint8Array.from({ length: 15 }, (_, i) => i); // 3 rows of 5
  const out = new Uint32Array(6);
  paintCoarse(values, { rows: 3, columns: 5 }, pixels, out, 2);
  assert.deepEqual([...out], [0, 2, 4, 10, 12, 14]);
});

test("names of downloads hold numbers only; frames count from 1", () => {
  assert.equal(imageName(7), "IMG-00007");
  assert.equal(pictureName(12, 0, ".png"), "veil-IMG-00012-frame-1.png");
});

test("time left is not guessed from nothing", () => {
  assert.equal(secondsLeft({ done: 0, total: 9, startedAt: 0 }, 5000), null);
  assert.equal(secondsLeft({ done: 5, total: 9, startedAt: 0 }, 500), null);
  assert.equal(secondsLeft({ done: 9, total: 9, startedAt: 0 }, 5000), null);
  assert.equal(secondsLeft({ done: 10, total: 30, startedAt: 0 }, 5000), 10);
});

test("names and dates are written as people write them", () => {
  assert.equal(personName("Tanaka^Yuki=田中^由紀"), "Tanaka, Yuki · 田中, 由紀");
  assert.equal(personName("Doe^Jane^M^Dr"), "Doe, Jane M");
  assert.equal(personName("^^^"), "");
  assert.equal(day("20240314"), "2024-03-14");
  assert.equal(day("2024.03.14"), "2024.03.14");
});

test("buttons say what they will do, with numbers", () => {
  assert.equal(en.act.deidentify(3, 1, true), "De-identify 3 images of 1 patient");
  assert.equal(en.act.deidentify(1, 1, false), "De-identify 1 file of 1 patient");
  assert.equal(en.act.deidentify(1412, 3, true), "De-identify 1,412 images of 3 patients");
});
