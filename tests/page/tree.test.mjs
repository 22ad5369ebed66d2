import assert from "node:assert/strict";
import { test } from "node:test";
import { census, isVisible, order, rows, seriesOf } from "../../web/model/tree.js";
import { ids, item, unread } from "./items.mjs";

test("order: patient, study date, series number as a number, instance number, then what is not read", () => {
  const items = [
    unread("waiting"),
    item("b", { patient: "B" }),
    item("ten", { series: "x", seriesNumber: "10" }),
    item("two-2", { series: "y", seriesNumber: "2", number: 2 }),
    item("two-1", { series: "y", seriesNumber: "2", number: 1 }),
    item("late", { study: "2", date: "20250101" }),
    item("unnumbered", { series: "z", seriesNumber: "" }),
  ];
  assert.deepEqual(ids(order(items)), ["two-1", "two-2", "ten", "unnumbered", "late", "b", "waiting"]);
});

test("the planes of a localizer stay together, each by position, whatever the instance numbers", () => {
  const planes = { axial: [1, 0, 0, 0, 1, 0], coronal: [1, 0, 0, 0, 0, -1] };
  const items = ["axial", "coronal"].flatMap((plane, of) => [30, 10, 20].map((along, at) => {
    const made = item(`${plane}-${along}`, { number: at * 2 + of });
    made.inspection.place = { orientation: planes[plane], along, temporal: null, number: at * 2 + of };
    return made;
  }));
  assert.deepEqual(ids(order(items)), ["coronal-10", "coronal-20", "coronal-30", "axial-10", "axial-20", "axial-30"]);
});

test("series with the same number stay apart, and equal instance numbers keep their order of arrival", () => {
  const items = [item("q1", { series: "q" }), item("p1", { series: "p" }), item("q2", { series: "q" }), item("p2", { series: "p" })];
  assert.deepEqual(ids(order(items)), ["p1", "p2", "q1", "q2"]);
  assert.notEqual(seriesOf(items[0]), seriesOf(items[1]));
});

test("two patients of one name are two, told apart by their pseudonym", () => {
  const [first, second] = [item("a"), item("b")];
  second.inspection.patient.pseudonym = "SUBJ-OTHER";
  assert.equal(rows([first, second]).filter((row) => row.kind === "patient").length, 2);
});

test("rows: headings come once, with level and parents", () => {
  const all = rows([item("1"), item("2", { number: 2 }), unread("bad", "quarantined")]);
  assert.deepEqual(all.map(({ kind, level }) => [kind, level]), [
    ["patient", 1], ["study", 2], ["series", 3], ["instance", 4], ["instance", 4], ["rest", 1], ["instance", 4],
  ]);
  assert.deepEqual(all[3].parents, [all[0].key, all[1].key, all[2].key]);
  assert.equal(all[2].places.length, 2);
});

test("closing a study hides its series and instances, and nothing else", () => {
  const all = rows([item("1"), item("b", { patient: "B" })]);
  const closed = new Set([all[1].key]);
  assert.deepEqual(all.map((row) => isVisible(row, closed)), [true, true, false, false, true, true, true, true]);
});

test("the census counts what will be de-identified", () => {
  const items = [item("1"), item("2"), item("b", { patient: "B", state: "quarantined" }), unread("q")];
  assert.deepEqual(census(items), { count: 2, patients: 1, images: true });
  assert.deepEqual(census([...items, item("sr", { patient: "C", pixels: false })]), { count: 3, patients: 2, images: false });
});
