import assert from "node:assert/strict";
import { test } from "node:test";
import { createWatch } from "../../web/studies/slow.js";

/** How often it is told of files that take so many ms by a clock of our own. */
async function told(times, size = 1000) {
  let [now, count] = [0, 0];
  const { performance } = globalThis;
  Object.defineProperty(globalThis, "performance", { value: { now: () => now }, configurable: true });
  try {
    const watch = createWatch(() => count++);
    for (const ms of times) assert.equal(await watch.timed(size, async () => ((now += ms), "written")), "written");
    return count;
  } finally {
    Object.defineProperty(globalThis, "performance", { value: performance, configurable: true });
  }
}

test("a folder in which each file takes long is told of, once", async () => {
  assert.equal(await told(Array(60).fill(900)), 1);
  assert.equal(await told(Array(60).fill(90)), 0);
});

test("some files that take long, and large ones, are no slow folder", async () => {
  assert.equal(await told(Array.from({ length: 60 }, (_, at) => (at % 4 ? 20 : 4000))), 0);
  assert.equal(await told(Array(60).fill(900), 64 << 20), 0);
});
