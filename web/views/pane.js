import { fill, h, icon, set, text } from "../dom.js";
import { transformOf } from "../model/pose.js";
import { paint, paintOverlay } from "../picture/paint.js";
import { watch } from "../watch.js";
import { looking } from "./looking.js";
import { followPointer } from "./pointer.js";
import { observe, stageOf } from "./stage.js";

/**
 * @typedef {{frame?: import("../types.js").LoadedFrame, table?: Uint8Array, overlay?: Uint8Array | null, key?: string, stale: boolean, trouble?: string, quiet?: string}} Pictured
 * One of several pictures side by side, which lie and look alike: what is done to one is done to all.
 * @param {HTMLElement} root @param {import("../types.js").Context} context
 * @param {{name: string, hook: string, of: (state: import("../types.js").State) => Pictured}} how
 */
export function mountPane(root, context, { name, hook, of }) {
  const { store, actions } = context;
  const canvas = h("canvas", { class: "picture", width: 1, height: 1, role: "img", "data-testid": hook });
  const overlay = h("canvas", { class: "picture overlay", "aria-hidden": "true" });
  const notice = h("div", { class: "notice" });
  const caption = h("p", { class: "corner tl" }, name);
  fill(root, [canvas, overlay, caption, notice]);
  set(root, "aria-label", name);
  set(root, "role", "group");

  /** @param {import("../types.js").State} state */
  function staged(state) {
    const { frame } = of(state);
    return stageOf({ ...state, shown: frame && state.shown ? { ...state.shown, frame } : null }, root);
  }

  function lay() {
    const stage = staged(store.get());
    if (!stage) return;
    for (const { style } of [canvas, overlay]) {
      style.width = `${stage.size.width * stage.unit}px`;
      style.height = `${stage.size.height * stage.unit}px`;
      style.transform = transformOf(stage.pose, stage.scale);
    }
    set(root, "data-sharp", !store.get().drawing.smooth);
    set(root, "data-small", stage.unit < 1);
  }

  /** @param {import("../types.js").State} state */
  function draw(state) {
    const { frame, table, overlay: drawn, key, stale, trouble, quiet } = of(state);
    canvas.hidden = !frame;
    if (frame) paint(canvas, frame, table);
    set(canvas, "data-shown", frame ? key : null);
    set(canvas, "data-stale", stale);
    set(canvas, "aria-label", name);
    overlay.hidden = !(frame && drawn);
    if (frame && drawn) paintOverlay(overlay, frame.info, drawn);
    notice.hidden = !trouble && !quiet;
    set(notice, "data-kind", trouble ? "trouble" : "quiet");
    fill(notice, [trouble && icon("alert"), h("p", {}, trouble ?? quiet ?? "")]);
    lay();
  }

  const by = looking(context, () => staged(store.get())?.scale);
  const leave = [
    watch(store, (s) => { const { frame, table, overlay: drawn, stale, trouble, quiet } = of(s); return [frame, table, drawn, stale, trouble, quiet]; }, draw),
    watch(store, (s) => [s.shown && s.looks[s.shown.series]?.pose, s.drawing], lay),
    followPointer(root, { ...by, hover() {}, step: actions.stepFrame }),
    observe(root, lay),
  ];
  return { named: (/** @type {string} */ said) => text(caption, said), stop: () => leave.forEach((one) => one()) };
}
