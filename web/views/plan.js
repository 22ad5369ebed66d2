import { fill, h, icon, text } from "../dom.js";
import { watch } from "../watch.js";
import { words } from "../words/words.js";
import { listed } from "./attributes.js";

/** What will happen to the header of the selected instance, attribute by attribute. @type {import("../types.js").Mount} */
export function mountPlan(root, { store }) {
  const edition = h("small", { class: "quiet", "data-testid": "edition" });
  const profiles = h("div", { class: "profiles" });
  const here = h("div", { class: "here" });
  fill(root, [h("div", { class: "bar-head" }, h("h2", {}, words.app.plan), edition), profiles, here]);
  const leave = [
    watch(store, (s) => [s.about, s.profile], ({ about, profile }) => {
      text(edition, about ? words.plan.edition(about.edition, about.rules) : "");
      fill(profiles, (about?.profiles ?? []).filter((one) => one.name === profile).map((one) =>
        h("div", { class: "card" }, h("b", {}, one.label), h("p", {}, one.description || words.plan.basic))));
    }),
    watch(store, (s) => [s.selected, s.items], (() => {
      /** @type {import("../types.js").Item | undefined | null} */
      let drawn = null;
      return ({ items, selected }) => {
        const item = items.find((one) => one.id === selected);
        if (drawn !== null && drawn?.inspection === item?.inspection && drawn?.trouble === item?.trouble && drawn?.id === item?.id) return;
        drawn = item;
        fill(here, describe(item));
      };
    })()),
  ];
  return () => leave.forEach((stop) => stop());
}

/** @param {import("../types.js").Item | undefined} item @returns {(HTMLElement | null)[]} */
function describe(item) {
  if (item?.trouble) return [h("p", { class: "hint" }, words.plan.aside)];
  if (!item?.inspection) return [h("p", { class: "hint" }, item ? words.plan.waiting : words.plan.nothingSelected)];
  const { counts, identifying, risks, notes } = item.inspection;
  return [
    h("dl", { class: "counts", "aria-label": words.plan.here },
      ...count(counts.identifying, words.plan.identify, words.plan.identifyNote),
      ...count(counts.private, words.plan.private, words.plan.privateNote),
      ...count(counts.uids, words.plan.uids, words.plan.uidsNote)),
    warning(risks),
    ...listed(identifying, item.inspection.patient.pseudonym),
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
  return h("div", { class: "card warning", "data-risk": reasons.length > 0 ? "true" : null },
    h("b", {}, icon("alert"), words.plan.limitsTitle),
    ...reasons.map((reason) => h("p", {}, reason)),
    h("p", { class: "quiet" }, words.plan.limits));
}
