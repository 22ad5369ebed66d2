import { fill, h, icon } from "../dom.js";
import { watch } from "../watch.js";
import { words } from "../words/words.js";

/** The list of keys. A real dialog: focus stays in it and comes back. @type {import("../types.js").Mount} */
export function mountKeys(root, { store }) {
  const close = () => store.update(() => ({ keysOpen: false }));
  const dialog = h("dialog", { class: "keys", "aria-label": words.keys.title, "data-testid": "keys-dialog", onclose: close,
    onclick: (/** @type {Event} */ event) => { if (event.target === dialog) dialog.close(); } },
    h("div", { class: "keys-body" },
      h("div", { class: "bar-head" }, h("h2", {}, words.keys.title), h("button", { type: "button", class: "ghost square", "aria-label": words.keys.close, onclick: () => dialog.close() }, icon("close"))),
      h("dl", {}, ...words.keys.list.map(([keys, does]) => h("div", {}, h("dt", {}, h("kbd", {}, keys)), h("dd", {}, does))))));
  fill(root, [dialog]);
  return watch(store, (s) => [s.keysOpen], ({ keysOpen }) => {
    if (keysOpen && !dialog.open) dialog.showModal();
    if (!keysOpen && dialog.open) dialog.close();
  });
}
