import assert from "node:assert/strict";
import { test } from "node:test";
import { createReader, readersFor } from "../../web/text/reader.js";

const later = (ms = 1) => new Promise((resolve) => setTimeout(resolve, ms));
const ASK = { model: "detect", shape: [1] };
const ask = (reader, value) => reader.ask({ ...ASK, tensor: new Uint8Array([value]) });

/** Workers that answer after a while with what they were asked; one that `fails` starts never. */
function workers(fails = () => false, dies = () => false) {
  const made = [];
  const lazy = {
    part: async (name) => name,
    worker: async () => {
      const worker = { number: made.length, busy: 0, most: 0, ended: false };
      made.push(worker);
      worker.terminate = () => (worker.ended = true);
      worker.postMessage = async ({ id, parts, shape, tensor }) => {
        if (parts && fails(worker)) return worker.onerror();
        worker.most = Math.max(worker.most, ++worker.busy);
        await later(5);
        worker.busy -= 1;
        if (!parts && dies(worker)) return worker.onerror();
        if (!worker.ended) worker.onmessage({ data: { id, ok: true, shape, tensor } });
      };
      return worker;
    },
  };
  return { lazy, made };
}

test("as many as cores, no more than memory is for, one where threads share memory", () => {
  assert.equal(readersFor({ hardwareConcurrency: 2, deviceMemory: 8 }, false), 2);
  assert.equal(readersFor({ hardwareConcurrency: 16, deviceMemory: 8 }, false), 4);
  assert.equal(readersFor({ hardwareConcurrency: 16, deviceMemory: 2 }, false), 1);
  assert.equal(readersFor({}, false), 1);
  assert.equal(readersFor({ hardwareConcurrency: 16, deviceMemory: 8 }, true), 1);
});

test("each runs one thing at a time, and another is made only when all are busy", async () => {
  const { lazy, made } = workers();
  const reader = createReader(lazy, 2);
  assert.deepEqual([...(await ask(reader, 1)).tensor], [1]);
  assert.equal(made.length, 1);
  const all = await Promise.all([2, 3, 4, 5, 6].map((value) => ask(reader, value)));
  assert.deepEqual(all.map(({ tensor }) => tensor[0]), [2, 3, 4, 5, 6]);
  assert.deepEqual(made.map(({ most }) => most), [1, 1]);
});

test("where a second one cannot start, the first does it all", async () => {
  const { lazy, made } = workers(({ number }) => number > 0);
  const reader = createReader(lazy, 3);
  const all = await Promise.all([1, 2, 3, 4].map((value) => ask(reader, value)));
  assert.deepEqual(all.map(({ tensor }) => tensor[0]), [1, 2, 3, 4]);
  assert.equal(made[0].ended, false);
});

test("one that dies fails what it was at; from then on there is one less", async () => {
  const { lazy, made } = workers(undefined, ({ number }) => number === 1);
  const reader = createReader(lazy, 2);
  const ends = await Promise.allSettled([1, 2].map((value) => ask(reader, value)));
  assert.deepEqual(ends.map(({ status }) => status), ["fulfilled", "rejected"]);
  assert.equal(ends[1].reason.code, "reader-failed");
  await Promise.all([3, 4, 5].map((value) => ask(reader, value)));
  assert.equal(made.length, 2);
});

test("what is given up ends, also what still waits; a later ask starts another", async () => {
  const { lazy, made } = workers();
  const reader = createReader(lazy, 1);
  const ends = Promise.allSettled([1, 2].map((value) => ask(reader, value)));
  await later();
  await reader.stop();
  assert.deepEqual((await ends).map(({ reason }) => reason.code), ["cancelled", "cancelled"]);
  assert.equal(made[0].ended, true);
  assert.deepEqual([...(await ask(reader, 3)).tensor], [3]);
  assert.equal(made.length, 2);
});
