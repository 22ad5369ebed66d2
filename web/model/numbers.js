/**
 * Inputs counted from 1 in the order in which they came, those among them that were left out: a report knows them by
 * it, and it does not change while files leave the list for being no instance.
 * @param {Pick<import("../types.js").State, "items" | "leftOut">} state @returns {Map<string, number>} by id
 */
export function numbersOf({ items, leftOut }) {
  // `i7`, and `i7-3` for the third in an archive.
  const given = [...items, ...leftOut].map(({ id }) => ({ id, at: id.slice(1).split("-").map(Number) }));
  given.sort(({ at: [a, inA = 0] }, { at: [b, inB = 0] }) => a - b || inA - inB);
  return new Map(given.map(({ id }, i) => [id, i + 1]));
}
