import { codeOf } from "../calls.js";
import { told } from "../model/headers.js";
import { record } from "../model/history.js";
import { outBy, uidQuestions } from "../model/people.js";
import { digestOf } from "../studies/digest.js";
import { words } from "../words/words.js";
import { say, sayError } from "./say.js";

/**
 * What nobody but a person can decide: who is who, and which of two files with one UID is right. The core finds the
 * questions once all headers are there, and says what follows from the answers.
 * @typedef {import("../types.js").Item} Item
 * @typedef {import("../types.js").Choices} Choices
 * @param {import("../types.js").Store} store @param {import("../types.js").Calls} calls
 * @param {(people: [string, string, string][]) => Promise<void>} heed
 */
export function peopleActions(store, calls, heed) {
  /** @type {readonly Item[]} */
  let seen = [];
  /** @type {unknown[]} what the questions are about */
  let asked = [];
  let running = false;

  /** @param {readonly Item[]} items */
  const known = (items) => items.filter((item) => item.inspection?.header);

  /** @param {readonly Item[]} list of known ones; as the core wants them, by their place in it */
  const headersOf = (list) => told(list.map((item, i) => [i, /** @type {import("../types.js").Header} */ (item.inspection?.header)]));

  async function run() {
    const { items, boot, listing, people } = store.get();
    if (items === seen) return;
    const now = known(items).map((item) => item.inspection?.header);
    if (now.length === asked.length && now.every((one, i) => one === asked[i])) {
      seen = items;
      if (!people.checked && !people.failed && !running) store.update((state) => ({ people: { ...state.people, checked: true } }));
      return;
    }
    if (people.checked) return store.update((state) => ({ people: { ...state.people, checked: false } })); // and here again
    if (running || listing || !boot.ready || items.some(isComing)) return;
    running = true;
    asked = now;
    store.update((state) => ({ people: { ...state.people, failed: false } }));
    await ask(known(items)).catch((error) => {
      store.update((state) => ({ people: { ...state.people, checked: false, failed: true } })); // nobody knows what is open
      sayError(store, codeOf(error));
    });
    running = false;
    await run();
  }

  /** After a failure, of which the core may have recovered meanwhile. */
  async function askAgain() {
    if (running || !store.get().people.failed) return;
    seen = asked = [];
    await run();
  }

  /** @param {Item} item whether its header is still to be read, or to be read again */
  const isComing = (item) => item.state === "queued" || item.state === "reading" || (item.inspection && !item.trouble && item.planned?.identity !== store.get().identity.version);

  /** @param {Item[]} list */
  async function ask(list) {
    if (list.length < 2) return store.update(() => ({ people: { questions: [], choices: {}, checked: true } }));
    const headers = headersOf(list);
    const [{ result: who }, { result: twice }] = await Promise.all([calls.call("questions", { headers }), calls.call("batch_twice", { headers })]);
    const { repeats, differing } = await compared(list, twice.groups);
    const ids = (/** @type {number[][]} */ inputs) => inputs.map((side) => side.map((number) => list[number].id));
    const questions = [...who.questions.map((/** @type {any} */ one) => ({ ...one, inputs: ids(one.inputs) })), ...uidQuestions(ids(differing))];
    store.update(({ items, leftOut, people, selected }) => ({
      people: { questions, choices: people.choices, checked: true },
      items: items.filter(({ id }) => !repeats.has(id)),
      leftOut: [...leftOut, ...[...repeats].map((id) => ({ id, name: list.find((one) => one.id === id)?.file.name ?? "", trouble: { code: "repeated", params: {} } }))],
      selected: selected && repeats.has(selected) ? list.find(({ id }) => !repeats.has(id))?.id ?? null : selected,
    }));
    if (repeats.size) say(store, { tone: "info", text: words.leftOut.repeats(repeats.size) });
    await apply();
  }

  /** Files that share a SOP Instance UID, by their content. @param {Item[]} list @param {number[][]} groups */
  async function compared(list, groups) {
    /** @type {Record<number, string>} */
    const sums = {};
    for (const number of groups.flat()) sums[number] = (await digestOf(calls, list[number].file)).sha256;
    const { result } = await calls.call("repeated", { groups, sums });
    return { repeats: new Set(result.repeats.map((/** @type {number} */ number) => list[number].id)), differing: /** @type {number[][]} */ (result.differing) };
  }

  /** Makes the answers true: who is whose, and who is left out. */
  async function apply() {
    const { items, people: { questions, choices } } = store.get();
    const list = known(items);
    const given = Object.fromEntries(questions.filter(({ kind, key }) => kind !== "uid" && key in choices).map(({ key }) => [key, choices[key]]));
    const { result } = await calls.call("people", { headers: headersOf(list), choices: given });
    const out = outBy(questions, choices);
    for (const number of result.out) out.add(list[number].id);
    store.update((state) => ({ items: state.items.some((item) => Boolean(item.out) !== out.has(item.id)) ? state.items.map((item) => (Boolean(item.out) === out.has(item.id) ? item : { ...item, out: out.has(item.id) })) : state.items }));
    await heed(result.people);
  }

  /** @param {Choices} choices */
  function putChoices(choices) {
    store.update(({ people }) => ({ people: { ...people, choices } }));
    void apply().catch((error) => sayError(store, codeOf(error)));
  }

  /** @param {string} key @param {string} choice */
  function answer(key, choice) {
    const { people: { choices: before }, busy } = store.get();
    if (busy || before[key] === choice) return;
    const after = { ...before, [key]: choice };
    store.update(({ history }) => ({ history: record(history, { kind: "choices", before, after }) }));
    putChoices(after);
  }

  store.subscribe(() => void run());
  return { answer, askAgain, putChoices };
}
