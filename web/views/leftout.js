import { fill, h } from "../dom.js";
import { watch } from "../watch.js";
import { words } from "../words/words.js";
import { modal } from "./modal.js";

/** More lines than anybody reads would only make the page slow. */
const MOST = 2000;

/** What came in and is no instance, each with its reason. @type {import("../types.js").Mount} */
export function mountLeftOut(root, { store }) {
  const body = h("tbody", {});
  const table = h("div", { class: "scrolls", tabindex: 0, role: "region", "aria-label": words.leftOut.title, "data-scrolls": true },
    h("table", { class: "list-table" }, h("thead", {}, h("tr", {}, ...Object.values(words.leftOut.columns).map((name) => h("th", { scope: "col" }, name)))), body));
  const clear = h("button", { type: "button", class: "plain", "data-testid": "left-out-clear", onclick: () => store.update(() => ({ leftOut: [], dialog: null })) }, words.leftOut.clear);
  const { dialog, show } = modal({ title: words.leftOut.title, hook: "left-out-dialog", close: words.leftOut.close, onclose: () => store.update(({ dialog: open }) => ({ dialog: open === "leftOut" ? null : open })) },
    h("p", { class: "lead-in" }, words.leftOut.lead), table, h("div", { class: "modal-foot" }, clear));
  fill(root, [dialog]);
  const stop = watch(store, (s) => [s.dialog, s.leftOut], ({ dialog: open, leftOut }) => {
    fill(body, open !== "leftOut" ? [] : leftOut.slice(0, MOST).map((one) => h("tr", {}, h("td", {}, one.name), h("td", {}, reasonOf(one)))));
    show(open === "leftOut");
  });
  return stop;
}

/** @param {import("../types.js").LeftOut} one */
function reasonOf({ trouble, named, missing }) {
  return named === undefined ? words.trouble(trouble) : words.leftOut.directory(named, missing ?? 0);
}
