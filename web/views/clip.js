import { fill, h, icon, set, text } from "../dom.js";
import { itemOf } from "../model/items.js";
import { RATES, ownRate } from "../model/rate.js";
import { watch } from "../watch.js";
import { words } from "../words/words.js";

/** Below this share of its rate a clip says that it is late. */
const ON_TIME = 0.93;

/** Play and pause, how fast and why so, and the real rate where the screen can't keep up. @type {import("../types.js").Mount} */
export function mountClip(root, { store, actions }) {
  const play = h("button", { type: "button", class: "plain square", "data-testid": "cine", onclick: () => actions.play({ playing: !store.get().cine.playing }) });
  const speed = h("select", { "data-testid": "cine-rate", "aria-label": words.viewer.speed, title: words.viewer.speed,
    onchange: () => actions.play({ rate: speed.value ? Number(speed.value) : null, real: null }) });
  const real = h("small", { class: "warn", "data-testid": "cine-real" });
  fill(root, [play, speed, real]);

  const leave = [
    watch(store, (s) => [s.cine.playing], ({ cine: { playing } }) => {
      const label = playing ? words.viewer.pause : words.viewer.play;
      fill(play, [icon(playing ? "pause" : "play")]);
      set(play, "aria-label", label);
      set(play, "title", `${label} (c)`);
    }),
    watch(store, (s) => [s.selected, s.items, s.cine.rate], ({ selected, items, cine }) => {
      const { rate, source } = ownRate(itemOf(items, selected));
      fill(speed, [h("option", { value: "" }, words.viewer.ownRate(rate, source)), ...RATES.map((one) => h("option", { value: one }, words.viewer.rate(one)))]);
      speed.value = cine.rate ? String(cine.rate) : "";
    }),
    watch(store, (s) => [s.cine], ({ cine, items, selected }) => {
      const rate = cine.rate ?? ownRate(itemOf(items, selected)).rate;
      text(real, cine.playing && cine.real && cine.real < rate * ON_TIME ? words.viewer.late(cine.real, rate) : "");
    }),
  ];
  return () => leave.forEach((stop) => stop());
}
