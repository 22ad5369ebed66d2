import { h } from "../dom.js";
import { words } from "../words/words.js";

/**
 * Three lists: what identifies stands open, UIDs and private attributes can be opened.
 * @typedef {import("../types.js").Identifying} Identifying
 * @param {readonly Identifying[]} found @param {string} pseudonym
 */
export function listed(found, pseudonym) {
  const partOf = (/** @type {Identifying} */ one) => (one.rule === "private" ? "private" : one.action === "U" ? "uids" : "identify");
  return /** @type {const} */ (["identify", "uids", "private"]).map((part) => {
    const entries = found.filter((one) => partOf(one) === part).sort(tellingFirst);
    if (entries.length === 0) return part === "identify" ? h("p", { class: "hint" }, words.plan.nothing) : null;
    const list = h("ul", { class: "attributes", "data-testid": `found-${part}` }, ...entries.map((one) => attribute(one, pseudonym)));
    return h("details", { open: part === "identify", "data-part": part }, h("summary", {}, words.plan.parts[part], h("small", {}, ` ${entries.length.toLocaleString("en")}`)), list);
  });
}

/** @param {Identifying} found @param {string} pseudonym */
function attribute({ tag, keyword, name, path, value, action, rule }, pseudonym) {
  const isNested = path !== "" && path !== keyword;
  const becomes = (keyword === "PatientName" || keyword === "PatientID") && action !== "X" ? pseudonym : words.plan.does(action);
  return h("li", {},
    h("span", { class: "name", title: rule || null }, name || keyword || tag, h("small", {}, ` ${tag}`), isNested ? h("small", { class: "path" }, path) : null),
    h("span", { class: "value" }, value || words.plan.emptyValue),
    h("span", { class: "does" }, h("span", { "aria-hidden": "true" }, "→ "), becomes));
}

/** @param {Identifying} a @param {Identifying} b who the patient is comes first; the rest stays in the order of the data set */
function tellingFirst(a, b) {
  return rank(a) - rank(b);
}

/** @param {Identifying} one */
function rank({ keyword, path, tag }) {
  if (path !== "" && path !== keyword) return 4;
  const known = ["PatientName", "PatientID"].indexOf(keyword);
  return known >= 0 ? known : tag.startsWith("(0010") ? 2 : 3;
}
