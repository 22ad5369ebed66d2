/**
 * Patient → study → series → instance, from a flat list of items. Pure.
 * @typedef {import("../types.js").Item} Item
 * @typedef {{kind: "patient" | "study" | "series" | "rest", key: string, level: number, parents: string[], items: Item[]}} Group
 * @typedef {{kind: "instance", key: string, level: number, parents: string[], item: Item}} Leaf
 * @typedef {Group | Leaf} Row
 */

/** @param {Item} item @returns {string} names the item's series; windows are remembered by it */
export function seriesOf(item) {
  return item.inspection ? keys(item)[2] : `item:${item.id}`;
}

/** @param {Item} item @returns {[string, string, string]} the keys of its patient, study and series */
function keys(item) {
  const { patient, study, series } = /** @type {import("../types.js").Inspection} */ (item.inspection);
  const first = `p:${patient.pseudonym || `${patient.id}\n${patient.name}`}`;
  const second = `${first}\ns:${study.uid}`;
  return [first, second, `${second}\ne:${series.uid}`];
}

const last = Number.MAX_SAFE_INTEGER;

/** @param {Item} a @param {Item} b series number, then instance number; what has none comes last, as it arrived */
function compareNumbers(a, b) {
  const [x, y] = [a, b].map((item) => /** @type {import("../types.js").Inspection} */ (item.inspection));
  return (
    seriesNumber(x) - seriesNumber(y) ||
    compareText(x.series.uid, y.series.uid) ||
    (x.instance.number ?? last) - (y.instance.number ?? last)
  );
}

/** @param {import("../types.js").Inspection} inspection IS, as text or number; may be absent or no number */
function seriesNumber({ series: { number } }) {
  return number === null || number === "" || Number.isNaN(Number(number)) ? last : Number(number);
}

/** @param {string} a @param {string} b */
function compareText(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** @param {Item} a @param {Item} b */
function compare(a, b) {
  const [x, y] = [a, b].map((item) => /** @type {import("../types.js").Inspection} */ (item.inspection));
  return (
    compareText(x.patient.name.toLowerCase(), y.patient.name.toLowerCase()) ||
    compareText(keys(a)[0], keys(b)[0]) ||
    compareText(x.study.date, y.study.date) ||
    compareText(x.study.uid, y.study.uid) ||
    compareNumbers(a, b)
  );
}

/** @type {WeakMap<readonly Item[], Item[]>} */
const ordered = new WeakMap();

/**
 * Known instances in reading order, then those whose header isn't known (waiting, or set aside), as they arrived.
 * @param {readonly Item[]} items @returns {Item[]}
 */
export function order(items) {
  const known = ordered.get(items);
  if (known) return known;
  const result = [
    ...items.filter((item) => item.inspection).sort(compare),
    ...items.filter((item) => !item.inspection),
  ];
  ordered.set(items, result);
  return result;
}

/** @param {readonly Item[]} items @returns {Row[]} headings and instances, top to bottom, nothing collapsed */
export function rows(items) {
  /** @type {Row[]} */
  const result = [];
  /** @type {Map<string, Group>} */
  const groups = new Map();
  const kinds = /** @type {const} */ (["patient", "study", "series"]);
  for (const item of order(items)) {
    const path = item.inspection ? keys(item) : ["rest"];
    path.forEach((key, i) => {
      let group = groups.get(key);
      if (!group) {
        group = { kind: item.inspection ? kinds[i] : "rest", key, level: i + 1, parents: path.slice(0, i), items: [] };
        groups.set(key, group);
        result.push(group);
      }
      group.items.push(item);
    });
    result.push({ kind: "instance", key: item.id, level: 4, parents: path, item });
  }
  return result;
}

/** @param {Row} row @param {ReadonlySet<string>} collapsed */
export function isVisible(row, collapsed) {
  return !row.parents.some((key) => collapsed.has(key));
}

/** @param {readonly Item[]} items @returns {{patients: number, images: boolean, count: number}} of those that will be de-identified */
export function census(items) {
  const able = items.filter(canDeidentify);
  return {
    count: able.length,
    patients: new Set(able.map((item) => keys(item)[0])).size,
    images: able.every((item) => item.inspection?.instance.has_pixels),
  };
}

/** @param {Item} item */
export function canDeidentify(item) {
  return Boolean(item.inspection) && item.state !== "quarantined";
}
