import { fill, h, icon, set, text } from "../dom.js";
import { watch } from "../watch.js";
import { words } from "../words/words.js";

/** One sentence at a time, spoken by screen readers. The region is always there, so that its changes are heard. @type {import("../types.js").Mount} */
export function mountMessage(root, { store, actions }) {
  const mark = h("span", { class: "mark-tone", "aria-hidden": "true" });
  const sentence = h("p", { "data-testid": "message", role: "status", "aria-live": "polite" });
  const dismiss = h("button", { type: "button", class: "ghost square", "aria-label": words.message.dismiss, title: words.message.dismiss, onclick: () => actions.say(null) }, icon("close"));
  const offer = h("button", { type: "button", class: "link", "data-testid": "message-offer", onclick: () => void actions.exportPicture(store.get().message?.offer) });
  const place = h("button", { type: "button", class: "link", "data-testid": "message-place", onclick: () => { const to = store.get().message?.place; if (to) actions.select(to); } }, words.message.place);
  fill(root, [mark, sentence, offer, place, dismiss]);
  return watch(store, (s) => [s.message], ({ message }) => {
    set(root, "data-tone", message?.tone);
    set(root, "data-empty", message === null);
    dismiss.hidden = message === null;
    offer.hidden = !message?.offer;
    place.hidden = !message?.place;
    text(offer, message?.offer ? words.message.offers[message.offer] : "");
    fill(mark, [message && (message.tone === "bad" ? icon("alert") : message.tone === "good" ? icon("check") : null)]);
    text(sentence, message?.text ?? "");
  });
}
