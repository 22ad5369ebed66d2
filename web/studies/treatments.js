import { createShared } from "../model/shared.js";

/**
 * Report rows with what they have in common held once: slices of a series are treated alike, and a list of what was
 * done to one is a hundred times as large as all else that is said of it.
 */
export function createTreatments() {
  const { within } = createShared();
  /** @type {Map<string, number>} by their text, and by the core's name for it */
  const numbers = new Map();
  /** @type {Map<string, number>} */
  const named = new Map();
  let last = "";
  /** @type {unknown[]} */
  const touched = [];

  /** @param {string} text @returns {number} */
  function numberOf(text) {
    const known = numbers.get(text);
    if (known !== undefined) return known;
    numbers.set(text, touched.length);
    return touched.push(JSON.parse(text)) - 1;
  }
  return {
    touched,
    /** The name of the last one, which need not be told again. */
    get known() {
      return last;
    },
    /** @param {{touched?: string, treatment?: string}} row as the core gives it: with the text unless its name is known @returns {any} */
    shared({ touched: mine, treatment, ...row }) {
      const shape = named.get(treatment ?? "") ?? numberOf(mine ?? "");
      if (treatment) named.set((last = treatment), shape);
      return within({ ...row, shape });
    },
  };
}
