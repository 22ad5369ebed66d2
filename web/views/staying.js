import { fill, h, text } from "../dom.js";
import { KINDS, countStays, leftIn, staysOf, unconfirmed } from "../model/boxes.js";
import { canDeidentify, order } from "../model/tree.js";
import { watch } from "../watch.js";
import { words } from "../words/words.js";
import { modal } from "./modal.js";
import { nameOf } from "./pixelrows.js";

/** More rows than anybody reads before an answer. */
const MOST = 200;

/** Before a run: images in which text stays that may not, as the person chose. @type {import("../types.js").Mount} */
export function mountStaying(root, { store, actions }) {
  const say = words.pixels.staying;
  const title = h("b", { class: "asks", "data-testid": "staying-title" });
  const list = h("ul", { class: "unchecked", tabindex: 0, "aria-label": say.list, "data-scrolls": true, "data-testid": "staying-list" });
  const back = h("button", { type: "button", class: "go", autofocus: true, "data-testid": "staying-back", onclick: () => look(list.querySelector("button")?.dataset.key) }, say.back);
  const go = h("button", { type: "button", class: "plain", "data-testid": "staying-go", onclick: () => void actions.deidentifyStaying() }, say.go);
  const cancel = h("button", { type: "button", class: "ghost", "data-testid": "staying-cancel", onclick: () => close() }, words.pixels.asks.cancel);
  const { dialog, show } = modal({ title: say.title, hook: "staying-dialog", close: words.pixels.asks.cancel, onclose: close },
    title, h("p", { class: "lead-in" }, say.lead), list, h("div", { class: "modal-foot" }, cancel, go, back));
  fill(root, [dialog]);

  function close() {
    store.update(({ dialog: open }) => ({ dialog: open === "staying" ? null : open }));
  }

  /** @param {string | undefined} id */
  function look(id) {
    close();
    if (id) actions.select(id);
    store.update(() => ({ view: "pixels" }));
  }

  return watch(store, (s) => [s.dialog, s.items, s.pixels], ({ dialog: open, items, pixels }) => {
    if (open === "staying") {
      const some = unconfirmed(order(items).filter(canDeidentify), pixels).map((item) => ({ item, left: leftIn(pixels.of[item.id], pixels) }));
      text(title, say.count(countStays(some.map(({ left }) => staysOf(left)))));
      fill(list, [...some.slice(0, MOST).map(({ item, left }) => h("li", {},
        h("button", { type: "button", class: "link", title: say.look, "data-key": item.id, onclick: () => look(item.id) }, nameOf(item)),
        h("span", {}, KINDS.filter((kind) => left.some((mark) => mark.kind === kind)).map((kind) => words.pixels.kinds[kind]).join(", ")))),
      some.length > MOST && h("li", { class: "quiet" }, words.pixels.more(some.length - MOST))]);
    }
    show(open === "staying");
  });
}
