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
  const results = await Promise.allSettled(["a", "bad", "b"].map((instance) => calls.call("frame", { instance }, { file: new Blob(["x"]) })));
  assert.deepEqual(results.map(({ value, reason }) => value?.result ?? reason.code), ["a", "worker-died", "b"]);
  assert.equal(bridge.deaths, 2);
  assert.equal(bridge.log.filter((instance) => instance === "bad").length, 2);
});

/** A bridge whose first calls end as `ends` says, one after the other; then it answers. */
function unlucky(ends, ready = Promise.resolve()) {
  return { ready, cancel() {}, close() {}, call: async () => { const code = ends.shift(); if (code) throw failure(code); return { result: "told", buffers: [] }; } };
}

test("what has no file in it killed nobody: it is made again though workers die of something else", async () => {
  const calls = createCalls();
  calls.attach(unlucky(["worker-died", "boot-failed", "worker-died", "worker-died"]));
  await tick();
  assert.equal((await calls.call("report", {})).result, "told");
  const lost = createCalls();
  const bridge = unlucky(Array(9).fill("worker-died"));
  lost.attach(bridge);
  await assert.rejects(lost.call("report", {}), { code: "worker-died" });
});

test("a worker that does not start is tried again where one has started before, and only there", async () => {
  const calls = createCalls();
  calls.attach(unlucky(["boot-failed"]));
  await tick();
  assert.equal((await calls.call("inspect", {}, { file: new Blob(["x"]) })).result, "told");
  const never = createCalls();
  const failed = Promise.reject(failure("boot-failed"));
  never.attach(unlucky(["boot-failed"], failed));
  await tick();
  await assert.rejects(never.call("inspect", {}), { code: "boot-failed" });
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
