import assert from "node:assert/strict";
import { test } from "node:test";
import { createPool, workersFor } from "../../web/pool.js";
import { createOrdered } from "../../web/studies/ordered.js";

const failure = (code) => Object.assign(new Error(code), { code, params: {} });
const later = (ms = 1) => new Promise((resolve) => setTimeout(resolve, ms));
const LARGE = { size: 300 << 20 };

// Workers of a pool rest after a minute; the process does not wait for that.
const timer = globalThis.setTimeout;
globalThis.setTimeout = (call, ms = 0, ...rest) => {
  const made = timer(call, ms, ...rest);
  return ms < 10_000 ? made : made.unref();
};

/** A bridge that answers after a while; it notes what it was asked, and may not start. */
function bridge(name, log, { starts = true } = {}) {
  const ready = starts ? Promise.resolve({}) : Promise.reject(failure("boot-failed"));
  ready.catch(() => {});
  return {
    ready,
    closed: false,
    call: async (method, params) => {
      log.push([name, method]);
      await later(5);
      return { result: params, buffers: [] };
    },
    identify: async () => ({ result: {}, buffers: [] }),
    cancel() {},
    close() { this.closed = true; },
  };
}

function pool(most, options) {
  const log = [];
  const made = [];
  const calls = createPool(most);
  calls.attach(bridge("screen", log), (secret) => {
    made.push({ secret, bridge: bridge(`more${made.length + 1}`, log, options) });
    return made.at(-1).bridge;
  });
  return { calls, log, made };
}

test("as many workers as cores but one, at least one, and no more than memory is for", () => {
  assert.equal(workersFor({ hardwareConcurrency: 8, deviceMemory: 8 }), 7);
  assert.equal(workersFor({ hardwareConcurrency: 1, deviceMemory: 8 }), 1);
  assert.equal(workersFor({ hardwareConcurrency: 16, deviceMemory: 4 }), 4);
  assert.equal(workersFor({ hardwareConcurrency: 4, deviceMemory: 0.5 }), 1);
  assert.equal(workersFor({}), 1);
});

test("a small batch starts no worker, a large one all of them", async () => {
  const { calls, made } = pool(3);
  calls.widen(10, 1000);
  assert.equal(made.length, 0);
  calls.widen(1000, 1000);
  assert.equal(made.length, 2);
  calls.widen(1000, 1000);
  await later();
  calls.widen(1000, 1000);
  assert.equal(made.length, 2);
});

test("all workers share a batch; the screen's own helps with what is small and is not flooded", async () => {
  const { calls, log } = pool(3);
  calls.widen(1000, 0);
  await later();
  const batch = Array.from({ length: 40 }, (_, i) => calls.call("deidentify", { i }, { batch: true }));
  await later();
  assert.equal(log.filter(([name]) => name === "screen").length, 2);
  await calls.call("frame", {});
  await Promise.all(batch);
  assert.deepEqual([...new Set(log.map(([name]) => name))].sort(), ["more1", "more2", "screen"]);
  log.length = 0;
  await Promise.all(Array.from({ length: 8 }, () => calls.call("deidentify", {}, { batch: true, file: LARGE })));
  assert.ok(log.every(([name]) => name !== "screen"));
});

test("a worker that cannot start leaves its work to the others", async () => {
  const { calls, log } = pool(3, { starts: false });
  calls.widen(1000, 0);
  const done = await Promise.all(Array.from({ length: 9 }, (_, i) => calls.call("deidentify", { i }, { batch: true })));
  assert.deepEqual(done.map(({ result }) => result.i), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
  assert.ok(log.every(([name]) => name === "screen"));
});

test("another identity ends the other workers; those that follow have it", async () => {
  const { calls, made } = pool(2);
  calls.widen(1000, 0);
  await later();
  await calls.identify({ key: "new" });
  assert.equal(made[0].bridge.closed, true);
  calls.widen(1000, 0);
  assert.deepEqual(made[1].secret, { key: "new" });
});

test("what ends in any order comes out in order; who is too far ahead waits; gaps are passed over at the end", async () => {
  const queue = createOrdered(10);
  const puts = [queue.put(1, { size: 8, name: "b" }), queue.put(2, { size: 8, name: "c" }), queue.put(4, { size: 8, name: "e" })];
  let waited = true;
  void puts[2].then(() => (waited = false));
  await later();
  assert.equal(waited, true);
  const out = [];
  const reading = (async () => { for await (const { name } of queue.entries()) out.push(name); })();
  await queue.put(0, { size: 1, name: "a" });
  await Promise.all(puts);
  await later();
  assert.deepEqual(out, ["a", "b", "c"]);
  queue.close([{ size: 1, name: "last" }]);
  await reading;
  assert.deepEqual(out, ["a", "b", "c", "e", "last"]);
});
