import { h, icon } from "../dom.js";

/**
 * A real dialog: focus stays in it and comes back; Escape and a click beside it close it.
 * @param {{title: string, hook: string, close: string, onclose: () => void}} how @param {...(Node | null)} children
 * @returns {{dialog: HTMLDialogElement, show: (open: boolean) => void}}
 */
export function modal({ title, hook, close, onclose }, ...children) {
  const dialog = h("dialog", { class: "modal", "aria-label": title, "data-testid": hook, onclose,
    onmousedown: (/** @type {Event} */ event) => { if (event.target === dialog) dialog.close(); } },
    h("div", { class: "modal-body" },
      h("div", { class: "bar-head" }, h("h2", {}, title), h("button", { type: "button", class: "ghost square", "aria-label": close, onclick: () => dialog.close() }, icon("close"))),
      ...children));
  return {
    dialog,
    show(open) {
      if (open && !dialog.open) dialog.showModal();
      if (!open && dialog.open) dialog.close();
    },
  };
}
