/**
 * What a key does in the spot check; undefined: what it always does.
 * @param {import("../types.js").Store} store @param {import("../types.js").Actions} actions @param {KeyboardEvent} event
 * @returns {(() => void) | undefined}
 */
export function auditKey(store, actions, { key }) {
  const keepIt = () => {};
  if (key === "Delete") return keepIt; // never the file
  if (store.get().audit?.step !== "spot") return /^(Arrow|Page|Home|End)/.test(key) ? keepIt : undefined;
  /** @type {Record<string, () => void>} */
  const keys = {
    p: () => void actions.judge(true),
    f: () => void actions.judge(false),
    n: () => document.getElementById("veil-note")?.focus(),
    ArrowLeft: () => actions.stepSample(-1),
    ArrowRight: () => actions.stepSample(1),
    ArrowUp: () => actions.stepFrame(-1),
    ArrowDown: () => actions.stepFrame(1),
    Home: () => actions.stepFrame(-Infinity),
    End: () => actions.stepFrame(Infinity),
    PageUp: keepIt,
    PageDown: keepIt,
  };
  return keys[key];
}
