import { fill, h, set } from "../dom.js";
import { KINDS, NOTHING, goes, marksOn } from "../model/boxes.js";
import { itemOf } from "../model/items.js";
import { frameAt, framesOf, placeOfFrame } from "../model/walk.js";
import { watch } from "../watch.js";
import { words } from "../words/words.js";

/** The frames of a clip side by side: which show text, and how bad it is. @type {import("../types.js").Mount} */
export function mountFilmstrip(root, { store, actions }) {
  const track = h("div", { class: "track", "data-testid": "filmstrip", role: "slider", tabindex: 0, "aria-label": words.pixels.film, onpointerdown: go, onpointermove: (/** @type {PointerEvent} */ event) => { if (event.buttons & 1) go(event); }, onkeydown: key });
  fill(root, [h("span", { class: "quiet" }, words.pixels.film), track]);
  const here = () => itemOf(store.get().items, store.get().selected);

  /** @param {PointerEvent} event */
  function go(event) {
    const { left, width } = track.getBoundingClientRect();
    const count = framesOf(here());
    const place = Math.min(count - 1, Math.max(0, Math.floor(((event.clientX - left) / width) * count)));
    actions.showFrame(frameAt(here(), place));
  }

  /** @param {KeyboardEvent} event */
  function key(event) {
    const delta = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (!delta) return;
    event.preventDefault();
    event.stopPropagation();
    const place = placeOfFrame(here(), store.get().frameIndex) + delta;
    if (place >= 0 && place < framesOf(here())) actions.showFrame(frameAt(here(), place));
  }

  return watch(store, (s) => [s.view, s.pixels.of, s.pixels.mode, s.pixels.kinds, s.items, s.selected, s.frameIndex], ({ view, pixels, frameIndex }) => {
    const item = here();
    const count = framesOf(item);
    root.hidden = view !== "pixels" || count < 2 || !item;
    if (root.hidden || !item) return;
    const { marks } = pixels.of[item.id] ?? NOTHING;
    let shown = 0;
    const cells = Array.from({ length: count }, (_, place) => {
      const on = marksOn(marks, frameAt(item, place));
      const worst = KINDS.find((kind) => on.some((mark) => mark.source === "read" && mark.kind === kind)) ?? (on.length ? "drawn" : null);
      shown += on.length ? 1 : 0;
      return h("span", { "data-kind": worst, "data-goes": on.length && on.every((mark) => goes(mark, pixels)) });
    });
    const place = placeOfFrame(item, frameIndex);
    set(cells[place], "data-now", true);
    fill(track, cells);
    for (const [name, value] of Object.entries({ "aria-valuemin": 1, "aria-valuemax": count, "aria-valuenow": place + 1, "aria-valuetext": words.pixels.filmAt(place + 1, count, shown) })) set(track, name, value);
  });
}
