import assert from "node:assert/strict";
import { register } from "node:module";
import { test } from "node:test";
import { createStore, initialState } from "../../web/store.js";
import { words } from "../../web/words/words.js";

// Only the page knows where its packages are, none of which is called here.
const names = ["chacha20poly1305", "scryptAsync", "sha256", "Decrypter", "Encrypter", "Stanza", "downloadZip"];
const nowhere = `export const resolve = (name, from, next) => /^(@noble|age-encryption|client-zip)/.test(name)
  ? { url: "data:text/javascript,export const ${names.map((name) => `${name} = null`).join(", ")}", shortCircuit: true } : next(name, from);`;
register(`data:text/javascript,${encodeURIComponent(nowhere)}`);
const { peopleActions } = await import("../../web/actions/people.js");

const item = (/** @type {string} */ id) => /** @type {any} */ ({ id, state: "ready", file: { name: id }, inspection: { header: [["P"], id, `2.25.${id}`, 1] }, planned: { identity: 0 } });

/** A store with two files, and a core whose first answer is that it failed. */
function twoFiles() {
  const first = initialState();
  const store = createStore({ ...first, boot: { ...first.boot, ready: true }, identity: { ...first.identity, version: 0 } });
  let failures = 1;
  /** @type {string[]} */
  const asked = [];
  const answers = { questions: { questions: [] }, batch_twice: { groups: [] }, repeated: { repeats: [], differing: [] }, people: { people: [], out: [] } };
  const call = async (/** @type {keyof typeof answers} */ method) => {
    asked.push(method);
    if (failures-- > 0) throw Object.assign(new Error("x"), { code: "worker-died" });
    return { result: answers[method] };
  };
  const actions = peopleActions(store, /** @type {any} */ ({ call }), async () => {});
  store.update(() => ({ items: [item("a"), item("b")] }));
  return { store, actions, asked };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

test("a question that could not be asked is not answered: nothing begins until it was asked again", async () => {
  const { store, actions, asked } = twoFiles();
  await settled();
  const { people, message } = store.get();
  assert.deepEqual([people.checked, people.failed], [false, true]);
  assert.equal(message?.text, words.message.error("worker-died"));
  const before = asked.length;
  store.update(() => ({ message: null }));
  await settled();
  assert.equal(asked.length, before, "it is not asked over and over");
  await actions.askAgain();
  assert.deepEqual([store.get().people.checked, Boolean(store.get().people.failed)], [true, false]);
  assert.ok(asked.includes("people"));
});

test("other files are asked about by themselves", async () => {
  const { store } = twoFiles();
  await settled();
  store.update(({ items }) => ({ items: [...items, item("c")] }));
  await settled();
  assert.deepEqual([store.get().people.checked, Boolean(store.get().people.failed)], [true, false]);
});
