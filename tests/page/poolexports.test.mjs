import assert from "node:assert/strict";
import { test } from "node:test";
import { createPool } from "../../web/pool.js";

const MANY = 1000;
// The pool waits a minute before it lets workers go; the test does not.
const start = globalThis.setTimeout;
globalThis.setTimeout = (work, ms) => (ms > 1000 ? start(work, ms).unref() : start(work, ms));
const tick = () => new Promise((resolve) => setTimeout(resolve));
const failure = (code) => Object.assign(new Error(code), { code, params: {} });

/** A worker that answers after a moment, or, to "hang", when it is cancelled. */
function worker() {
  const stuck = [];
  const met = [];
  return {
    met, cancelled: 0, ready: Promise.resolve(), close() {},
    cancel() {
      this.cancelled++;
      for (const reject of stuck.splice(0)) reject(failure("cancelled"));
    },
    call(method, params) {
      met.push(method);
      if (params.hang) return new Promise((_, reject) => stuck.push(reject));
      return tick().then(() => ({ result: method, buffers: [] }));
    },
  };
}

/** A pool whose other workers have started. */
async function pool() {
  const all = [worker()];
  const calls = createPool(3);
  calls.attach(all[0], () => all[all.push(worker()) - 1]);
  calls.widen(MANY, 0);
  await tick();
  assert.equal(all.length, 3);
  return { all, calls };
}

test("what an export collects stays with the screen's worker, whatever a batch does in the others", async () => {
  const { all, calls } = await pool();
  const batch = Array.from({ length: 60 }, () => calls.call("deidentify", {}, { batch: true }));
  for (const method of ["export_start", ...Array(20).fill("export_add"), "export_finish", "frame", "lut"]) await calls.call(method, {});
  await Promise.all(batch);
  const [screen, ...others] = all.map(({ met }) => met);
  assert.equal(screen.filter((method) => method !== "deidentify").length, 24);
  for (const met of others) assert.ok(met.length > 10 && met.every((method) => method === "deidentify"));
});

test("a frame that hangs in an export is let go, although other workers are there and idle", async () => {
  const { all, calls } = await pool();
  const aborter = new AbortController();
  const frame = calls.call("export_add", { hang: true }, { signal: aborter.signal });
  await tick();
  aborter.abort();
  calls.cancel();
  await assert.rejects(frame, { code: "cancelled" });
  assert.deepEqual(all.map(({ cancelled }) => cancelled), [1, 0, 0]);
});
