import assert from "node:assert/strict";
import { test } from "node:test";
import { unchecked } from "../../web/model/boxes.js";
import { drawnBy, fits, ruleFile, underRules, withRuleBoxes } from "../../web/model/rules.js";
import { ordinal } from "../../web/words/plural.js";
import { item as known } from "./items.mjs";

let count = 0;
const newId = () => `m${++count}`;
const BOX = { left: 0, top: 0, right: 200, bottom: 50 };
const drawn = (/** @type {object} */ more = {}) => ({ ...BOX, id: newId(), first: 0, last: 0, text: "", sure: 1, kind: "unknown", may_identify: false, matches: [], source: "drawn", decision: "remove", ...more });
const MODE = { mode: "default", kinds: [] };

/** @param {string} id @param {{model?: string, frames?: number, risks?: object[], state?: string}} more @returns {any} */
function item(id, { model = "X", frames = 1, risks = [{ code: "text-modality" }], state = "ready" } = {}) {
  const one = known(id, { frames, state });
  return { ...one, inspection: { ...one.inspection, risks, device: { manufacturer: "M", model }, instance: { ...one.inspection.instance, rows: 100, columns: 200 } } };
}

test("boxes of rules come and go, and what was decided about one stays", () => {
  const own = drawn();
  const [mine, first, second] = withRuleBoxes([own], [{ ...BOX, rule: 0 }, { ...BOX, bottom: 20, rule: null }], 3, newId);
  assert.equal(mine, own);
  assert.deepEqual([first.rule, first.last, second.rule, second.bottom], ["0", 2, "known", 20]);
  const kept = { ...first, decision: /** @type {const} */ ("keep") };
  const marks = [own, kept, second];
  assert.equal(withRuleBoxes(marks, [{ ...BOX, rule: 0 }, { ...BOX, bottom: 20, rule: null }], 3, newId), marks);
  assert.deepEqual(withRuleBoxes(marks, [{ ...BOX, rule: 0 }], 3, newId), [own, kept]);
  assert.deepEqual(withRuleBoxes(marks, [], 3, newId), [own]);
});

test("undo takes back what a person did, under the rules that are in force", () => {
  const [old] = withRuleBoxes([], [{ ...BOX, rule: 0 }], 1, newId);
  const [now] = withRuleBoxes([], [{ ...BOX, bottom: 9, rule: 0 }], 1, newId);
  const own = drawn();
  assert.deepEqual(underRules([own, old], [now]), [own, now]);
  assert.deepEqual(underRules([], [own, now]), [now]);
  const decided = { ...now, decision: /** @type {const} */ ("keep") };
  assert.deepEqual(underRules([decided], [now]), [decided]);
});

test("what was drawn becomes rules by device, each box once, those on some frames left out", () => {
  const items = [item("a"), item("b"), item("c", { model: "Y", frames: 4 })];
  const of = {
    a: { status: "none", seen: false, marks: [drawn(), drawn({ source: "rule" }), drawn({ decision: "keep" }), drawn({ source: "read", decision: null })] },
    b: { status: "none", seen: false, marks: [drawn({ source: "rule" }), drawn({ top: 10 }), drawn({ top: 20, source: "rule", rule: "0" })] },
    c: { status: "none", seen: false, marks: [drawn({ last: 3 }), drawn({ first: 2, last: 3 })] },
  };
  const { groups, left } = drawnBy(items, /** @type {any} */ ({ of, ...MODE }));
  assert.deepEqual(groups.map(({ item: { id }, rectangles }) => [id, rectangles]), [["a", [[0, 0, 200, 50], [0, 10, 200, 40]]], ["c", [[0, 0, 200, 50]]]]);
  assert.equal(left, 1);
  assert.equal(fits(/** @type {any} */ (of), "0"), 1);
  assert.deepEqual(JSON.parse(ruleFile([{ bands: { top: 5 } }])), { format: 1, rules: [{ bands: { top: 5 } }] });
});

test("unchecked is what may carry text, and neither a search nor a person looked at", () => {
  const items = [item("scanned"), item("seen"), item("missing"), item("new"), item("face", { risks: [{ code: "face" }] }), item("aside", { state: "quarantined" }), { ...item("out"), out: true }];
  const of = { scanned: { status: "scanned", marks: [], seen: false }, seen: { status: "missing", marks: [], seen: true }, missing: { status: "missing", marks: [], seen: false } };
  assert.deepEqual(unchecked(items, /** @type {any} */ (of)).map(({ id }) => id), ["missing", "new"]);
});

test("ordinals", () => {
  assert.deepEqual([1, 2, 3, 4, 11, 12, 13, 21, 102, 1003].map(ordinal), ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "102nd", "1,003rd"]);
});

test("undo does not lose what was read meanwhile", () => {
  const read = { ...BOX, id: "r", source: "read", decision: null };
  const drawn = { ...BOX, id: "d", source: "drawn", decision: "remove" };
  assert.deepEqual(underRules([], /** @type {any} */ ([read, drawn])).map(({ id }) => id), ["r"]);
  assert.deepEqual(underRules(/** @type {any} */ ([{ ...read, decision: "keep" }]), /** @type {any} */ ([read])).map(({ decision }) => decision), ["keep"]);
});
