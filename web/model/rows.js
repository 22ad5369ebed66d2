/**
 * Report rows as they go to the core: what many have in common is told once. Pure.
 * @typedef {import("../types.js").Treated} Treated
 */

/** @param {Iterable<Treated>} rows */
export function told(rows) {
  /** @type {Map<string, number>} by their text */
  const places = new Map();
  /** @type {Omit<Treated, "number" | "file" | "size" | "sha256">[]} */
  const alike = [];
  /** @type {{of: number[], numbers: number[], files: string[], sizes: number[], sums: string[]}} */
  const own = { of: [], numbers: [], files: [], sizes: [], sums: [] };
  for (const { number, file, size, sha256, ...rest } of rows) {
    const text = JSON.stringify(rest);
    const place = places.get(text) ?? alike.push(rest) - 1;
    places.set(text, place);
    own.of.push(place);
    own.numbers.push(number);
    own.files.push(file);
    own.sizes.push(size);
    own.sums.push(sha256);
  }
  return { alike, ...own };
}

/** @param {import("../types.js").Report} report what `report` takes of it */
export const wiredReport = (report) => ({ ...report, rows: told(report.rows) });
