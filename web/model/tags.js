/**
 * The rows of a data set as a tree: what is above what, what is seen, and which rule of one's own meets a row. Pure.
 * @typedef {import("../types.js").TagRow} TagRow
 * @typedef {{row: TagRow, level: number, parent: number, gone: boolean, children: boolean}} Node
 *   `parent`: its place among all nodes, -1 at the top; `gone`: with a sequence or item above it
 */

const PRIVATE = /^\(([0-9A-F]{4}),([0-9A-F]{2})([0-9A-F]{2})\)$/;
/** Without these the result is no instance any more; no rule can be made for them (profile.py). */
const FIXED = new Set(["(0008,0016)", "(0008,0018)", "(7FE0,0008)", "(7FE0,0009)", "(7FE0,0010)"]);

/** @param {TagRow} row items stand between their sequence and their attributes */
function levelOf(row) {
  return row.vr === "" ? 2 * row.depth : 2 * row.depth + 1;
}

/** @type {WeakMap<readonly TagRow[], Node[]>} */
const known = new WeakMap();

/** @param {readonly TagRow[]} rows in the order of the data set @returns {Node[]} */
export function nodes(rows) {
  const before = known.get(rows);
  if (before) return before;
  /** @type {Node[]} */
  const result = [];
  /** @type {number[]} the nodes that are open, outermost first */
  const open = [];
  for (const row of rows) {
    const level = levelOf(row);
    while (open.length && result[open[open.length - 1]].level >= level) open.pop();
    const parent = open.at(-1) ?? -1;
    const above = result[parent];
    if (above) above.children = true;
    result.push({ row, level, parent, gone: Boolean(above && (above.gone || above.row.action === "X" || above.row.action === "Z")), children: false });
    open.push(result.length - 1);
  }
  known.set(rows, result);
  return result;
}

/** @param {Node} node */
export function isTouched({ row, gone }) {
  return gone || row.action !== "K";
}

/**
 * @typedef {{query: string, privateOnly: boolean, touchedOnly: boolean, closed: ReadonlySet<string>}} Wanted
 * The nodes to be seen: what matches with all that it stands in, else what is not closed.
 * @param {readonly Node[]} all @param {Wanted} wanted @returns {Node[]}
 */
export function visible(all, { query, privateOnly, touchedOnly, closed }) {
  const words = query.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const filtered = words.length > 0 || privateOnly || touchedOnly;
  if (!filtered) return closed.size ? all.filter((node) => !isHidden(all, node, closed)) : [...all];
  const keep = new Set();
  for (const [i, node] of all.entries()) {
    if ((privateOnly && !node.row.private) || (touchedOnly && !isTouched(node)) || !matches(node.row, words)) continue;
    for (let at = i; at >= 0 && !keep.has(at); at = all[at].parent) keep.add(at);
  }
  return all.filter((_, i) => keep.has(i));
}

/** @param {readonly Node[]} all @param {Node} node @param {ReadonlySet<string>} closed */
function isHidden(all, node, closed) {
  for (let at = node.parent; at >= 0; at = all[at].parent) if (closed.has(all[at].row.path)) return true;
  return false;
}

/** @param {TagRow} row @param {readonly string[]} words all of them have to be in it */
function matches(row, words) {
  if (words.length === 0) return true;
  const text = `${row.name}\n${row.keyword}\n${row.tag}\n${row.tag.replace(/[(),]/g, "")}\n${row.value}\n${row.result}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

/**
 * What a rule of one's own for this row is about; null where there can be none. One for an attribute at the top is
 * for the attribute wherever it stands, as the standard treats them; one for a nested attribute is for that place,
 * in every item. A private one goes by its creator.
 * @param {readonly Node[]} all @param {Node} node @returns {Pick<import("../types.js").OwnRule, "attribute" | "creator"> | null}
 */
export function targetOf(all, node) {
  const { row } = node;
  if (row.vr === "" || FIXED.has(row.tag) || row.tag.endsWith(",0000)")) return null;
  if (row.private) return privateTarget(all, node);
  return { attribute: row.path.replace(/\[\d+\]/g, "") };
}

/** @param {readonly Node[]} all @param {Node} node */
function privateTarget(all, { row, parent }) {
  const [, group, block, element] = PRIVATE.exec(row.tag) ?? [];
  if (!group || block === "00") return null;
  const creator = all.find((one) => one.parent === parent && one.row.tag === `(${group},00${block})`)?.row.value;
  return creator ? { attribute: `(${group},xx${element})`, creator } : null;
}

/** @param {TagRow} row @param {readonly import("../types.js").Method[]} methods @returns {string[]} the actions that a person can choose for it */
export function actionsFor({ vr }, methods = []) {
  const own = vr === "UI" ? ["U"] : methodsFor(methods, vr).length ? ["C"] : [];
  return ["K", "X", "Z", "D", ...own];
}

/** Made by rules of the standard for what stands beside them; alone they are of no use to a person. */
const INTERNAL = new Set(["meaning", "code", "whole"]);

/** @param {readonly import("../types.js").Method[]} methods @param {string} vr */
export function methodsFor(methods, vr) {
  return methods.filter((one) => one.vrs.includes(vr) && !INTERNAL.has(one.name));
}

/** A rule's method as its name and its argument; of several in a row there is no one name. @param {string} method */
export function splitMethod(method) {
  const [, name, rest] = /^([a-z0-9-]+)(?::([^]*))?$/.exec(method) ?? ["", "", ""];
  const several = method.includes("|") && name !== "set" && name !== "regex";
  return several ? { name: method, rest: "" } : { name, rest: rest ?? "" };
}

/**
 * Rules that remove what stands at these places; places that are no attributes of the data set have none.
 * @param {readonly TagRow[]} rows @param {readonly import("../types.js").Hit[]} hits @returns {import("../types.js").OwnRule[]}
 */
export function removals(rows, hits) {
  const all = nodes(rows);
  const places = new Set(hits.map((hit) => hit.where));
  const targets = all.filter((node) => places.has(node.row.path)).map((node) => targetOf(all, node));
  const unique = new Map(targets.flatMap((target) => (target ? [[JSON.stringify(target), target]] : [])));
  return [...unique.values()].map((target) => ({ ...target, action: "X" }));
}
