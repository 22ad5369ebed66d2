import { h, icon } from "../dom.js";
import { words } from "../words/words.js";

/**
 * Where verification found something of the original: places and kinds, never what it was; and the way on.
 * @param {readonly import("../types.js").Hit[]} hits @param {() => void} retry @param {boolean} disabled
 */
export function foundAgain(hits, retry, disabled) {
  const places = [...new Set(hits.map((hit) => hit.where))];
  const kinds = (/** @type {string} */ where) => [...new Set(hits.filter((hit) => hit.where === where).map(({ kind }) => words.plan.found[kind] ?? kind))].join(", ");
  return h("div", { class: "card found", "data-testid": "found-again" },
    h("b", {}, icon("alert"), words.plan.foundTitle),
    h("p", {}, words.plan.foundNote),
    h("ul", {}, ...places.map((where) => h("li", {}, h("span", {}, where), h("small", {}, kinds(where))))),
    h("button", { type: "button", class: "plain wide", "data-testid": "remove-and-retry", disabled, onclick: retry }, words.plan.retry),
    h("p", { class: "quiet" }, words.plan.retryNote));
}
