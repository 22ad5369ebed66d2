import { fill, h, text } from "../dom.js";
import { sameTarget, withoutRule, withRules } from "../model/profile.js";
import { actionsFor, targetOf } from "../model/tags.js";
import { words } from "../words/words.js";
import { mountTagMethod } from "./tagmethod.js";

/**
 * The chosen row in full: both values, rule, clause and why, and what a person decides instead.
 * @typedef {import("../model/tags.js").Node} Node
 * @param {HTMLElement} root @param {import("../types.js").Context} context @param {() => {all: Node[], node: Node | null}} now
 */
export function mountTagDetail(root, { store, actions }, now) {
  const title = h("b", {});
  const where = h("small", {});
  const [original, result, rule, why, reach] = ["original", "result", "rule", "why", "reach"].map((name) => h("span", { "data-testid": `tag-detail-${name}` }));
  const choose = h("select", { "data-testid": "tag-action", "aria-label": words.tags.choice, onchange: decide });
  const cleaning = mountTagMethod(clean);
  /** The row for which cleaning is chosen but no method yet. */
  let undecided = "";
  const pick = h("p", { class: "hint" }, words.tags.pick);
  const facts = h("div", { class: "tag-facts" },
    h("p", { class: "tag-title" }, title, " ", where),
    h("dl", {}, h("dt", {}, words.tags.columns.original), h("dd", {}, original), h("dt", {}, words.tags.columns.result), h("dd", {}, result)),
    h("div", { class: "tag-decision" }, h("p", {}, rule, why), h("div", {}, choose, cleaning.element, h("small", {}, reach))));
  fill(root, [pick, facts]);

  /** The person's own rule for the row, and what one would be about. */
  function own() {
    const { all, node } = now();
    const target = node && targetOf(all, node);
    return { target, rule: target ? store.get().profile?.rules.find((one) => sameTarget(one, target)) : undefined };
  }

  function decide() {
    const { target } = own();
    const action = choose.value;
    undecided = action === "C" ? now().node?.row.path ?? "" : "";
    if (undecided) {
      draw();
      cleaning.focus();
    } else if (target) actions.changeProfile((profile) => (action ? withRules(profile, [{ ...target, action }]) : withoutRule(profile, target)));
  }

  /** @param {string} method @returns {Promise<import("../types.js").Trouble | null>} why the core refuses it */
  async function clean(method) {
    const { target } = own();
    return target ? actions.changeChecked((profile) => withRules(profile, [{ ...target, action: "C", method }])) : null;
  }

  function draw() {
    const { node } = now();
    const mine = own();
    if (undecided !== node?.row.path || mine.rule?.action === "C") undecided = "";
    pick.hidden = node !== null;
    facts.hidden = node === null;
    if (!node) return;
    const { row } = node;
    text(title, row.vr === "" ? row.path : row.name || row.keyword || row.tag);
    text(where, [row.vr === "" ? "" : row.tag, row.vr, row.path.includes(".") ? row.path : row.keyword].filter(Boolean).join(" · "));
    text(original, row.value || words.plan.emptyValue);
    text(result, (!node.gone && row.result) || `(${node.gone ? words.tags.gone : words.tags.actions[row.action]})`);
    const { clause, why: reason } = explain(node, Boolean(mine.rule));
    text(rule, clause);
    text(why, reason);
    text(reach, !mine.target ? words.tags.noRule : !mine.rule ? "" : mine.target.creator ? words.tags.byCreator : mine.target.attribute.includes(".") ? words.tags.inside : words.tags.everywhere);
    const usual = mine.rule ? words.tags.choose[""] : `${words.tags.choose[""]}: ${words.tags.actions[row.action] ?? row.action}`;
    const methods = store.get().about?.methods ?? [];
    const values = ["", ...actionsFor(row, methods)];
    if (mine.rule?.action === "C" && !values.includes("C")) values.push("C");
    if ([...choose.options].map((one) => one.value).join() !== values.join()) fill(choose, values.map((value) => h("option", { value }, words.tags.choose[value])));
    text(choose.options[0], usual);
    const cleans = mine.rule?.action === "C";
    choose.value = undecided === row.path ? "C" : mine.rule?.action ?? "";
    choose.disabled = !mine.target || store.get().busy?.kind === "deidentify";
    cleaning.element.hidden = choose.value !== "C";
    cleaning.draw(row, methods, cleans ? mine.rule?.method ?? "" : "", choose.disabled);
  }
  return { draw, focus: () => choose.focus() };
}

/** @param {Node} node @param {boolean} isOwn @returns {{clause: string, why: string}} */
function explain({ row, gone }, isOwn) {
  if (gone) return { clause: "", why: words.tags.goneWhy };
  if (isOwn && row.action === "K") return { clause: words.tags.ownRule, why: words.tags.keptOwn };
  if (row.action === "K" && !row.rule) return { clause: "", why: words.tags.keptWhy };
  return words.tags.why(row.rule);
}
