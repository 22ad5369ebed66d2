import { fill, h, icon, set, text } from "../dom.js";
import { reached } from "../model/boxes.js";
import { drawnBy, fits, SIDES } from "../model/rules.js";
import { watch } from "../watch.js";
import { words } from "../words/words.js";

const say = words.pixels.rules;

/**
 * Rules by rectangles: bands by number, all outside an ultrasound's regions, rule files of this and other programs.
 * @typedef {import("../types.js").State} State
 * @type {import("../types.js").Mount}
 */
export function mountPixelRules(root, { store, actions }) {
  const what = h("select", { "aria-label": say.what, "data-testid": "rule-what", onchange: () => draw(store.get()) }, ...[...SIDES, /** @type {const} */ ("outside")].map((one) => h("option", { value: one }, say.whats[one])));
  const count = h("input", { type: "number", class: "number", min: 1, step: 1, value: 50, "aria-label": say.count, "data-testid": "rule-count" });
  const unit = h("span", {});
  const reach = h("select", { "aria-label": say.reach, "data-testid": "rule-reach" }, h("option", { value: "device" }), h("option", { value: "all" }));
  const add = h("button", { type: "submit", class: "plain small", "data-testid": "rule-add" }, say.add);
  const form = h("form", { class: "rule-form", onsubmit: (/** @type {Event} */ event) => {
    event.preventDefault();
    void actions.addRule(/** @type {import("../types.js").Side | "outside"} */ (what.value), count.valueAsNumber, /** @type {"device" | "all"} */ (reach.value));
  } }, h("div", { class: "rule-line" }, what, count, unit), h("div", { class: "rule-line" }, reach, add));
  const list = h("ul", { class: "rule-list", "data-testid": "rule-list" });
  const input = h("input", { type: "file", class: "unseen", id: "veil-pixel-rules", "data-testid": "rules-file", accept: ".json,.script,.txt,.dicom", "aria-label": say.load, onchange: load });
  const save = h("button", { type: "button", class: "link", "data-testid": "rules-save", title: say.saveNote, onclick: () => void actions.saveRules() }, say.save);
  const problems = h("div", {});
  const summary = h("summary", {});
  const fields = h("fieldset", {}, form, list);
  fill(root, [h("details", { "data-testid": "pixel-rules" }, summary, fields,
    h("div", { class: "links" }, input, h("label", { class: "link choose-file", for: "veil-pixel-rules", title: say.loadNote }, say.load), save), problems)]);

  function load() {
    const file = input.files?.[0];
    if (file) void actions.loadRules(file);
    input.value = "";
  }

  /** @param {State} state */
  function draw({ pixels, items, selected, busy }) {
    const fixed = busy?.kind === "deidentify";
    const item = items.find(({ id }) => id === selected);
    const calibrated = items.some(({ inspection }) => inspection?.risks.some(({ code }) => code === "outside-regions"));
    const outside = what.value === "outside";
    fields.disabled = input.disabled = fixed;
    what.options[SIDES.length].disabled = !calibrated;
    count.hidden = unit.hidden = outside;
    text(unit, say.units[what.value === "left" || what.value === "right" ? "columns" : "rows"]);
    add.disabled = !item?.inspection;
    text(reach.options[0], words.pixels.reach.device(item ? reached(items, item, "device").length : 0));
    text(reach.options[1], say.all(items.filter(({ inspection }) => inspection?.instance.has_pixels).length));
    const { groups } = drawnBy(items, pixels);
    save.disabled = pixels.rules.length + groups.length === 0;
    text(summary, pixels.ruling ? say.ruling(pixels.ruling) : say.title(pixels.rules.length));
    set(summary, "aria-busy", pixels.ruling > 0);
    const focused = list.contains(document.activeElement);
    fill(list, pixels.rules.map((rule, i) => h("li", {}, h("span", { class: "cut", title: rule.name ?? "" }, rule.name || say.name(rule)), h("small", {}, say.fits(fits(pixels.of, String(i)))),
      h("button", { type: "button", class: "ghost square small", "aria-label": say.remove, title: say.remove, "data-testid": `rule-${i}-remove`, onclick: () => actions.removeRule(i) }, icon("close")))));
    if (focused) /** @type {HTMLElement} */ (list.querySelector("button") ?? what).focus();
    fill(problems, [pixels.problems.length > 0 && h("details", { class: "remarks", open: pixels.problems.length <= 5, "data-testid": "rule-problems" }, h("summary", {}, icon("alert"), say.problems(pixels.problems.length)),
      h("ul", {}, ...pixels.problems.map(({ line, reason }) => h("li", {}, h("span", {}, h("b", {}, words.profile.line(line))), h("small", {}, reason)))))]);
  }

  return watch(store, (s) => [s.view, s.pixels.of, s.pixels.rules, s.pixels.ruling, s.pixels.problems, s.pixels.mode, s.pixels.kinds, s.items, s.selected, s.busy?.kind], (state) => { if (state.view === "pixels") draw(state); });
}
