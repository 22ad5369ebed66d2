import { fill, h, icon, set, text } from "../dom.js";
import { watch } from "../watch.js";
import { words } from "../words/words.js";

const NEXT_THEME = /** @type {const} */ ({ system: "dark", dark: "light", light: "system" });

/** Name, what is true about the network, sample, theme, keys. @type {import("../types.js").Mount} */
export function mountHeader(root, { store, actions }) {
  const pill = h("p", { class: "pill", role: "status", "data-testid": "network-status" });
  const sample = h("button", { type: "button", class: "ghost", "data-testid": "sample-again", onclick: actions.addSample }, words.drop.sample);
  const theme = h("button", { type: "button", class: "ghost square", "data-testid": "theme", onclick: turnTheme }, icon("contrast"));
  const keys = h("button", { type: "button", class: "ghost square", "data-testid": "keys", "aria-label": words.keys.title, title: `${words.keys.title} (?)`,
    onclick: () => store.update(() => ({ keysOpen: true })) }, "?");
  fill(root, [h("h1", { class: "logo" }, h("span", { class: "mark", "aria-hidden": "true" }), words.app.name), pill, h("span", { class: "space" }), sample, theme, keys]);

  function turnTheme() {
    store.update((state) => ({ theme: NEXT_THEME[state.theme] }));
  }
  const leave = [
    watch(store, (s) => [s.network], ({ network }) => {
      set(pill, "data-network", network);
      fill(pill, [network === "open" ? icon("alert") : h("span", { class: "dot", "aria-hidden": "true" }), words.network[network]]);
    }),
    watch(store, (s) => [s.theme], (state) => {
      set(document.documentElement, "data-theme", state.theme === "system" ? null : state.theme);
      set(theme, "aria-label", words.app.theme[state.theme]);
      set(theme, "title", words.app.theme[state.theme]);
    }),
    watch(store, (s) => [s.busy, s.items.length === 0, s.network], ({ busy, items, network }) => {
      sample.hidden = items.length === 0;
      sample.disabled = Boolean(busy) || network === "open";
      text(sample, busy?.kind === "sample" ? words.drop.sampling : words.drop.sample);
    }),
  ];
  return () => leave.forEach((stop) => stop());
}
