import assert from "node:assert/strict";
import { test } from "node:test";
import { withItem } from "../../web/model/items.js";
import { createStore, initialState } from "../../web/store.js";

test("an update replaces the state, tells listeners once, and never changes the old state", () => {
  const store = createStore(initialState());
  const before = store.get();
  let told = 0;
  const leave = store.subscribe(() => told++);
  store.update(() => ({ selected: "i1", frameIndex: 3 }));
  assert.equal(told, 1);
  assert.equal(before.selected, null);
  assert.equal(store.get().selected, "i1");
  assert.equal(store.get().items, before.items, "what was not updated is the same object");
  leave();
  store.update(() => ({ selected: "i2" }));
  assert.equal(told, 1);
});

test("an update that changes nothing tells nobody", () => {
  const store = createStore(initialState());
  store.subscribe(() => assert.fail("told of no change"));
  const state = store.get();
  store.update(({ items, selected }) => ({ items, selected }));
  assert.equal(store.get(), state);
});

test("a listener may leave while it is being told", () => {
  const store = createStore(initialState());
  const seen = [];
  const leave = store.subscribe(() => { seen.push("first"); leave(); });
  store.subscribe(() => seen.push("second"));
  store.update(() => ({ frameIndex: 1 }));
  store.update(() => ({ frameIndex: 2 }));
  assert.deepEqual(seen, ["first", "second", "second"]);
});

test("changing an item that has been removed changes nothing", () => {
  const items = [{ id: "a", state: "ready" }, { id: "b", state: "queued" }];
  assert.equal(withItem(items, "gone", { state: "done" }), items);
  const next = withItem(items, "b", { state: "reading" });
  assert.equal(next[0], items[0]);
  assert.deepEqual(next[1], { id: "b", state: "reading" });
  assert.equal(items[1].state, "queued");
});
