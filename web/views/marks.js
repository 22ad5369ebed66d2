import { fill, h, set, text } from "../dom.js";
import { posedSides } from "../model/pose.js";
import { mmDown, rulerFor } from "../model/ruler.js";
import { watch } from "../watch.js";
import { words } from "../words/words.js";
import { observe, staged, stageOf } from "./stage.js";

const SIDES = /** @type {const} */ (["left", "right", "top", "bottom"]);
/** The part of the height that a ruler takes at most. */
const PART = 0.4;

/** Where the sides of the screen point to in the patient, and a ruler in mm down the right side. @type {import("../types.js").Mount} */
export function mountMarks(root, { store }) {
  const letters = SIDES.map((side) => h("span", { class: `side ${side}`, "data-testid": `side-${side}`, title: words.viewer.sides[side] }));
  const length = h("span", {});
  const ticks = h("span", { class: "ticks", "aria-hidden": "true" });
  const ruler = h("div", { class: "ruler", role: "img", "data-testid": "ruler" }, ticks, length);
  fill(root, [...letters, ruler]);

  function draw() {
    const state = store.get();
    const stage = stageOf(state, root);
    root.hidden = !stage || !state.drawing.marks;
    if (!stage) return;
    const sides = stage.info.orientation ? posedSides(stage.info.orientation, stage.pose) : null;
    SIDES.forEach((side, i) => text(letters[i], sides?.[side] ?? ""));
    const { spacing } = stage.info;
    const found = spacing ? rulerFor(mmDown(spacing, stage), root.clientHeight * PART) : null;
    ruler.hidden = !found;
    if (!found || !spacing) return;
    ticks.style.height = `${found.length}px`;
    ticks.style.backgroundSize = `100% ${found.length / found.parts}px`;
    set(ruler, "data-mm", found.mm);
    set(ruler, "data-length", found.length.toFixed(2));
    set(ruler, "aria-label", words.viewer.rulerLabel(found.mm));
    text(length, [words.viewer.ruler(found.mm), words.viewer.spacings[spacing.source]].filter(Boolean).join(" "));
  }
  const leave = [watch(store, staged, draw), observe(root, draw)];
  return () => leave.forEach((stop) => stop());
}
