/**
 * Boxes over pictures: what a scan found, what becomes of each, and what needs eyes first. Pure.
 * @typedef {import("../types.js").Item} Item
 * @typedef {import("../types.js").Mark} Mark
 * @typedef {import("../types.js").Box} Box
 * @typedef {import("../types.js").Sight} Sight
 * @typedef {import("../types.js").Stays} Stays
 * @typedef {Pick<import("../types.js").Pixels, "mode" | "kinds">} Mode
 */
import { order, seriesOf } from "./tree.js";
import { framesOf, seriesAround } from "./walk.js";

/** Worst first. */
export const KINDS = /** @type {const} */ (["identifies", "institution", "date", "unknown", "technical"]);
/** Boxes of neighbouring frames that share so much of each are one text that stands still. */
const SAME = 0.6;
/** So much of a text has to lie in a box for the box to be about it. */
const COVERED = 0.5;

/** @type {Sight} */
export const NOTHING = { status: "none", marks: [], seen: false };

/** @param {Box} box */
const area = ({ left, top, right, bottom }) => Math.max(0, right - left) * Math.max(0, bottom - top);

/** @param {Box} a @param {Box} b */
function common(a, b) {
  return area({ left: Math.max(a.left, b.left), top: Math.max(a.top, b.top), right: Math.min(a.right, b.right), bottom: Math.min(a.bottom, b.bottom) });
}

/** @param {Box} a @param {Box} b @returns {Box} */
export function around(a, b) {
  return { left: Math.min(a.left, b.left), top: Math.min(a.top, b.top), right: Math.max(a.right, b.right), bottom: Math.max(a.bottom, b.bottom) };
}

/**
 * What a scan found, each text that stands still over several frames as one mark.
 * @param {import("../types.js").Scan} scan @param {number} count of the instance's frames @param {() => string} newId @returns {Mark[]}
 */
export function marksOf({ frames, static: always = [] }, count, newId) {
  /** @type {Mark[]} */
  const marks = always.map((box) => ({ ...box, id: newId(), first: 0, last: count - 1, decision: null }));
  for (const { frame_index: at, boxes } of [...frames].sort((a, b) => a.frame_index - b.frame_index)) {
    for (const box of boxes) {
      const before = marks.findLastIndex((mark) => mark.last === at - 1 && mark.kind === box.kind && common(mark, box) >= SAME * Math.max(area(mark), area(box)));
      if (before >= 0) marks[before] = { ...marks[before], ...around(marks[before], box), last: at, may_identify: marks[before].may_identify || box.may_identify };
      else marks.push({ ...box, id: newId(), first: at, last: at, decision: null });
    }
  }
  return marks;
}

/** @param {Box} a @param {Box} b */
export const sameBox = (a, b) => a.left === b.left && a.top === b.top && a.right === b.right && a.bottom === b.bottom;

/** @param {Mark} mark @param {Mode} mode whether its pixels go */
export function goes({ decision, kind, source }, { mode, kinds }) {
  if (decision) return decision === "remove";
  if (source !== "read" || mode === "strict") return true;
  return mode === "own" ? kinds.includes(kind) : kind !== "technical";
}

/** @param {Sight | undefined} sight @param {Mode} mode the regions that the core blanks */
export function regionsOf(sight, mode) {
  return (sight?.marks ?? []).filter((mark) => goes(mark, mode))
    .map(({ left, top, right, bottom, first, last, source, kind }) => ({ left, top, right, bottom, first_frame: first, last_frame: last, source, kind }));
}

/** What goes with every message that makes a file of a picture. @param {Pick<import("../types.js").State, "pixels">} state @param {string} id */
export function maskOf({ pixels }, id) {
  const regions = regionsOf(pixels.of[id], pixels);
  return regions.length ? { regions } : {};
}

/** Whether a text may not be left legible for what it is, and not because nobody knows what it is. @param {Pick<Mark, "kind" | "may_identify">} mark */
export const mayNotStay = ({ kind, may_identify: may }) => may && kind !== "unknown";

/**
 * What stays though it may not: then nobody says of the image that its pixels are clean. Text that is unclear may stay
 * where the person kept it, which says that it is harmless; not where only its class stays.
 * @param {Sight | undefined} sight @param {Mode} mode @returns {readonly Mark[]}
 */
export function leftIn(sight, mode) {
  const marks = sight?.marks ?? [];
  const kept = marks.filter((mark) => mark.source === "read" && !goes(mark, mode) && (mayNotStay(mark) || (mark.kind === "unknown" && !mark.decision)));
  if (kept.length === 0) return kept;
  const out = marks.filter((mark) => goes(mark, mode));
  const covered = (/** @type {Mark} */ mark) => out.some((one) => one.first <= mark.first && mark.last <= one.last && common(one, mark) === area(mark));
  return kept.filter((mark) => !covered(mark));
}

/** @param {readonly Mark[]} left @returns {Stays | null} */
export const staysOf = (left) => (left.some(mayNotStay) ? "identifies" : left.length ? "unclear" : null);

/** How many images there are of each. @param {readonly (Stays | null | undefined)[]} all @returns {Record<Stays, number>} */
export const countStays = (all) => ({ identifies: all.filter((one) => one === "identifies").length, unclear: all.filter((one) => one === "unclear").length });

/** What is known of one frame by itself; null: of all. @param {Sight | undefined} sight @param {number | null} frameIndex @returns {Sight | undefined} */
export function onFrame(sight, frameIndex) {
  if (!sight || frameIndex === null) return sight;
  return { ...sight, marks: marksOn(sight.marks, frameIndex).map((mark) => ({ ...mark, first: frameIndex, last: frameIndex })) };
}

/**
 * Instances in which something stays though it may not, that the person has not confirmed.
 * @template {{id: string}} T @param {readonly T[]} instances @param {import("../types.js").Pixels} pixels @param {number | null} [frameIndex] where one frame alone leaves @returns {T[]}
 */
export function unconfirmed(instances, pixels, frameIndex = null) {
  return instances.filter((one) => leftIn(onFrame(pixels.of[one.id], frameIndex), pixels).some(({ id }) => !pixels.confirmed.has(id)));
}

/** What the core is told of the pixels of an instance that somebody looked into. @param {Sight | undefined} sight @param {Mode} mode */
export function cleaningOf(sight, mode) {
  if (!sight || (sight.status !== "scanned" && sight.marks.length === 0)) return {};
  const stays = staysOf(leftIn(sight, mode));
  return { regions: regionsOf(sight, mode), checked: sight.status === "scanned", ...(stays && { stays }) };
}

/**
 * What a second scan, of the pixels without the regions, read that should be gone: all that may identify and that the
 * person did not keep, box by box or by what stays in a mode of their own.
 * @param {import("../types.js").Scan} scan @param {number} count of frames @param {Sight} sight @param {Mode} mode @returns {Mark[]}
 */
export function legible(scan, count, sight, mode) {
  const kept = sight.marks.filter((mark) => !goes(mark, mode));
  const isMeant = (/** @type {Mark} */ { kind }) => kind !== "unknown" || mode.mode !== "own" || mode.kinds.includes(kind);
  const isKept = (/** @type {Mark} */ one) => kept.some((mark) => mark.first <= one.last && one.first <= mark.last && common(mark, one) >= COVERED * area(one));
  return marksOf(scan, count, () => "").filter((one) => (mode.mode === "strict" || (one.may_identify && isMeant(one))) && !isKept(one));
}

/** @param {readonly Mark[]} marks @param {number} frameIndex @returns {Mark[]} the worst first, then as they are read */
export function marksOn(marks, frameIndex) {
  const here = marks.filter(({ first, last }) => first <= frameIndex && frameIndex <= last);
  return here.sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || a.top - b.top || a.left - b.left);
}

/** @param {{code: string}} risk */
export const isOfFace = ({ code }) => code.startsWith("face");

/** @param {Item | undefined} item whether its pictures are of a kind that often shows text */
export function isRisky(item) {
  return Boolean(item?.inspection?.instance.has_pixels && item.state !== "quarantined" && item.inspection.risks.some((risk) => !isOfFace(risk)));
}

/** @param {Item} item whether it holds a film, in whose pictures nothing can be searched */
export const isFilm = ({ inspection }) => Boolean(inspection?.video);

/** @param {Item} item whether text may be looked for in it, by a program or by a person */
export const hasPicture = (item) => Boolean(item.inspection?.instance.has_pixels) && item.state !== "quarantined";

/**
 * Images in which nobody has looked for text: neither a search that came to its end nor a person. Who has seen a film
 * has seen it at one place.
 * @param {readonly Item[]} items @param {import("../types.js").Sights} sights @returns {Item[]}
 */
export function unsearched(items, sights) {
  return items.filter((item) => hasPicture(item) && !item.out && sights[item.id]?.status !== "scanned" && (isFilm(item) || !sights[item.id]?.seen));
}

/** Those of them that may carry text. @param {readonly Item[]} items @param {import("../types.js").Sights} sights @returns {Item[]} */
export function unchecked(items, sights) {
  return unsearched(items, sights).filter((item) => isRisky(item) || isFilm(item));
}

/** @param {Sight | undefined} sight 0 is the worst */
function rank(sight) {
  const worst = Math.min(...(sight?.marks ?? []).map(({ kind }) => KINDS.indexOf(kind)), KINDS.length);
  return sight?.status === "missing" ? Math.min(worst, 0.5) : worst;
}

/** @param {Sight | undefined} sight whether somebody has to look at it, and has not */
export function needsEyes(sight) {
  return Boolean(sight && !sight.seen && (sight.status === "missing" || sight.marks.length > 0));
}

/** @param {Sight | undefined} sight what is worst about it */
export function worstOf(sight) {
  return KINDS.find((kind) => sight?.marks.some((mark) => mark.source === "read" && mark.kind === kind)) ?? null;
}

/** @param {readonly Item[]} items @param {import("../types.js").Sights} sights @returns {Item[]} what was looked into, worst first */
export function queueOf(items, sights) {
  const known = order(items).filter(({ id }) => sights[id] && sights[id].status !== "none");
  return known.sort((a, b) => rank(sights[a.id]) - rank(sights[b.id])); // stable: within one rank as they stand in the list
}

/** @param {Item[]} queue @param {import("../types.js").Sights} sights @param {string | null} from @returns {string | null} what needs eyes next, from the beginning again after the end */
export function nextToSee(queue, sights, from) {
  const at = queue.findIndex(({ id }) => id === from);
  const rest = [...queue.slice(at + 1), ...queue.slice(0, Math.max(at, 0))];
  return rest.find(({ id }) => needsEyes(sights[id]))?.id ?? null;
}

/** @param {Item} item @returns {string} pictures of one make: rules by rectangles are about these */
export function deviceOf({ inspection }) {
  const { device, instance, series } = inspection ?? {};
  return JSON.stringify([device?.manufacturer ?? "", device?.model ?? "", series?.modality, instance?.rows, instance?.columns]);
}

/**
 * The instances that a box would be copied to, the one that it is on included.
 * @param {readonly Item[]} items @param {Item} item @param {import("../types.js").Reach} reach @returns {Item[]}
 */
export function reached(items, item, reach) {
  if (reach === "frame" || reach === "clip") return [item];
  const size = (/** @type {Item} */ { inspection }) => `${inspection?.instance.rows}x${inspection?.instance.columns}`;
  const able = (/** @type {Item} */ one) => Boolean(one.inspection?.instance.has_pixels) && one.state !== "quarantined";
  if (reach === "series") return seriesAround(items, item.id).filter((one) => able(one) && seriesOf(one) === seriesOf(item) && size(one) === size(item));
  return items.filter((one) => able(one) && deviceOf(one) === deviceOf(item));
}

/**
 * A box on other pictures: what was found there and lies in it goes with it, and nothing else is left to judge then.
 * @param {Sight} sight @param {Mark} mark @param {Item} item @param {() => string} newId @returns {Sight}
 */
export function withCopy(sight, mark, item, newId) {
  const copy = { ...mark, id: newId(), first: 0, last: framesOf(item) - 1, text: "", matches: [], rule: undefined, source: /** @type {const} */ ("rule"), decision: /** @type {const} */ ("remove") };
  const inside = (/** @type {Mark} */ one) => common(one, mark) >= COVERED * area(one);
  const others = sight.marks.map((one) => (inside(one) ? { ...one, decision: /** @type {const} */ ("remove") } : one));
  const seen = sight.seen || (sight.status === "scanned" && others.every(({ decision }) => decision !== null));
  return { ...sight, marks: [...others, copy], seen };
}

/** @param {Box} box @param {number} columns @param {number} rows @returns {Box} whole pixels inside the picture, at least one */
export function fitted({ left, top, right, bottom }, columns, rows) {
  const [l, r] = [left, right].map(Math.round).sort((a, b) => a - b);
  const [t, b] = [top, bottom].map(Math.round).sort((x, y) => x - y);
  const [x, y] = [Math.min(Math.max(l, 0), columns - 1), Math.min(Math.max(t, 0), rows - 1)];
  return { left: x, top: y, right: Math.min(Math.max(r, x + 1), columns), bottom: Math.min(Math.max(b, y + 1), rows) };
}

/** @param {Box} box @param {number} dx @param {number} dy @param {number} columns @param {number} rows @returns {Box} of the same size, inside */
export function shifted({ left, top, right, bottom }, dx, dy, columns, rows) {
  const [width, height] = [right - left, bottom - top];
  const [x, y] = [Math.min(Math.max(left + dx, 0), columns - width), Math.min(Math.max(top + dy, 0), rows - height)];
  return { left: x, top: y, right: x + width, bottom: y + height };
}
