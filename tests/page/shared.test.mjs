import assert from "node:assert/strict";
import { test } from "node:test";
import { createShared } from "../../web/model/shared.js";

const one = (number) => ({ number, patient: { name: "A", id: "1" }, notes: [], place: { along: number, orientation: [1, 0, 0] }, none: null });

test("objects keep what they say, and hold once what they have in common", () => {
  const { within } = createShared();
  const [a, b] = [within(one(1)), within(one(2))];
  assert.deepEqual([a, b], [one(1), one(2)]);
  assert.equal(a.patient, b.patient);
  assert.equal(a.notes, b.notes);
  assert.notEqual(a.place, b.place);
  assert.equal(a.place.orientation, b.place.orientation);
});

test("a text is no list of the same JSON, and what is forgotten is found again", () => {
  const { within } = createShared();
  const [text, list] = [within({ x: "[1]" }), within({ x: [1] })];
  assert.deepEqual([text, list], [{ x: "[1]" }, { x: [1] }]);
  for (let i = 0; i < 10_000; i++) within({ x: [i], y: `${i}` });
  assert.deepEqual(within({ x: [1], y: "[1]" }), { x: [1], y: "[1]" });
});
