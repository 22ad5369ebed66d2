import assert from "node:assert/strict";
import { test } from "node:test";
import { createCalls } from "../../web/calls.js";
import { createGate } from "../../web/gate.js";

const failure = (code) => Object.assign(new Error(code), { code, params: {} });
const tick = () => new Promise((resolve) => setTimeout(resolve));

/** A bridge to a worker that dies when it meets `killer`, and takes everything in flight with it. */
function mortal(killer) {
  const pending = new Set();
  const log = [];
  return {
    log,
    deaths: 0,
    ready: Promise.resolve(),
    close() {},
    cancel() {
      for (const { reject } of pending) reject(failure("cancelled"));
      pending.clear();
    },
    call(method, params) {
      log.push(params.instance);
      return new Promise((resolve, reject) => {
        const one = { resolve, reject };
        pending.add(one);
        setTimeout(() => {
          if (!pending.delete(one)) return;
          if (params.instance !== killer) return resolve({ result: params.instance, buffers: [] });
          this.deaths++;
          for (const { reject: other } of pending) other(failure("worker-died"));
          pending.clear();
          reject(failure("worker-died"));
        }, params.instance === killer ? 1 : 5);
      });
    },
  };
}

test("the instance that kills a worker is tried once more alone, then given up; what was near it goes on", async () => {
  const calls = createCalls();
  const bridge = mortal("bad");
  calls.attach(bridge);
  const results = await Promise.allSettled(["a", "bad", "b"].map((instance) => calls.call("frame", { instance })));
  assert.deepEqual(results.map(({ value, reason }) => value?.result ?? reason.code), ["a", "worker-died", "b"]);
  assert.equal(bridge.deaths, 2);
  assert.equal(bridge.log.filter((instance) => instance === "bad").length, 2);
});

test("calls made before there is a bridge wait for it", async () => {
  const calls = createCalls();
  const answer = calls.call("inspect", { instance: "early" });
  await tick();
  calls.attach(mortal(""));
  assert.equal((await answer).result, "early");
});

test("Cancel ends the call that was to be cancelled; others are made again", async () => {
  const calls = createCalls();
  calls.attach(mortal(""));
  const aborter = new AbortController();
  const work = calls.call("deidentify", { instance: "work" }, { signal: aborter.signal });
  const screen = calls.call("frame", { instance: "screen" });
  await tick();
  aborter.abort();
  calls.cancel();
  await assert.rejects(work, { code: "cancelled" });
  assert.equal((await screen).result, "screen");
});

test("an error of the core is passed on and not tried again", async () => {
  const calls = createCalls();
  let made = 0;
  calls.attach({ ready: Promise.resolve(), cancel() {}, close() {}, call: async () => { made++; throw failure("truncated"); } });
  await assert.rejects(calls.call("inspect", {}), { code: "truncated" });
  assert.equal(made, 1);
});

test("the gate lets many pass together, one alone, and nobody overtake", async () => {
  const gate = createGate();
  const log = [];
  const [a, b] = [await gate.shared(), await gate.shared()];
  const alone = gate.exclusive().then((leave) => { log.push("alone"); return leave; });
  const late = gate.shared().then((leave) => { log.push("late"); return leave; });
  a();
  await tick();
  assert.deepEqual(log, [], "one is still inside");
  b();
  const leave = await alone;
  await tick();
  assert.deepEqual(log, ["alone"]);
  leave();
  (await late)();
  assert.deepEqual(log, ["alone", "late"]);
});
