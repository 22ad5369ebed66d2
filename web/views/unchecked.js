import { fill, h, text } from "../dom.js";
import { isFilm, isOfFace, unchecked } from "../model/boxes.js";
import { canDeidentify, order } from "../model/tree.js";
import { watch } from "../watch.js";
import { words } from "../words/words.js";
import { modal } from "./modal.js";
import { nameOf } from "./pixelrows.js";

/** More rows than anybody reads before an answer. */
const MOST = 200;

/** Before a run: what may carry text and nobody has checked, and what shall become of it. @type {import("../types.js").Mount} */
export function mountUnchecked(root, { store, actions }) {
  const lead = h("p", { class: "lead-in" });
  const list = h("ul", { class: "unchecked", tabindex: 0, "aria-label": words.pixels.asks.list, "data-scrolls": true, "data-testid": "unchecked-list" });
  const check = h("button", { type: "button", class: "go", autofocus: true, "data-testid": "unchecked-check", onclick: () => { close(); actions.checkPixels(); } }, words.pixels.asks.check);
  const without = h("button", { type: "button", class: "plain", "data-testid": "unchecked-without", onclick: () => void actions.deidentifyUnchecked() }, words.pixels.asks.without);
  const cancel = h("button", { type: "button", class: "ghost", "data-testid": "unchecked-cancel", onclick: () => close() }, words.pixels.asks.cancel);
  const title = h("b", { class: "asks", "data-testid": "unchecked-title" });
  const { dialog, show } = modal({ title: words.pixels.asks.title, hook: "unchecked-dialog", close: words.pixels.asks.cancel, onclose: close },
    title, lead, list, h("div", { class: "modal-foot" }, cancel, without, check));
  fill(root, [dialog]);

  function close() {
    store.update(({ dialog: open }) => ({ dialog: open === "unchecked" ? null : open }));
  }

  /** @param {string} id */
  function look(id) {
    close();
    actions.select(id);
    if (store.get().view !== "pixels") store.update(() => ({ view: "picture" }));
  }

  return watch(store, (s) => [s.dialog, s.items, s.pixels.of], (state) => {
    const open = state.dialog === "unchecked";
    const some = open ? unchecked(order(state.items).filter(canDeidentify), state.pixels.of) : [];
    if (open) {
      text(title, words.pixels.asks.count(some.length));
      text(lead, state.pixels.able ? words.pixels.asks.lead : words.pixels.asks.liteLead);
      fill(list, [...some.slice(0, MOST).map((item) => row(item, look)), some.length > MOST && h("li", { class: "quiet" }, words.pixels.more(some.length - MOST))]);
    }
    show(open);
  });
}

/** @param {import("../types.js").Item} item @param {(id: string) => void} look */
function row(item, look) {
  const reasons = new Set((item.inspection?.risks ?? []).filter((risk) => !isOfFace(risk)).map(({ code }) => words.plan.risk(code)));
  if (isFilm(item)) reasons.add(words.message.error("film-unsearched"));
  return h("li", {}, h("button", { type: "button", class: "link", title: words.pixels.asks.look, onclick: () => look(item.id) }, nameOf(item)), h("span", {}, [...reasons].join(" ")));
}
