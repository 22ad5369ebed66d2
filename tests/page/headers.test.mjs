import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../web/model/headers.js";

test("what series have in common is told once, and each instance says which of it is its own", () => {
  const [first, second] = [["P1", "CT"], ["P2", "MR"]];
  const headers = new Map([[7, [first, "1.2.1", "2.25.1", 1]], [8, [first, "1.2.2", "2.25.2", 2]], [3, [second, "1.2.3", "2.25.3", 1]]]);
  assert.deepEqual(told(headers), {
    common: [first, second], numbers: [7, 8, 3], of: [0, 0, 1],
    uids: ["1.2.1", "1.2.2", "1.2.3"], new_uids: ["2.25.1", "2.25.2", "2.25.3"], places: [1, 2, 1],
  });
  assert.deepEqual(told([]).common, []);
});
