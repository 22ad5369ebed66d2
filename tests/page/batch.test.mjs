import assert from "node:assert/strict";
import { test } from "node:test";
import { createBatch } from "../../web/batch.js";
import { createStore, initialState } from "../../web/store.js";

function started() {
  const store = createStore(initialState());
  const items = ["a", "b", "c"].map((id) => ({ id, state: "ready" }));
  store.update(() => ({ items, busy: { kind: "deidentify", done: 0, total: 3, startedAt: 0, cancelling: false } }));
  let told = 0;
  store.subscribe(() => told++);
  return { store, batch: createBatch(store), told: () => told };
}
const states = (store) => store.get().items.map(({ state }) => state).join(" ");

test("the first change is told at once, the next ones together, and none is lost", async () => {
  const { store, batch, told } = started();
  batch.mark("a", { state: "working" });
  assert.equal(states(store), "working ready ready");
  batch.mark("a", { state: "ready" });
  batch.count();
  batch.mark("b", { state: "working" });
  batch.mark("c", { state: "working" });
  assert.equal(told(), 1);
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(told(), 2);
  assert.equal(states(store), "ready working working");
  assert.equal(store.get().busy.done, 1);
});

test("what has not been told is told on request; another's change in between stays", () => {
  const { store, batch, told } = started();
  batch.mark("a", { state: "working" });
  batch.mark("a", { state: "ready" });
  batch.count();
  batch.tell();
  store.update(({ items }) => ({ items: items.map((one) => (one.id === "a" ? { ...one, state: "quarantined" } : one)) }));
  batch.tell();
  assert.equal(states(store), "quarantined ready ready");
  assert.equal(store.get().busy.done, 1);
  assert.equal(told(), 3);
});

test("an instance that was removed meanwhile, or a job that ended, harms nothing", () => {
  const { store, batch } = started();
  store.update(() => ({ items: [], busy: null }));
  batch.mark("a", { state: "working" });
  batch.count();
  batch.tell();
  assert.deepEqual([store.get().items, store.get().busy], [[], null]);
});

test("what is no instance leaves the list, is told once, and takes the selection along", async () => {
  const { store, batch } = started();
  store.update(() => ({ selected: "a" }));
  batch.mark("c", { state: "working" });
  for (const id of ["a", "b", "gone"]) batch.leave({ id, name: id, trouble: { code: "not-dicom", params: {} } });
  batch.tell();
  assert.equal(states(store), "working");
  assert.deepEqual(store.get().leftOut.map(({ id }) => id), ["a", "b"]);
  assert.equal(store.get().selected, "c");
});
