import { fill, h, set, text } from "../dom.js";
import { itemOf } from "../model/items.js";
import { framesOf, placeOfFrame, seriesAround } from "../model/walk.js";
import { hasNumbers } from "../model/window.js";
import { watch } from "../watch.js";
import { words } from "../words/words.js";
import { headerCorners } from "./corners.js";
import { observe, staged, stageOf } from "./stage.js";

/** What stands in the corners: who, where in the series, the window exactly as it was used, the zoom. @type {import("../types.js").Mount} */
export function mountLegend(root, { store }) {
  const view = /** @type {HTMLElement} */ (root.parentElement);
  const [who, where, look, made] = ["tl", "tr", "bl", "br"].map((corner) => h("p", { class: `corner ${corner}`, "data-testid": `corner-${corner}` }));
  fill(root, [who, where, look, made]);

  function draw() {
    const state = store.get();
    const { shown, items, tags, corners, profile, identity } = state;
    const item = itemOf(items, shown?.id);
    const stage = stageOf(state, view);
    const { inspection } = item ?? {};
    if (!shown?.frame || !item || !inspection || !stage) return [who, where, look, made].forEach((corner) => text(corner, ""));
    const series = seriesAround(items, item.id);
    const position = [
      words.picture.image(series.indexOf(item) + 1, series.length),
      framesOf(item) > 1 ? words.viewer.frame(placeOfFrame(item, shown.frameIndex) + 1, framesOf(item), shown.frameIndex + 1) : "",
    ].filter(Boolean).join("\n");
    const known = corners !== "off" && tags?.id === shown.id && tags.profile === profile && tags.identity === identity.version;
    const header = known ? headerCorners(tags.rows, corners) : null;
    const plain = corners === "off" ? [inspection.patient.pseudonym, inspection.series.modality].filter(Boolean).join("\n") : "";
    text(who, header ? header.tl : plain);
    text(where, [header?.tr, position].filter(Boolean).join("\n"));
    text(look, [header?.bl, lookText(shown), words.viewer.zoomed(stage.pose.zoom, stage.unit)].filter(Boolean).join("\n"));
    text(made, header?.br ?? "");
    set(view, "data-corners", header ? corners : null);
    const { columns, rows } = shown.frame.info;
    const canvas = view.querySelector("canvas");
    if (canvas) set(canvas, "aria-label", words.picture.label(inspection.series.modality, position.replace("\n", ", "), columns, rows));
  }
  const leave = [
    watch(store, (s) => [s.shown, s.items, s.tags, s.corners, s.profile, s.identity, ...staged(s)], draw),
    observe(view, draw),
  ];
  return () => leave.forEach((stop) => stop());
}

/** @param {import("../types.js").Shown} shown */
function lookText({ frame, window, look }) {
  if (frame?.info.color) return words.picture.color;
  const source = window?.source === "preset" ? window.explanation : words.window.sources[window?.source ?? ""] ?? "";
  const isTable = typeof window?.voi_lut === "number";
  const numbers = hasNumbers(window) && !isTable ? words.window.numbers(window.center, window.width) : words.window.table;
  return [numbers, [source, look?.invert ? words.picture.inverted : ""].filter(Boolean).join(" · ")].filter(Boolean).join("\n");
}
