// The page's frames over a core that counts what it is asked: how often, and with which table.
import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_LOOK } from "../../web/model/window.js";
import { createFrames } from "../../web/picture/frames.js";

const ITEM = /** @type {any} */ ({ id: "i1", file: { size: 1 } });
const INFO = { rows: 1, columns: 2, color: false, levels: 256, windows: [], window: { center: 1, width: 2 }, overlays: 0 };
const PERSON = { ...DEFAULT_LOOK, choice: { kind: "person", center: 5, width: 6, function: "LINEAR" } };

/** @param {(params: any) => Error | null} [fails] */
function framesOf(fails = () => null) {
  const asked = [];
  const answers = {
    frame: ({ frame_index, table }) => ({
      result: { ...INFO, frame_index: frame_index ?? 4, ...(table && { made: { window: table.window ?? INFO.window } }) },
      buffers: [Uint8Array.of(1, 2).buffer, ...(table ? [new Uint8Array(256).buffer] : [])],
    }),
    lut: ({ window }) => ({ result: { window }, buffers: [new Uint8Array(256).buffer] }),
  };
  const calls = {
    async call(method, params) {
      asked.push(method);
      const error = fails(params);
      if (error) throw error;
      return answers[method](params);
    },
  };
  const frames = createFrames(/** @type {any} */ (calls), () => [], () => {});
  return { frames, asked };
}

test("what was begun with is not asked for again, nor its table", async () => {
  const { frames, asked } = framesOf();
  frames.begin(ITEM);
  const { window, table, frame } = await frames.prepare(ITEM, 4, DEFAULT_LOOK, false);
  assert.deepEqual([window.center, table.length, [...frame.values]], [1, 256, [1, 2]]);
  assert.deepEqual(asked, ["frame"]);
  assert.ok(frames.has(ITEM, 4, DEFAULT_LOOK));
});

test("it is kept when nobody waits for it, and not when the instance has left", async () => {
  for (const leaves of [false, true]) {
    const { frames } = framesOf();
    frames.begin(ITEM);
    if (leaves) frames.forget(ITEM.id);
    await new Promise((resolve) => setTimeout(resolve));
    assert.equal(frames.has(ITEM, 4, DEFAULT_LOOK), !leaves);
  }
});

test("another frame or another look is asked for", async () => {
  const { frames, asked } = framesOf();
  frames.begin(ITEM);
  assert.equal((await frames.prepare(ITEM, 2, PERSON, false)).window.center, 5);
  assert.deepEqual(asked, ["frame", "frame"]);
  assert.equal((await frames.prepare(ITEM, 4, PERSON, false)).window.center, 5);
  assert.deepEqual(asked, ["frame", "frame", "lut"]);
});

test("a beginning that failed is asked for again, unless it killed a worker", async () => {
  for (const [code, times] of [["unsupported", 2], ["worker-died", 1]]) {
    let left = 1;
    const { frames, asked } = framesOf(() => (left-- > 0 ? Object.assign(new Error(code), { code }) : null));
    frames.begin(ITEM);
    const shown = frames.prepare(ITEM, 4, DEFAULT_LOOK, false);
    if (times === 1) await assert.rejects(shown, { code });
    else assert.equal((await shown).table.length, 256);
    assert.equal(asked.length, times);
  }
});

test("a view of the file's own list waits for the frame, which tells the list", async () => {
  const { frames, asked } = framesOf();
  await frames.prepare(ITEM, 0, { ...DEFAULT_LOOK, choice: { kind: "listed", index: 3 } }, false);
  assert.deepEqual(asked, ["frame", "lut"]);
});
