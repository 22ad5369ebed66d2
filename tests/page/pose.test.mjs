import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_POSE, fitting, flippedAcross, flippedDown, moved, pixelAt, posedSides, shape, turned, zoomed } from "../../web/model/pose.js";
import { mmDown, rulerFor } from "../../web/model/ruler.js";

const info = { rows: 2, columns: 4, pixel_aspect: [2, 1] };
const SCALE = 10; // CSS pixels for one unit
const sides = { left: "R", right: "L", top: "A", bottom: "P" };
/** The pixel at a place of the screen that is `x`, `y` units from its middle. */
const at = (pose, x, y) => Object.values(pixelAt({ x: x * SCALE, y: y * SCALE }, pose, SCALE, info, true));

test("pixels that are not square get their true shape, unless they shall not", () => {
  assert.deepEqual(shape(info, true), { width: 4, height: 4 });
  assert.deepEqual(shape(info, false), { width: 4, height: 2 });
});

test("a picture fits its box as it is turned", () => {
  const size = { width: 400, height: 100 };
  assert.equal(fitting(size, { width: 800, height: 400 }, DEFAULT_POSE), 2);
  assert.equal(fitting(size, { width: 800, height: 400 }, turned(DEFAULT_POSE)), 1);
});

test("the pixel under the pointer follows every turn and flip", () => {
  assert.deepEqual(at(DEFAULT_POSE, -1.5, -1), [0, 0]);
  assert.deepEqual(at(turned(DEFAULT_POSE), 1, -1.5), [0, 0]); // top left is now top right
  assert.deepEqual(at(turned(turned(DEFAULT_POSE)), 1.5, 1), [0, 0]);
  assert.deepEqual(at(flippedAcross(DEFAULT_POSE), 1.5, -1), [0, 0]);
  assert.deepEqual(at(flippedDown(DEFAULT_POSE), -1.5, 1), [0, 0]);
  assert.deepEqual(at(flippedAcross(turned(DEFAULT_POSE)), -1, -1.5), [0, 0]);
  assert.deepEqual(at(flippedDown(turned(DEFAULT_POSE)), 1, 1.5), [0, 0]);
});

test("letters go with the sides", () => {
  assert.deepEqual(posedSides(sides, turned(DEFAULT_POSE)), { left: "P", right: "A", top: "R", bottom: "L" });
  assert.deepEqual(posedSides(sides, flippedAcross(DEFAULT_POSE)), { ...sides, left: "L", right: "R" });
  assert.deepEqual(posedSides(sides, flippedDown(DEFAULT_POSE)), { ...sides, top: "P", bottom: "A" });
  assert.deepEqual(posedSides(sides, flippedAcross(turned(DEFAULT_POSE))), { left: "A", right: "P", top: "R", bottom: "L" });
});

test("four turns, and two flips, lead back, also when the picture was moved", () => {
  const pose = { ...DEFAULT_POSE, x: 3, y: -2, zoom: 2 };
  const same = (a) => assert.deepEqual({ ...a, x: a.x + 0, y: a.y + 0 }, pose);
  same(turned(turned(turned(turned(pose)))));
  same(flippedAcross(flippedAcross(pose)));
  same(flippedDown(flippedDown(pose)));
});

test("zooming keeps what is under the pointer, moving takes it along", () => {
  const pose = { ...turned(DEFAULT_POSE), x: 0.3, y: 0.1 };
  const place = { x: 7, y: -12 };
  const before = pixelAt(place, pose, SCALE, info, true);
  assert.deepEqual(pixelAt(place, zoomed(pose, 3, SCALE, place), SCALE, info, true), before);
  assert.deepEqual(pixelAt({ x: place.x + 40, y: place.y }, moved(pose, 40, 0, SCALE), SCALE, info, true), before);
  assert.equal(zoomed(pose, 1e9, SCALE).zoom, 64);
});

test("a ruler is a round length that has room, and follows zoom and turn", () => {
  assert.deepEqual(rulerFor(0.5, 250), { mm: 100, length: 200, parts: 5 });
  assert.deepEqual(rulerFor(0.1, 250), { mm: 20, length: 200, parts: 4 });
  assert.equal(rulerFor(1000, 5).mm, 1000 * 1);
  const stage = { info: { rows: 100, columns: 50 }, size: { width: 50, height: 200 }, unit: 2, pose: DEFAULT_POSE };
  assert.equal(mmDown({ mm: [0.8, 0.4] }, stage), 0.2);
  assert.equal(mmDown({ mm: [0.8, 0.4] }, { ...stage, unit: 4 }), 0.1);
  assert.equal(mmDown({ mm: [0.8, 0.4] }, { ...stage, pose: turned(DEFAULT_POSE) }), 0.2);
});
