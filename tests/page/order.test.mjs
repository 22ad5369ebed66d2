import assert from "node:assert/strict";
import { test } from "node:test";
import { itemOf, withItem, withItems } from "../../web/model/items.js";
import { order, rows } from "../../web/model/tree.js";
import { numbersOf } from "../../web/model/numbers.js";
import { seriesAround } from "../../web/model/walk.js";
import { ids, item, unread } from "./items.mjs";

/** A list of which headers come in some at a time, in any order (numbers of a fixed generator). */
function* growing(count, atOnce) {
  let seed = 7;
  const next = (below) => (seed = (seed * 1103515245 + 12345) % 2 ** 31) % below;
  let items = Array.from({ length: count }, (_, i) => unread(`i${i}`));
  const waiting = items.map(({ id }) => id);
  while (waiting.length) {
    const changes = new Map();
    for (let i = 0; i < atOnce && waiting.length; i++) {
      const [id] = waiting.splice(next(waiting.length), 1);
      const { inspection } = item(id, { patient: "ABC"[next(3)], study: String(next(2)), series: String(next(3)), number: next(20) });
      changes.set(id, { inspection, state: "ready" });
    }
    yield (items = withItems(items, changes));
  }
}

test("a list that grows header by header is in the order of one that came at once", () => {
  for (const items of growing(120, 7)) {
    const found = ids(order(items));
    order([]); // nothing of the list before is known
    assert.deepEqual(found, ids(order([...items])));
  }
});

test("headings and siblings of such a list are those of one that came at once", () => {
  for (const items of growing(90, 11)) {
    const plain = (list) => list.map(({ key, nth, siblings, parents }) => [key, nth, siblings, parents]);
    const found = plain(rows(items));
    order([]);
    assert.deepEqual(found, plain(rows([...items])));
    const [first] = order(items);
    const around = order(items).filter((one) => one.inspection && one.inspection.series.uid === first.inspection?.series.uid);
    if (first.inspection) assert.deepEqual(ids(seriesAround(items, first.id)), ids(around));
  }
});

test("while only states change, rows stay the very same, and say what is now", () => {
  const items = [item("a"), item("b", { number: 2 })];
  const before = rows(items);
  const next = withItem(items, "b", { state: "done" });
  assert.equal(rows(next), before);
  assert.equal(next[before.at(-1).place].state, "done");
  assert.equal(order(next)[1].state, "done");
  assert.equal(seriesAround(next, "a")[1].state, "done");
});

test("an instance is found by its id in every list that follows, and not in one that it has left", () => {
  const items = ["a", "b", "c"].map((id) => item(id));
  assert.equal(itemOf(items, "b"), items[1]);
  const fewer = items.filter(({ id }) => id !== "a");
  assert.equal(itemOf(fewer, "c"), items[2]);
  assert.equal(itemOf(fewer, "a"), undefined);
  assert.equal(itemOf(items, "a"), items[0]);
  assert.equal(itemOf(items, null), undefined);
});

test("inputs are counted in the order in which they came, those of archives among them, whoever has left the list", () => {
  const items = ["i1", "i10-2", "i10-10", "i11"].map((id) => ({ id }));
  const leftOut = ["i10-1", "i2", "i10-3"].map((id) => ({ id }));
  const expected = ["i1", "i2", "i10-1", "i10-2", "i10-3", "i10-10", "i11"];
  assert.deepEqual([...numbersOf({ items, leftOut })], expected.map((id, i) => [id, i + 1]));
});
