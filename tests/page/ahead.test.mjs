import assert from "node:assert/strict";
import { test } from "node:test";
import { readAhead } from "../../web/ahead.js";

const content = (size) => Uint8Array.from({ length: size }, (_, i) => (i * 7 + (i >> 8)) & 255);
const file = (size) => new File([content(size)], "CT.dcm");

for (const [size, tail, ranges] of [
  [0, false, [[0, 0]]],
  [1000, true, [[0, 1000]]],
  [1 << 18, true, [[0, 1 << 18]]],
  [(1 << 18) + 1, false, [[0, 1 << 16]]],
  [600_000, true, [[0, 1 << 16], [600_000 - 4096, 600_000]]],
]) {
  test(`${size} bytes${tail ? " with the end" : ""}: the bytes are those of the file, in their places`, async () => {
    const pieces = await readAhead(file(size), tail);
    assert.deepEqual(pieces.map(({ start, bytes }) => [start, start + bytes.length]), ranges);
    for (const { start, bytes } of pieces) assert.deepEqual(bytes, content(size).subarray(start, start + bytes.length));
  });
}

test("a file that can no longer be read is said to be gone", async () => {
  const gone = { size: 10, slice: () => ({ arrayBuffer: () => Promise.reject(new DOMException("", "NotFoundError")) }) };
  await assert.rejects(readAhead(gone, false), { code: "file-gone" });
});
