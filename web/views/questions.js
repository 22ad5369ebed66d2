import { fill, h, icon } from "../dom.js";
import { openQuestions } from "../model/people.js";
import { watch } from "../watch.js";
import { words } from "../words/words.js";
import { day, personName } from "./row.js";

/**
 * What nobody but a person can decide, with what the files say on each side.
 * @typedef {import("../types.js").Question} Question
 * @typedef {import("../types.js").State} State
 * @type {import("../types.js").Mount}
 */
export function mountQuestions(root, { store, actions }) {
  /** @param {State} state */
  function draw(state) {
    const focused = root.contains(document.activeElement) ? document.activeElement?.getAttribute("data-choice") : null;
    const { people: { questions, choices } } = state;
    const open = openQuestions(state).length;
    root.hidden = questions.length === 0;
    const was = root.querySelector("details");
    const list = h("details", { class: "questions card", open: was ? was.open || open > 0 : true, "data-open": open > 0, "data-testid": "questions", "aria-label": words.people.label },
      h("summary", {}, icon(open ? "alert" : "check"), open ? words.people.open(open) : words.people.answered),
      h("p", {}, words.people.lead),
      ...questions.map((one) => question(one, choices[one.key], state)));
    fill(root, [list]);
    if (focused) /** @type {HTMLElement | null} */ (root.querySelector(`[data-choice="${CSS.escape(focused)}"]`))?.focus();
  }

  /** @param {Question} one @param {string | undefined} choice @param {State} state */
  function question(one, choice, state) {
    const { title, text, choices } = words.people.of(one.kind);
    /** @type {[string, string][]} */
    const offered = [...(one.kind === "uid" ? one.inputs.map(([id], i) => /** @type {[string, string]} */ ([id, words.people.keep(i + 1)])) : []), ...Object.entries(choices)];
    return h("fieldset", { class: "question", "data-kind": one.kind, "data-testid": "question" },
      h("legend", {}, title(one.inputs.length)),
      h("p", {}, text),
      h("ul", { class: "sides" }, ...one.inputs.map((ids, i) => side(one, ids, i + 1, state))),
      ...offered.map(([value, label]) => h("label", { class: "choice" },
        h("input", { type: "radio", name: `q-${one.key}`, value, "data-testid": `answer-${one.kind === "uid" && value !== "out" ? "keep" : value}`, "data-choice": `${one.key} ${value}`, checked: choice === value, disabled: Boolean(state.busy), onchange: () => actions.answer(one.key, value) }),
        h("span", {}, label))));
  }

  /** @param {Question} one @param {readonly string[]} ids @param {number} at @param {State} state */
  function side(one, ids, at, { items }) {
    const item = items.find(({ id }) => id === ids[0]);
    const who = item?.inspection?.patient;
    const name = personName(who?.name ?? "") || words.people.noName;
    const facts = [who?.id, day(who?.birth_date ?? ""), one.kind === "uid" ? item?.file.name : words.people.count(ids.length)].filter(Boolean).join(" · ");
    return h("li", {}, h("span", { class: "side-mark", "aria-hidden": "true" }, one.kind === "uid" ? String(at) : words.people.side(at)),
      h("span", { class: "row-text" }, h("b", {}, name), h("small", {}, facts)),
      h("button", { type: "button", class: "link", onclick: () => actions.select(ids[0]) }, words.people.look));
  }
  return watch(store, (s) => [s.people, s.items.length, s.identity, Boolean(s.busy)], draw);
}
