import { h, icon, set, text } from "../dom.js";
import { zoomed } from "../model/pose.js";
import { DEFAULT_LOOK } from "../model/window.js";
import { watch } from "../watch.js";
import { words } from "../words/words.js";

const WIDTH = 282; // as in style/
const STEP = 1.25;
const SWITCHES = /** @type {const} */ (["overlays", "square", "smooth", "marks"]);

/**
 * A button and what it opens: zoom, and what is drawn and how.
 * @param {import("../types.js").Context} context
 */
export function viewMenu({ store, actions }) {
  const by = (/** @type {number} */ factor) => actions.pose((pose) => zoomed(pose, factor, 1), { record: "soon" });
  const label = h("output", {});
  const fit = h("button", { type: "button", class: "plain", "data-testid": "zoom-fit", onclick: () => actions.pose((pose) => ({ ...pose, zoom: 1, x: 0, y: 0 })) }, words.viewer.fit);
  const boxes = SWITCHES.map((name) => h("input", { type: "checkbox", "data-testid": `draw-${name}`, onchange: (/** @type {Event} */ event) => actions.draw({ [name]: /** @type {HTMLInputElement} */ (event.target).checked }) }));
  const panel = h("div", { class: "menu", popover: "auto", id: "view-menu", "data-testid": "view-menu", role: "group", "aria-label": words.viewer.view },
    h("div", { class: "zoom", role: "group", "aria-label": words.viewer.zoom },
      h("span", {}, words.viewer.zoom), label,
      h("button", { type: "button", class: "plain square", "aria-label": words.viewer.reduce, title: `${words.viewer.reduce} (−)`, "data-testid": "zoom-out", onclick: () => by(1 / STEP) }, icon("less")),
      h("button", { type: "button", class: "plain square", "aria-label": words.viewer.enlarge, title: `${words.viewer.enlarge} (+)`, "data-testid": "zoom-in", onclick: () => by(STEP) }, icon("add")),
      fit),
    ...SWITCHES.map((name, i) => h("label", { class: "check" }, boxes[i], words.viewer[name])),
    h("small", {}, words.viewer.smoothNote));
  const button = h("button", { type: "button", class: "plain square", popovertarget: "view-menu", "data-testid": "view-open", "aria-label": words.viewer.view, title: words.viewer.viewNote }, icon("sliders"));

  /** Below its button, to its left, inside the window. */
  panel.addEventListener("beforetoggle", () => {
    const box = button.getBoundingClientRect();
    panel.style.top = `${box.bottom + 6}px`;
    panel.style.left = `${Math.max(8, box.right - WIDTH)}px`;
  });

  const leave = [
    watch(store, (s) => [s.drawing], ({ drawing }) => SWITCHES.forEach((name, i) => { boxes[i].checked = drawing[name]; })),
    watch(store, (s) => [s.shown?.frame], ({ shown }) => {
      const overlays = boxes[0].parentElement;
      boxes[0].disabled = !shown?.frame?.info.overlays;
      if (overlays) set(overlays, "data-off", boxes[0].disabled);
    }),
    watch(store, (s) => [s.shown && s.looks[s.shown.series]?.pose], ({ shown, looks }) => {
      const { pose } = (shown && looks[shown.series]) ?? DEFAULT_LOOK;
      text(label, `${pose.zoom.toFixed(pose.zoom < 10 ? 2 : 0)}×`);
      fit.disabled = pose.zoom === 1 && pose.x === 0 && pose.y === 0;
    }),
  ];
  return { button, panel, stop: () => leave.forEach((one) => one()) };
}
