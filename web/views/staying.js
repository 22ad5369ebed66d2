import { fill, h, text } from "../dom.js";
import { KINDS, countStays, leftIn, onFrame, staysOf, unconfirmed } from "../model/boxes.js";
import { order } from "../model/tree.js";
import { watch } from "../watch.js";
import { words } from "../words/words.js";
import { modal } from "./modal.js";
import { nameOf } from "./pixelrows.js";

/** More rows than anybody reads before an answer. */
const MOST = 200;

/** Before anything leaves: images in which text stays that may not, as the person chose. @type {import("../types.js").Mount} */
export function mountStaying(root, { store, actions }) {
  const say = words.pixels.staying;
  const title = h("b", { class: "asks", "data-testid": "staying-title" });
  const list = h("ul", { class: "unchecked", tabindex: 0, "aria-label": say.list, "data-scrolls": true, "data-testid": "staying-list" });
  const back = h("button", { type: "button", class: "go", autofocus: true, "data-testid": "staying-back", onclick: () => look(list.querySelector("button")?.dataset.key) }, say.back);
  const go = h("button", { type: "button", class: "plain", "data-testid": "staying-go", onclick: () => void actions.letStay() });
  const lead = h("p", { class: "lead-in", "data-testid": "staying-lead" });
  const cancel = h("button", { type: "button", class: "ghost", "data-testid": "staying-cancel", onclick: () => close() }, words.pixels.asks.cancel);
  const { dialog, show } = modal({ title: say.title, hook: "staying-dialog", close: words.pixels.asks.cancel, onclose: close },
    title, lead, list, h("div", { class: "modal-foot" }, cancel, go, back));
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

  return watch(store, (s) => [s.dialog, s.leaving, s.items, s.pixels], ({ dialog: open, leaving, items, pixels }) => {
    if (open === "staying" && leaving) {
      const { as, frameIndex } = leaving;
      const ids = new Set(leaving.ids);
      const some = unconfirmed(order(items).filter(({ id }) => ids.has(id)), pixels, frameIndex).map((item) => ({ item, left: leftIn(onFrame(pixels.of[item.id], frameIndex), pixels) }));
      text(lead, say.leads[as]);
      text(go, say.goes[as]);
      text(title, say.count(countStays(some.map(({ left }) => staysOf(left)))));
      fill(list, [...some.slice(0, MOST).map(({ item, left }) => h("li", {},
        h("button", { type: "button", class: "link", title: say.look, "data-key": item.id, onclick: () => look(item.id) }, nameOf(item)),
        h("span", {}, KINDS.filter((kind) => left.some((mark) => mark.kind === kind)).map((kind) => words.pixels.kinds[kind]).join(", ")))),
      some.length > MOST && h("li", { class: "quiet" }, words.pixels.more(some.length - MOST))]);
    }
    show(open === "staying");
  });
}
