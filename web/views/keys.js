import { fill, h } from "../dom.js";
import { watch } from "../watch.js";
import { words } from "../words/words.js";
import { modal } from "./modal.js";

/** The list of keys. @type {import("../types.js").Mount} */
export function mountKeys(root, { store }) {
  const { dialog, show } = modal({ title: words.keys.title, hook: "keys-dialog", close: words.keys.close, kind: "keys", onclose: () => store.update(() => ({ keysOpen: false })) },
    h("dl", {}, ...words.keys.list.map(([keys, does]) => h("div", {}, h("dt", {}, h("kbd", {}, keys)), h("dd", {}, does)))));
  fill(root, [dialog]);
  return watch(store, (s) => [s.keysOpen], ({ keysOpen }) => show(keysOpen));
}
