/**
 * Where the names of boxes stand, so that none lies on what another box is about. Pure.
 * @typedef {{x: number, y: number, width: number, height: number}} Place in CSS pixels
 */

export const SIDES = /** @type {const} */ (["above", "below", "right"]);
const GAP = 4;

/** @param {Place} a @param {Place} b */
const meet = (a, b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/**
 * @param {Place} box @param {{width: number, height: number}} label @param {typeof SIDES[number]} side @returns {Place}
 */
export function labelAt(box, { width, height }, side) {
  if (side === "right") return { x: box.x + box.width + GAP + 2, y: box.y, width, height };
  return { x: box.x - 2, y: side === "above" ? box.y - GAP - height : box.y + box.height + GAP, width, height };
}

/**
 * The first side that is in view and free of all else; where there is none, what is in view.
 * @param {Place} box @param {{width: number, height: number}} label @param {readonly Place[]} others boxes and labels @param {Place} view
 */
export function sideOf(box, label, others, view) {
  const inView = (/** @type {Place} */ at) => at.y >= view.y && at.y + at.height <= view.y + view.height;
  const sides = SIDES.filter((side) => inView(labelAt(box, label, side)));
  return sides.find((side) => !others.some((other) => other !== box && meet(labelAt(box, label, side), other))) ?? sides[0] ?? "below";
}
