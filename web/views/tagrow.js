import { fill, h, icon, set } from "../dom.js";
import { isTouched } from "../model/tags.js";
import { words } from "../words/words.js";

export const TAG_ROW_PX = 28;

/**
 * One row of the tag viewer.
 * @param {HTMLElement} element @param {import("../model/tags.js").Node} node
 * @param {{index: number, current: boolean, closed: boolean}} how
 */
export function drawTagRow(element, node, { index, current, closed }) {
  const { row, level, children } = node;
  set(element, "role", "row");
  set(element, "class", "tag-row");
  set(element, "data-path", row.path);
  set(element, "data-action", node.gone ? "X" : row.action);
  set(element, "data-touched", isTouched(node));
  set(element, "data-private", row.private);
  set(element, "aria-level", level);
  set(element, "aria-rowindex", index + 2);
  set(element, "aria-expanded", children ? String(!closed) : null);
  set(element, "aria-selected", String(current));
  set(element, "tabindex", current ? 0 : -1);
  element.style.top = `${index * TAG_ROW_PX}px`;
  if (element.childElementCount) return;
  const name = row.vr === "" ? `${words.tags.item} ${/\[(\d+)\]$/.exec(row.path)?.[1] ?? ""}` : row.name || row.keyword || row.tag;
  const first = h("div", { role: "gridcell", class: "tag-name" },
    h("span", { class: "twist", "aria-hidden": "true" }, children ? icon("chevron") : null),
    h("span", { class: "cut", title: name }, name), row.vr === "" ? null : h("small", {}, row.tag));
  first.style.paddingLeft = `${Math.min(level - 1, 16) * 12}px`;
  fill(element, [
    first,
    h("div", { role: "gridcell", class: "cut" }, row.value),
    h("div", { role: "gridcell", class: "cut" }, node.gone ? "" : row.result),
    h("div", { role: "gridcell", class: "cut does" }, row.vr === "" && !isTouched(node) ? "" : doesWhat(node)),
  ]);
}

/** @param {import("../model/tags.js").Node} node what is done to it, in a word or two */
export function doesWhat({ row, gone }) {
  const what = (row.action === "C" && words.tags.methods[row.method]) || (words.tags.actions[row.action] ?? row.action);
  return gone ? words.tags.gone : [what, row.rule === "person" ? words.tags.yours : ""].filter(Boolean).join(" · ");
}
