import { fill, h, icon, set, text } from "../dom.js";
import { needsEyes } from "../model/boxes.js";
import { itemOf } from "../model/items.js";
import { watch } from "../watch.js";
import { words } from "../words/words.js";
import { listed } from "./attributes.js";
import { foundAgain } from "./found.js";
import { mountProfile } from "./profile.js";
import { mountQuestions } from "./questions.js";

/** What will happen: by which profile, and to the selected instance, attribute by attribute. @type {import("../types.js").Mount} */
export function mountPlan(root, context) {
  const { store, actions } = context;
  const edition = h("small", { class: "quiet", "data-testid": "edition" });
  const aside = h("div", { class: "aside" });
  const profile = h("div", { class: "profile-place" });
  const counts = h("dl", { class: "counts", "data-testid": "counts", "aria-label": words.plan.here });
  const all = h("button", { type: "button", class: "plain wide", "data-testid": "tags-open", title: `${words.tags.label} (t)`,
    onclick: () => store.update(({ view }) => ({ view: view === "tags" ? "picture" : "tags" })) }, words.tags.open);
  const check = h("button", { type: "button", class: "plain wide", "data-testid": "pixels-open", title: `${words.pixels.title} (x)`, onclick: actions.openPixels });
  const here = h("div", { class: "here" });
  const questions = h("div", { class: "questions-place" });
  fill(root, [h("div", { class: "bar-head" }, h("h2", {}, words.app.plan), edition), questions, aside, profile, counts, h("div", { class: "doors" }, all, check), here]);
  const leave = [
    mountProfile(profile, context),
    mountQuestions(questions, context),
    watch(store, (s) => [s.about], ({ about }) => text(edition, about ? words.plan.edition(about.edition, about.rules) : "")),
    watch(store, (s) => [item(s)?.id, item(s)?.inspection, item(s)?.trouble, item(s) && Boolean(s.busy)], (state) => {
      const one = item(state);
      const known = one?.trouble ? undefined : one?.inspection?.counts;
      counts.hidden = !known;
      if (known) fill(counts, [
        ...count(known.identifying, words.plan.identify, words.plan.identifyNote),
        ...count(known.private, words.plan.private, words.plan.privateNote),
        ...count(known.uids, words.plan.uids, words.plan.uidsNote)]);
      const hits = one?.trouble?.hits ?? [];
      fill(aside, [one && hits.length ? foundAgain(hits, () => void actions.removeAndRetry(one.id), Boolean(state.busy)) : null]);
      if (hits.length) root.scrollTop = 0;
      keepingOpen(here, () => fill(here, hits.length ? [] : describe(one)));
    }),
    watch(store, (s) => [s.view, item(s)?.inspection], (state) => {
      all.hidden = !item(state)?.inspection;
      set(all, "aria-pressed", String(state.view === "tags"));
    }),
    watch(store, (s) => [s.pixels.of, s.items], ({ pixels, items }) => {
      const left = items.filter(({ id }) => needsEyes(pixels.of[id])).length;
      check.hidden = !items.some(({ inspection }) => inspection?.instance.has_pixels);
      text(check, left ? words.pixels.openLeft(left) : words.pixels.open);
    }),
    watch(store, (s) => [s.profile, item(s)?.planned], (state) => set(counts, "data-stale", item(state)?.planned?.profile !== state.profile)),
  ];
  return () => leave.forEach((stop) => stop());
}

/** @param {import("../types.js").State} state the instance that is looked at */
function item({ items, selected }) {
  return itemOf(items, selected);
}

/** Lists that the person opened or closed stay so when the plan changes. @param {HTMLElement} root @param {() => void} draw */
function keepingOpen(root, draw) {
  const state = new Map([...root.querySelectorAll("details")].map((one) => [one.dataset.part, one.open]));
  draw();
  for (const one of root.querySelectorAll("details")) one.open = state.get(one.dataset.part) ?? one.open;
}

/** @param {import("../types.js").Item | undefined} item @returns {(HTMLElement | null)[]} */
function describe(item) {
  if (item?.trouble) return [h("p", { class: "hint" }, words.plan.aside)];
  if (!item?.inspection) return [h("p", { class: "hint" }, item ? words.plan.waiting : words.plan.nothingSelected)];
  const { identifying, risks, notes } = item.inspection;
  return [
    warning(risks),
    ...(identifying ? listed(identifying, item.inspection.patient.pseudonym) : [h("p", { class: "hint" }, words.plan.waiting)]),
    notes.length ? h("ul", { class: "notes", "aria-label": words.plan.notes }, ...notes.map((note) => h("li", {}, note))) : null,
  ];
}

/** @param {number} n @param {string} label @param {string} note */
function count(n, label, note) {
  return [h("div", {}, h("dt", {}, label), h("dd", {}, h("b", {}, n.toLocaleString("en")), n ? h("small", {}, note) : null))];
}

/** @param {import("../types.js").Inspection["risks"]} risks */
function warning(risks) {
  const reasons = [...new Set(risks.map((risk) => words.plan.risk(risk.code)))];
  return h("div", { class: "card warning", "data-testid": "pixel-risk", "data-risk": reasons.length > 0 ? "true" : null },
    h("b", {}, icon("alert"), words.plan.limitsTitle),
    ...reasons.map((reason) => h("p", {}, reason)),
    h("p", { class: "quiet" }, words.plan.limits));
}
