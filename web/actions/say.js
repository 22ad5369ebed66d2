import { tallyOf, withItem } from "../model/items.js";
import { order } from "../model/tree.js";
import { numbersOf } from "../studies/plan.js";
import { words } from "../words/words.js";

/**
 * @typedef {import("../types.js").Store} Store
 * @typedef {import("../types.js").Trouble} Trouble
 */

/** @param {Store} store @param {import("../types.js").Message | null} message */
export function say(store, message) {
  store.update(() => ({ message }));
}

/**
 * Good news, and news of one picture, leave when the person goes on; other bad news stays until dismissed or replaced.
 * @param {import("../types.js").Message | null} message
 */
export function stillTrue(message) {
  return message?.tone === "good" || message?.about ? null : message;
}

/** @param {Store} store @param {string} code @param {string} [sentence] the core's own, where it knows more */
export function sayError(store, code, sentence) {
  say(store, { tone: "bad", text: words.message.error(code, sentence) });
}

/**
 * Sets one instance aside with its reason. The message names the reason when there is one, counts when there are more.
 * @param {Store} store @param {string} id @param {Trouble} trouble
 */
export function quarantine(store, id, trouble) {
  store.update(({ items }) => ({ items: withItem(items, id, { state: "quarantined", trouble }) }));
  const { items } = store.get();
  const { aside } = tallyOf(items);
  if (items.length === 1) return sayError(store, trouble.code, words.trouble(trouble));
  if (aside === 1) say(store, { tone: "bad", text: words.message.oneAside(numbersOf(store.get()).get(id) ?? 0, words.trouble(trouble)), place: id });
  else if (aside > 1) say(store, { tone: "bad", text: words.message.aside(aside, items.length), place: order(items).find(({ state }) => state === "quarantined")?.id });
}

/** What a file must be set aside for when its picture is looked at; anything else concerns the picture only. */
const FATAL = new Set(["worker-died", "file-gone", "truncated", "damaged", "internal"]);

/** @param {Store} store @param {string} id @param {Trouble} trouble of showing its picture */
export function pictureTrouble(store, id, trouble) {
  if (FATAL.has(trouble.code)) return quarantine(store, id, trouble);
  store.update(({ items }) => ({ items: withItem(items, id, { pictureTrouble: trouble }) }));
  say(store, { tone: "bad", text: words.trouble(trouble), about: id });
}
