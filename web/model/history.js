/**
 * Undo and redo of changes of the window, of the profile and of boxes in pixels. Pure: a history is a value.
 * @typedef {import("../types.js").History} History
 * @typedef {import("../types.js").Change} Change
 */

const LONGEST = 200;

/** @param {History} history @param {Change} change @returns {History} */
export function record(history, change) {
  return { past: [...history.past, change].slice(-LONGEST), future: [] };
}

/** @param {History} history @returns {[History, Change] | null} the change to take back */
export function undo(history) {
  const change = history.past.at(-1);
  return change ? [{ past: history.past.slice(0, -1), future: [change, ...history.future] }, change] : null;
}

/** @param {History} history @returns {[History, Change] | null} the change to make again */
export function redo(history) {
  const [change, ...future] = history.future;
  return change ? [{ past: [...history.past, change], future }, change] : null;
}
