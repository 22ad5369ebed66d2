import { fill, h, text } from "../dom.js";
import { SHORTEST } from "../secrets.js";
import { watch } from "../watch.js";
import { words } from "../words/words.js";
import { modal } from "./modal.js";

/** A passphrase, twice, for the re-identification table. @type {import("../types.js").Mount} */
export function mountLinks(root, { store, actions }) {
  const [first, again] = ["first", "again"].map((which) => h("input", { type: "password", class: "text", autocomplete: "off", "data-testid": `links-${which}` }));
  const trouble = h("p", { class: "trouble", role: "alert", "data-testid": "links-error" });
  const bar = h("progress", { max: 1, "aria-label": words.identity.working });
  const save = h("button", { type: "submit", class: "go", "data-testid": "links-save" }, words.links.save);
  const form = h("form", { onsubmit: submit },
    h("p", { class: "lead-in" }, words.links.lead, h("code", {}, words.links.command)),
    h("div", { class: "passphrases" }, h("label", {}, words.identity.first, first), h("label", {}, words.identity.again, again)),
    h("p", { class: "quiet" }, words.links.warning),
    trouble, h("div", { class: "modal-foot" }, bar, save));
  const { dialog, show } = modal({ title: words.links.title, hook: "links-dialog", close: words.identity.close, onclose: closed }, form);
  fill(root, [dialog]);

  function closed() {
    first.value = again.value = "";
    text(trouble, "");
    store.update(({ dialog: now }) => ({ dialog: now === "links" ? null : now }));
  }

  /** @param {Event} event */
  function submit(event) {
    event.preventDefault();
    if (save.disabled) return;
    const short = [...first.value].length < SHORTEST;
    text(trouble, short ? words.message.error("passphrase-short") : first.value !== again.value ? words.identity.differ : "");
    if (!trouble.textContent) void actions.downloadLinks(first.value);
  }
  return watch(store, (s) => [s.dialog === "links", s.stretching], ({ dialog: open, stretching }) => {
    show(open === "links");
    bar.hidden = stretching === null;
    bar.value = stretching ?? 0;
    save.disabled = stretching !== null;
  });
}
