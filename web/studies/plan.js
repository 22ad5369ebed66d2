/**
 * What becomes of the instances of the list: a name for each output, as the core makes them for the command line too.
 * @typedef {import("../types.js").Item} Item
 * @typedef {{item: Item, number: number, name: string, device: number, uid: string}} Job `number`: of the input, `numbersOf`
 * @typedef {{jobs: Job[], headers: Map<number, import("../types.js").Header>, names: [number, string][], refused: Map<number, import("../types.js").Trouble>}} Plan
 */
import { told } from "../model/headers.js";
import { wired } from "../model/profile.js";
import { numbersOf } from "../model/numbers.js";
import { canDeidentify } from "../model/tree.js";
import { digestOf } from "./digest.js";

export { numbersOf };

/**
 * @param {import("../types.js").Calls} calls @param {import("../types.js").State} state @param {"tree" | "media"} layout
 * @returns {Promise<Plan>} in the order of the outputs
 */
export async function planOf(calls, state, layout) {
  const { items, identity } = state;
  const numbers = numbersOf(state);
  const numbered = items.filter(canDeidentify).map((item) => ({ item, number: /** @type {number} */ (numbers.get(item.id)) })).sort((a, b) => a.number - b.number);
  const byNumber = new Map(numbered.map(({ item, number }) => [number, item]));
  const itemOf = (/** @type {number} */ number) => /** @type {Item} */ (byNumber.get(number));
  /** @type {Plan["headers"]} */
  const headers = new Map();
  /** @type {Job[]} the person's own table names no pseudonym for these: the core will say so */
  const nameless = [];
  for (const { item, number } of numbered) {
    // A header is made with the identity: one of before is read again.
    const isNew = item.planned?.identity === identity.version;
    const params = { instance: item.id, profile: wired(state), brief: true };
    const header = isNew ? item.inspection?.header : (await calls.call("inspect", params, { file: item.file, batch: true })).result.header;
    if (header) headers.set(number, header);
    else nameless.push({ item, number, name: "", device: 0, uid: "" });
  }
  const { groups } = (await calls.call("batch_twice", { headers: told(headers) })).result;
  /** @type {Record<number, string>} */
  const sums = {};
  for (const number of groups.flat()) sums[number] = (await digestOf(calls, itemOf(number).file)).sha256;
  const { names, refused, devices } = (await calls.call("batch_plan", { headers: told(headers), sums, layout })).result;
  const jobs = names.map((/** @type {[number, string]} */ [number, name]) => ({ item: itemOf(number), number, name, device: devices[number], uid: headers.get(number)?.[2] ?? "" }));
  const troubles = Object.entries(refused).map(([number, { code, message }]) => /** @type {[number, import("../types.js").Trouble]} */ ([Number(number), { code, params: {}, sentence: message }]));
  return { jobs: [...jobs, ...nameless], headers, names, refused: new Map(troubles) };
}
