import { troubleOf } from "../calls.js";
import { download } from "../download.js";
import { VeilError } from "../errors.js";
import { inLanes } from "../lanes.js";
import { NOTHING, isRisky } from "../model/boxes.js";
import { record } from "../model/history.js";
import { drawnBy, ruleFile, withRuleBoxes } from "../model/rules.js";
import { framesOf } from "../model/walk.js";
import { words } from "../words/words.js";
import { say } from "./say.js";

/** More than any list of devices has. */
const LARGEST_BYTES = 4 << 20;
/** Instances of which the store is told at once. */
const AT_ONCE = 48;

/**
 * Rules for pixels: loaded, made of what was drawn, saved. What they say of an instance is asked of the core.
 * @typedef {import("../types.js").PixelRule} PixelRule
 * @param {import("../types.js").Store} store @param {import("../types.js").Calls} calls
 */
export function ruleActions(store, calls) {
  const isFixed = () => store.get().busy?.kind === "deidentify";

  /** @param {readonly PixelRule[]} rules one step of undo */
  function put(rules) {
    const { mode, kinds, rules: before } = store.get().pixels;
    const side = (/** @type {readonly PixelRule[]} */ now) => ({ of: {}, mode, kinds, rules: now });
    store.update(({ pixels, history }) => ({ pixels: { ...pixels, rules }, history: record(history, { kind: "pixels", before: side(before), after: side(rules) }) }));
  }

  /** @param {import("../types.js").Item} item @param {boolean} sized @returns {Promise<object>} the condition for its device */
  async function when(item, sized) {
    return (await calls.call("pixel_rules_when", { instance: item.id, sized }, { file: item.file })).result.when;
  }

  /** @param {string} name @param {Promise<unknown>} work @returns {Promise<void>} */
  async function orSay(name, work) {
    try {
      await work;
    } catch (error) {
      const { code, sentence } = error instanceof DOMException ? { code: "file-gone", sentence: undefined } : troubleOf(error);
      say(store, { tone: "bad", text: `${name} ${words.message.error(code, sentence)}` });
    }
  }

  /** @type {import("../types.js").Actions["addRule"]} */
  async function add(what, count, reach) {
    const { items, selected } = store.get();
    const item = items.find(({ id }) => id === selected);
    if (!item?.inspection || isFixed() || (what !== "outside" && !(count >= 1))) return;
    const part = what === "outside" ? { outside_regions: true } : { bands: { [what]: Math.round(count) } };
    const rule = { name: words.pixels.rules.name(part), when: reach === "all" ? { all: [] } : await when(item, true), ...part };
    if (!isFixed()) put([...store.get().pixels.rules, rule]);
  }

  /** @param {File} file */
  async function load(file) {
    if (file.size > LARGEST_BYTES) throw new VeilError("profile-large");
    const { result } = await calls.call("pixel_rules_file", { text: await file.text() });
    if (isFixed()) throw new VeilError("busy");
    put([...store.get().pixels.rules, ...result.rules]);
    store.update(({ pixels }) => ({ pixels: { ...pixels, problems: result.problems } }));
    say(store, { tone: "good", text: words.pixels.rules.loaded(result.rules.length, result.problems.length) });
  }

  async function save() {
    const { items, pixels } = store.get();
    const { groups, left } = drawnBy(items, pixels);
    /** @type {PixelRule[]} */
    const drawn = [];
    for (const { item, rectangles } of groups) {
      const { device, instance } = item.inspection ?? {};
      drawn.push({ name: words.pixels.rules.drawn([device?.manufacturer, device?.model], instance?.columns ?? 0, instance?.rows ?? 0), when: await when(item, true), rectangles });
    }
    const rules = [...pixels.rules, ...drawn];
    download(new Blob([ruleFile(rules)], { type: "application/json" }), "veil-pixel-rules.json");
    say(store, { tone: left ? "info" : "good", text: words.pixels.rules.saved(rules.length, left) });
  }

  return {
    /** @type {import("../types.js").Actions["addRule"]} */
    addRule: (what, count, reach) => orSay(words.pixels.rules.notAdded, add(what, count, reach)),
    /** @param {number} index */
    removeRule(index) {
      if (!isFixed()) put(store.get().pixels.rules.filter((_, i) => i !== index));
    },
    /** @param {File} file a rule file, a script of CTP or a recipe of deid */
    loadRules: (file) => orSay(words.pixels.rules.notLoaded, load(file)),
    saveRules: () => orSay(words.pixels.rules.notSaved, save()),
  };
}

/**
 * Keeps the boxes of all rules in force on all instances, those that come later included.
 * @param {import("../types.js").Store} store @param {import("../types.js").Calls} calls
 */
export function createRuling(store, calls) {
  /** @type {Map<string, {rules: readonly PixelRule[], known: boolean}>} what each instance was asked for */
  const asked = new Map();
  let running = false;
  let count = 0;
  const newId = () => `r${++count}`;

  /** @param {import("../types.js").Item} item @param {import("../types.js").Pixels} pixels */
  function wanted(item, { rules, known, of }) {
    return { rules, known: known && (isRisky(item) || (of[item.id] ?? NOTHING).status !== "none") };
  }

  /** @param {import("../types.js").State} state @returns {import("../types.js").Item[]} */
  function stale({ items, pixels, boot, busy }) {
    if (!boot.ready || busy?.kind === "deidentify") return [];
    if (!pixels.rules.length && !pixels.known && !asked.size) return [];
    return items.filter((item) => {
      if (!item.inspection?.instance.has_pixels || item.state === "quarantined") return false;
      const { rules, known } = wanted(item, pixels);
      const before = asked.get(item.id) ?? { rules: [], known: false };
      return before.known !== known || (before.rules !== rules && before.rules.length + rules.length > 0);
    });
  }

  /**
   * @typedef {{boxes: import("../types.js").RuleBox[], trouble?: import("../types.js").Trouble}} Said
   * @param {import("../types.js").Item} item @returns {Promise<Said>}
   */
  async function ask(item) {
    const { rules, known } = wanted(item, store.get().pixels);
    asked.set(item.id, { rules, known });
    if (!rules.length && !known) return { boxes: [] };
    try {
      return (await calls.call("pixel_rules", { instance: item.id, rules, known }, { file: item.file, batch: true })).result;
    } catch (error) {
      return { boxes: [], trouble: troubleOf(error) };
    }
  }

  /** What a person or a search did meanwhile stays. @param {Map<import("../types.js").Item, Said>} said */
  function tell(said) {
    const { items, pixels: { of } } = store.get();
    /** @type {Record<string, import("../types.js").Sight>} */
    const changed = {};
    for (const [{ id }, { boxes, trouble }] of said) {
      const item = items.find((one) => one.id === id);
      const sight = of[id] ?? NOTHING;
      const marks = item ? withRuleBoxes(sight.marks, boxes, framesOf(item), newId) : sight.marks;
      const missing = trouble && sight.status === "none";
      if (item && (marks !== sight.marks || missing)) changed[id] = { ...sight, marks, ...(missing && { status: /** @type {const} */ ("missing"), trouble }) };
    }
    store.update(({ pixels }) => ({ pixels: { ...pixels, of: { ...pixels.of, ...changed } } }));
  }

  async function run() {
    if (running || stale(store.get()).length === 0) return;
    running = true;
    try {
      for (let left = stale(store.get()); left.length; left = stale(store.get())) {
        store.update(({ pixels }) => ({ pixels: { ...pixels, ruling: left.length } }));
        /** @type {Map<import("../types.js").Item, Said>} */
        const said = new Map();
        await inLanes(left.slice(0, AT_ONCE), calls.room, async (item) => void said.set(item, await ask(item)));
        tell(said);
      }
    } finally {
      running = false;
      const there = new Set(store.get().items.map(({ id }) => id));
      for (const id of asked.keys()) if (!there.has(id)) asked.delete(id);
      store.update(({ pixels }) => ({ pixels: { ...pixels, ruling: 0 } }));
    }
  }
  return store.subscribe(() => void run());
}
