import assert from "node:assert/strict";
import { test } from "node:test";
import { told } from "../../web/model/rows.js";

test("what rows have in common is told once", () => {
  const row = (number, modality) => ({ number, file: `F${number}`, size: number * 2, sha256: `${number}`, shape: 0, modality });
  assert.deepEqual(told([row(1, "CT"), row(2, "CT"), row(5, "MR")]), {
    alike: [{ shape: 0, modality: "CT" }, { shape: 0, modality: "MR" }],
    of: [0, 0, 1], numbers: [1, 2, 5], files: ["F1", "F2", "F5"], sizes: [2, 4, 10], sums: ["1", "2", "5"],
  });
});
