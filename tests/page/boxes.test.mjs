import assert from "node:assert/strict";
import { test } from "node:test";
import { cleaningOf, countStays, fitted, goes, leftIn, legible, marksOf, needsEyes, nextToSee, queueOf, reached, regionsOf, shifted, unconfirmed, withCopy, NOTHING } from "../../web/model/boxes.js";
import { labelAt, sideOf } from "../../web/model/labels.js";
import { inPicture, pixelAt, screenBox } from "../../web/model/pose.js";
import { words } from "../../web/words/words.js";

let count = 0;
const newId = () => `m${++count}`;
const read = (/** @type {object} */ more = {}) => ({ left: 10, top: 10, right: 60, bottom: 22, text: "X", sure: 0.9, kind: "unknown", may_identify: false, matches: [], source: "read", ...more });
const mark = (/** @type {object} */ more = {}) => ({ ...read(more), id: newId(), first: 0, last: 0, decision: null, ...more });
const MODE = { mode: "default", kinds: ["identifies"] };
const item = (/** @type {string} */ id, /** @type {object} */ more = {}) => ({
  id, state: "ready",
  inspection: {
    patient: { name: "a", id: "a" }, study: { uid: "1", date: "" }, series: { uid: "1", number: "1", modality: "US" }, risks: [],
    device: { manufacturer: "M", model: "X" }, instance: { uid: id, rows: 100, columns: 200, frames: 1, has_pixels: true, number: 1, ...more },
  },
});

test("a text that stands still is one mark, one that comes back is another", () => {
  const frames = [0, 1, 2, 5].map((frame_index) => ({ frame_index, boxes: [read({ left: 10 + (frame_index % 2) })] }));
  const marks = marksOf({ frames, scanned: 6 }, 6, newId);
  assert.deepEqual(marks.map(({ first, last, left }) => [first, last, left]), [[0, 2, 10], [5, 5, 11]]);
});

test("texts of different classes at one place stay apart", () => {
  const frames = [{ frame_index: 0, boxes: [read({ kind: "date" })] }, { frame_index: 1, boxes: [read({ kind: "identifies" })] }];
  assert.equal(marksOf({ frames, scanned: 2 }, 2, newId).length, 2);
});

test("what every frame shows holds for every frame", () => {
  const [only] = marksOf({ frames: [], static: [read()], scanned: 300 }, 300, newId);
  assert.deepEqual([only.first, only.last], [0, 299]);
});

test("a text that stands still may identify where any of its readings may", () => {
  const frames = [false, true, false].map((may_identify, frame_index) => ({ frame_index, boxes: [read({ may_identify })] }));
  assert.deepEqual(marksOf({ frames, scanned: 3 }, 3, newId).map(({ may_identify, last }) => [may_identify, last]), [[true, 2]]);
});

test("what goes, by mode, unless the person said otherwise", () => {
  const technical = mark({ kind: "technical" });
  assert.equal(goes(technical, MODE), false);
  assert.equal(goes(mark(), MODE), true);
  assert.equal(goes(technical, { ...MODE, mode: "strict" }), true);
  assert.equal(goes(mark({ kind: "date" }), { ...MODE, mode: "own" }), false);
  assert.equal(goes(mark({ kind: "date", source: "drawn" }), { ...MODE, mode: "own" }), true);
  assert.equal(goes({ ...technical, decision: "remove" }, MODE), true);
  assert.equal(goes({ ...mark(), decision: "keep" }, { ...MODE, mode: "strict" }), false);
});

test("regions are the boxes that go, with their frames, and nothing that was read", () => {
  const sight = { ...NOTHING, marks: [mark({ first: 2, last: 7, text: "SMITH" }), mark({ kind: "technical" })] };
  assert.deepEqual(regionsOf(sight, MODE), [{ left: 10, top: 10, right: 60, bottom: 22, first_frame: 2, last_frame: 7, source: "read", kind: "unknown" }]);
});

test("what stays though it may not is told, unless another box covers it", () => {
  const sight = (/** @type {object[]} */ ...marks) => ({ ...NOTHING, status: "scanned", marks });
  const kept = mark({ kind: "identifies", may_identify: true, decision: "keep" });
  assert.deepEqual(cleaningOf(sight(kept), MODE), { regions: [], checked: true, stays: "identifies" });
  assert.equal(cleaningOf(sight(mark({ kind: "date", may_identify: true })), { mode: "own", kinds: ["identifies"] }).stays, "identifies");
  for (const may_identify of [true, false]) {
    assert.equal(cleaningOf(sight(mark({ may_identify })), { mode: "own", kinds: ["identifies"] }).stays, "unclear");
    assert.equal(cleaningOf(sight(mark({ may_identify, decision: "keep" }), mark({ kind: "technical" })), MODE).stays, undefined, "the person says that it is harmless");
  }
  const over = mark({ source: "drawn", left: 0, top: 0, right: 70, bottom: 30, decision: "remove" });
  assert.deepEqual(leftIn(sight(kept, over), MODE), []);
  assert.equal(leftIn(sight({ ...kept, last: 1 }, over), MODE).length, 1, "on one frame of two");
  assert.equal(leftIn(sight(kept, { ...over, left: 11 }), MODE).length, 1, "all but a column");
});

test("who exports is asked about the text that is in what leaves, and once", () => {
  const kept = mark({ kind: "identifies", may_identify: true, decision: "keep", first: 2, last: 4 });
  const pixels = { ...MODE, of: { a: { status: "scanned", marks: [kept] }, b: { status: "scanned", marks: [mark()] } }, confirmed: new Set() };
  const asked = (/** @type {number | null} */ frameIndex, /** @type {object} */ more = {}) => unconfirmed([item("a"), item("b"), item("c")], { ...pixels, ...more }, frameIndex).map(({ id }) => id);
  assert.deepEqual(asked(null), ["a"], "of those that nobody searched nothing is known");
  assert.deepEqual(asked(3), ["a"]);
  assert.deepEqual(asked(1), [], "the text is on other frames");
  assert.deepEqual(asked(null, { confirmed: new Set([kept.id]) }), []);
  const over = mark({ source: "drawn", left: 0, top: 0, right: 70, bottom: 30, first: 3, last: 3, decision: "remove" });
  const covered = { of: { a: { status: "scanned", marks: [kept, over] } } };
  assert.deepEqual([asked(3, covered), asked(2, covered), asked(null, covered)], [[], ["a"], ["a"]], "a box covers it on that frame");
});

test("images in which text stays are counted by what it is, and told in one sentence", () => {
  const images = countStays(["identifies", undefined, "unclear", null, "identifies"]);
  assert.deepEqual(images, { identifies: 2, unclear: 1 });
  const saved = (/** @type {typeof images} */ stays) => words.message.saved(5, 0, "zip", 0, null, stays).split(". ")[1];
  assert.equal(saved(images), "In 2 images text that identifies stays and in 1 text that nobody has judged, as you chose");
  assert.equal(saved({ identifies: 1, unclear: 0 }), "In 1 image text that identifies stays, as you chose");
  assert.equal(saved({ identifies: 0, unclear: 2 }), "In 2 images text that nobody has judged stays, as you chose");
  assert.match(saved({ identifies: 0, unclear: 0 }), /^Header/);
  assert.match(words.message.cancelledKept(2, images), /kept\. In 2 images/);
});

test("what may identify, as the core says, and nobody kept, is not gone while it can be read", () => {
  const left = (/** @type {object} */ found, /** @type {object[]} */ marks = [], /** @type {object} */ mode = MODE) =>
    legible({ frames: [], static: [read(found)], scanned: 1 }, 1, { ...NOTHING, status: "scanned", marks }, mode).length;
  const may = { may_identify: true };
  const own = { mode: "own", kinds: ["identifies"] };
  assert.equal(left(may), 1);
  assert.equal(left({ text: "HUBER", sure: 1 }), 0, "the page has no rule of its own");
  assert.equal(left({ kind: "technical" }), 0);
  assert.equal(left({ kind: "technical" }, [], { ...MODE, mode: "strict" }), 1);
  assert.equal(left({ kind: "date", ...may }), 1);
  assert.equal(left(may, [mark({ ...may, decision: "keep" })]), 0);
  assert.equal(left(may, [], own), 0, "the class stays");
  assert.equal(left(may, [], { ...own, kinds: ["unknown"] }), 1);
  assert.equal(left({ kind: "date", ...may }, [], own), 1, "and nobody found it before");
});

test("names of boxes stand where they cover no other box", () => {
  const view = { x: -100, y: -100, width: 200, height: 200 };
  const size = { width: 60, height: 18 };
  const box = { x: 0, y: 0, width: 40, height: 20 };
  assert.equal(sideOf(box, size, [box], view), "above");
  const above = { ...box, y: -24 };
  assert.equal(sideOf(box, size, [box, above], view), "below");
  const below = { ...box, y: 22 };
  assert.equal(sideOf(box, size, [box, above, below], view), "right");
  assert.equal(sideOf({ ...box, y: -95 }, size, [], view), "below", "outside the view");
  assert.deepEqual(labelAt(box, size, "below"), { x: -2, y: 24, ...size });
});

test("the worst first; what nobody looked into stands before what is unclear", () => {
  const of = {
    a: { status: "scanned", marks: [], seen: false },
    b: { status: "scanned", marks: [mark({ kind: "technical" })], seen: false },
    c: { status: "missing", marks: [], seen: false },
    d: { status: "scanned", marks: [mark({ kind: "date" }), mark({ kind: "identifies" })], seen: true },
    e: { status: "scanned", marks: [mark()], seen: false },
  };
  const queue = queueOf(["a", "b", "c", "d", "e"].map((id) => item(id)), of);
  assert.deepEqual(queue.map(({ id }) => id), ["d", "c", "e", "b", "a"]);
  assert.deepEqual(queue.filter(({ id }) => needsEyes(of[id])).map(({ id }) => id), ["c", "e", "b"]);
  assert.equal(nextToSee(queue, of, "d"), "c");
  assert.equal(nextToSee(queue, of, "b"), "c", "from the beginning again");
});

test("a box reaches what is of the same device and size, and settles what it covers", () => {
  const items = [item("a"), item("b"), item("c", { rows: 99 })];
  assert.deepEqual(reached(items, items[0], "device").map(({ id }) => id), ["a", "b"]);
  const drawn = mark({ source: "drawn", left: 0, top: 0, right: 200, bottom: 30, text: "" });
  const covered = { status: "scanned", seen: false, marks: [mark({ kind: "technical" })] };
  const after = withCopy(covered, drawn, items[1], newId);
  assert.deepEqual(after.marks.map(({ decision }) => decision), ["remove", "remove"]);
  assert.equal(after.seen, true);
  const elsewhere = { ...covered, marks: [mark({ top: 60, bottom: 70 })] };
  assert.equal(withCopy(elsewhere, drawn, items[1], newId).seen, false);
  assert.equal(withCopy({ ...NOTHING, status: "missing" }, drawn, items[1], newId).seen, false, "a box does not make an image seen that nobody looked into");
});

test("boxes stay whole and inside", () => {
  assert.deepEqual(fitted({ left: 250, top: -5, right: 190.4, bottom: 3.2 }, 200, 100), { left: 190, top: 0, right: 200, bottom: 3 });
  assert.deepEqual(fitted({ left: 7, top: 7, right: 7, bottom: 7 }, 200, 100), { left: 7, top: 7, right: 8, bottom: 8 });
  assert.deepEqual(shifted({ left: 5, top: 5, right: 25, bottom: 15 }, -50, 500, 200, 100), { left: 0, top: 90, right: 20, bottom: 100 });
});

for (const turn of /** @type {const} */ ([0, 90, 180, 270])) {
  for (const mirror of [false, true]) {
    test(`a box is where its pixels are: turned ${turn}, ${mirror ? "" : "not "}mirrored`, () => {
      const pose = { mirror, turn, zoom: 1.5, x: 3, y: -4 };
      const info = { rows: 100, columns: 200, pixel_aspect: /** @type {[number, number]} */ ([1.2, 1]) };
      const box = { left: 20, top: 30, right: 60, bottom: 40 };
      const { x, y, width, height } = screenBox(box, pose, 2, info, true);
      for (const [dx, dy] of [[0.5, 0.5], [width - 0.5, 0.5], [0.5, height - 0.5], [width - 0.5, height - 0.5]]) {
        const { column, row } = pixelAt({ x: x + dx, y: y + dy }, pose, 2, info, true);
        assert.ok([20, 59].includes(column) && [30, 39].includes(row), `${column}, ${row}`);
      }
      const [right, down] = inPicture(1, 0, pose);
      const from = pixelAt({ x: x + width / 2, y: y + height / 2 }, pose, 2, info, true);
      const to = pixelAt({ x: x + width / 2 + 9, y: y + height / 2 }, pose, 2, info, true);
      assert.deepEqual([Math.sign(to.column - from.column), Math.sign(to.row - from.row)], [Math.sign(right) + 0, Math.sign(down) + 0]); // no -0
    });
  }
}
