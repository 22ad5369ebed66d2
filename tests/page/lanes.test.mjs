import assert from "node:assert/strict";
import { test } from "node:test";
import { inLanes } from "../../web/lanes.js";

const tick = () => new Promise((resolve) => setTimeout(resolve));

test("so many are under way and no more, begun in order, each once", async () => {
  const begun = [];
  let now = 0;
  let most = 0;
  await inLanes([..."abcdefg"], 3, async (one, index) => {
    begun.push(one + index);
    most = Math.max(most, ++now);
    await tick();
    now -= 1;
  });
  assert.deepEqual(begun, ["a0", "b1", "c2", "d3", "e4", "f5", "g6"]);
  assert.equal(most, 3);
  assert.equal(now, 0);
});

test("fewer things than lanes, and none", async () => {
  const begun = [];
  await inLanes(["a"], 3, async (one) => void begun.push(one));
  await inLanes([], 3, async (one) => void begun.push(one));
  assert.deepEqual(begun, ["a"]);
});

test("after a failure nothing is begun; it is told when all that was begun has ended", async () => {
  const begun = [];
  const ended = [];
  const work = async (one) => {
    begun.push(one);
    if (one === "b") throw new Error("bad");
    await tick();
    ended.push(one);
  };
  await assert.rejects(inLanes([..."abcdef"], 3, work), /bad/);
  assert.deepEqual(begun, ["a", "b", "c"]);
  assert.deepEqual(ended, ["a", "c"]);
});
