/**
 * Rules by rectangles, as `dicom-veil deidentify --clean-pixels RULES.json` takes them: boxes that they make, and rules
 * made of what a person drew. Which instances a rule is about, only the core decides. Pure.
 * @typedef {import("../types.js").Item} Item
 * @typedef {import("../types.js").Mark} Mark
 * @typedef {import("../types.js").Sight} Sight
 * @typedef {import("../types.js").PixelRule} PixelRule
 */
import { deviceOf, goes, sameBox } from "./boxes.js";
import { framesOf } from "./walk.js";

export const FORMAT = 1;
/** What a band is counted from. */
export const SIDES = /** @type {const} */ (["top", "bottom", "left", "right"]);
/** The rule of a box that one of the open lists of devices knows. */
export const KNOWN = "known";

/** @param {Mark} mark whether it stands for a rule that is in force */
export const ofRule = (mark) => mark.rule !== undefined;

/**
 * An instance's marks with the boxes of its rules. What the person decided about a box that was there already stays.
 * @param {readonly Mark[]} marks @param {readonly import("../types.js").RuleBox[]} boxes @param {number} frames @param {() => string} newId
 * @returns {readonly Mark[]} the same where nothing is new
 */
export function withRuleBoxes(marks, boxes, frames, newId) {
  const before = marks.filter(ofRule);
  const now = boxes.map(({ rule, ...box }) => {
    const name = rule === null ? KNOWN : String(rule);
    const known = before.find((mark) => mark.rule === name && sameBox(mark, box));
    return known ?? { ...box, id: newId(), first: 0, last: frames - 1, text: "", sure: 1, kind: /** @type {const} */ ("unknown"), may_identify: false, matches: [], source: /** @type {const} */ ("rule"), decision: null, rule: name };
  });
  if (now.length === before.length && now.every((mark, i) => mark === before[i])) return marks;
  return [...marks.filter((mark) => !ofRule(mark)), ...now];
}

/**
 * Marks of before, or of after, with the rules that are in force now, and with what was read meanwhile: what rules say
 * and what a search found is no step of undo by itself.
 * @param {readonly Mark[]} then @param {readonly Mark[]} now @returns {readonly Mark[]}
 */
export function underRules(then, now) {
  const found = now.filter((mark) => ofRule(mark) || mark.source === "read");
  const stayed = then.filter((mark) => (!ofRule(mark) && mark.source !== "read") || found.some(({ id }) => id === mark.id));
  return [...stayed, ...found.filter(({ id }) => !stayed.some((mark) => mark.id === id))];
}

/**
 * What a person drew, by device and size: the boxes that hold for every frame, each once. A rule knows no frames, so
 * boxes on some of them are counted as left out.
 * @param {readonly Item[]} items @param {Pick<import("../types.js").Pixels, "of" | "mode" | "kinds">} pixels
 * @returns {{groups: {item: Item, rectangles: number[][]}[], left: number}}
 */
export function drawnBy(items, pixels) {
  /** @type {Map<string, {item: Item, rectangles: number[][]}>} */
  const groups = new Map();
  let left = 0;
  for (const item of items) {
    for (const mark of pixels.of[item.id]?.marks ?? []) {
      if (mark.source === "read" || ofRule(mark) || !goes(mark, pixels)) continue;
      if (mark.first > 0 || mark.last < framesOf(item) - 1) {
        left += 1;
        continue;
      }
      const key = deviceOf(item);
      const group = groups.get(key) ?? { item, rectangles: [] };
      const rectangle = [mark.left, mark.top, mark.right - mark.left, mark.bottom - mark.top];
      if (!group.rectangles.some((one) => String(one) === String(rectangle))) group.rectangles.push(rectangle);
      groups.set(key, group);
    }
  }
  return { groups: [...groups.values()], left };
}

/** @param {readonly PixelRule[]} rules @returns {string} a rule file */
export const ruleFile = (rules) => `${JSON.stringify({ format: FORMAT, rules }, null, 2)}\n`;

/** @param {import("../types.js").Sights} sights @param {string} rule @returns {number} instances that it has a box on */
export function fits(sights, rule) {
  return Object.values(sights).filter(({ marks }) => marks.some((mark) => mark.rule === rule)).length;
}
