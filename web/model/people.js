/**
 * Questions of who is who, and their answers. Pure.
 * @typedef {import("../types.js").Question} Question
 * @typedef {import("../types.js").State} State
 */

/** @param {string[][]} differing ids of items that share a UID and differ @returns {Question[]} which of them is right */
export function uidQuestions(differing) {
  return differing.map((ids) => ({ key: `uid ${[...ids].sort().join(" ")}`, kind: "uid", inputs: ids.map((id) => [id]) }));
}

/** @param {readonly Question[]} questions @param {import("../types.js").Choices} choices @returns {Set<string>} who is left out since another one with the same UID is right */
export function outBy(questions, choices) {
  const uids = questions.filter(({ kind, key }) => kind === "uid" && key in choices);
  return new Set(uids.flatMap(({ key, inputs }) => inputs.flat().filter((id) => id !== choices[key])));
}

/** Those that are still to be answered. @param {Pick<State, "people">} state */
export function openQuestions({ people: { questions, choices } }) {
  return questions.filter(({ key }) => !(key in choices));
}

/** What the log says of a question: no value. @param {Question} question @param {string | undefined} choice */
export function toldOf({ kind, inputs }, choice) {
  const decision = kind !== "uid" ? choice ?? "" : choice === undefined ? "" : choice === "out" ? "out" : `kept ${inputs.findIndex(([id]) => id === choice) + 1}`;
  return { kind, sides: inputs.length, instances: inputs.flat().length, decision };
}
