import assert from "node:assert/strict";
import { test } from "node:test";
import { endsOf, readAhead } from "../../web/ahead.js";

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
    const pieces = await readAhead(file(size), { head: 1 << 16, tail });
    assert.deepEqual(pieces.map(({ start, bytes }) => [start, start + bytes.length]), ranges);
    for (const { start, bytes } of pieces) assert.deepEqual(bytes, content(size).subarray(start, start + bytes.length));
  });
}

test("a file that can no longer be read is said to be gone", async () => {
  const gone = { size: 10, slice: () => ({ arrayBuffer: () => Promise.reject(new DOMException("", "NotFoundError")) }) };
  await assert.rejects(readAhead(gone, { head: 1 << 16, tail: false }), { code: "file-gone" });
});

test("of a file like the one before no more is read than Python needed there", () => {
  const header = { buffer: 0 };
  assert.deepEqual(endsOf([header, { start: 5000, end: 600_000 }], 600_000), { head: 12_288, tail: false });
  assert.deepEqual(endsOf([header, { start: 5000, end: 599_000 }, { buffer: 1 }], 600_000), { head: 12_288, tail: true });
  assert.deepEqual(endsOf([header], 600_000), { head: 1 << 16, tail: false }, "nothing of it was kept");
  assert.deepEqual(endsOf([header, { start: 400_000, end: 600_000 }], 600_000), { head: 1 << 16, tail: false });
});
