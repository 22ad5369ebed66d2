import { h, icon } from "../dom.js";

/**
 * A real dialog: focus stays in it and comes back; Escape and a click beside it close it.
 * Its end is told at once: the browser's own "close" comes later, when it may be open again.
 * @param {{title: string, hook: string, close: string, kind?: string, onclose: () => void}} how @param {...(Node | null)} children
 * @returns {{dialog: HTMLDialogElement, show: (open: boolean) => void}}
 */
export function modal({ title, hook, close, kind = "modal", onclose }, ...children) {
  let told = true;
  function tell() {
    if (told) return;
    told = true;
    onclose();
  }
  function shut() {
    dialog.close();
    tell();
  }
  const dialog = h("dialog", { class: kind, "aria-label": title, "data-testid": hook,
    oncancel: (/** @type {Event} */ event) => { if (event.target === dialog) tell(); }, // a file input's bubbles
    onclose: () => { if (!dialog.open) tell(); },
    onmousedown: (/** @type {Event} */ event) => { if (event.target === dialog) shut(); } },
    h("div", { class: `${kind}-body` },
      h("div", { class: "bar-head" }, h("h2", {}, title), h("button", { type: "button", class: "ghost square", "aria-label": close, onclick: shut }, icon("close"))),
      ...children));
  return {
    dialog,
    show(open) {
      if (open && !dialog.open) {
        told = false;
        dialog.showModal();
      }
      if (!open && dialog.open) shut();
    },
  };
}
