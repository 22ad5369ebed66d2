import { fill, h, icon, set, text } from "../dom.js";
import { pixelAt, transformOf } from "../model/pose.js";
import { createGl } from "../picture/gl.js";
import { paint, paintOverlay } from "../picture/paint.js";
import { probe } from "../picture/probe.js";
import { createReduction } from "../picture/reduce.js";
import { watch } from "../watch.js";
import { words } from "../words/words.js";
import { mountLegend } from "./legend.js";
import { looking } from "./looking.js";
import { drawing, mountBoxes } from "./boxes.js";
import { mountMarks } from "./marks.js";
import { followPointer } from "./pointer.js";
import { situation } from "./situation.js";
import { observe, staged, stageOf } from "./stage.js";

/** While a window is dragged, pictures of more pixels than this are drawn at the resolution that they have on the screen. */
const LARGE = 1 << 20;
/** The graphics card is asked for once the first picture is there (ms): making its context takes a moment. */
const GL_AFTER = 300;

/** The picture, how it lies, and what stands in its place when there is none. @type {import("../types.js").Mount} */
export function mountViewer(root, { store, actions }) {
  const canvas = h("canvas", { class: "picture", width: 1, height: 1, role: "img", "data-testid": "viewer-canvas" });
  const calm = h("canvas", { class: "picture", "aria-hidden": "true", "data-testid": "reduced-canvas" });
  const overlay = h("canvas", { class: "picture overlay", "aria-hidden": "true", "data-testid": "overlay-canvas" });
  const boxes = h("div", { class: "boxes" });
  const marks = h("div", { class: "marks" });
  const legend = h("div", { class: "legend" });
  const readOut = h("p", { class: "corner under", "data-testid": "read-out" });
  const notice = h("div", { class: "notice" });
  fill(root, [canvas, calm, overlay, boxes, marks, legend, readOut, notice]);
  set(root, "tabindex", 0);
  set(root, "role", "group");
  set(root, "aria-label", words.app.picture);
  set(root, "data-testid", "viewer");
  /** @type {import("../picture/gl.js").Painter | null} */
  let gl = null;
  let glAsked = false;
  let dragging = false;
  let pictures = 0;
  /** @type {import("../types.js").Shown | null} what is on the canvas */
  let drawn = null;
  const reduction = createReduction(canvas, calm);

  /** @param {import("../types.js").State} state */
  function drawPicture({ shown }) {
    canvas.hidden = !shown?.frame;
    if (shown?.frame) set(canvas, "data-painter", paint(canvas, shown.frame, shown.table, { gl, stride: stride(shown.frame.info) }));
    set(canvas, "data-shown", shown?.frame ? `${shown.id}/${shown.frameIndex}` : null);
    overlay.hidden = !(shown?.frame && shown.overlay);
    if (shown?.frame && shown.overlay) paintOverlay(overlay, shown.frame.info, shown.overlay);
    if (shown?.table && !glAsked) setTimeout(() => { gl = createGl(); set(root, "data-card", gl ? "webgl2" : "none"); }, GL_AFTER);
    glAsked ||= Boolean(shown?.table);
    pictures++;
    drawn = shown;
    lay();
  }

  /** @param {import("../types.js").State} state */
  function drawShown(state) {
    if (state.shown !== drawn) drawPicture(state);
  }

  /** The first picture is drawn as soon as it is there, so that the browser's very next one has it. */
  function drawFirst() {
    const state = store.get();
    if (state.shown?.frame && !drawn?.frame) drawShown(state);
  }

  /** @param {import("../types.js").FrameInfo} info */
  function stride({ rows, columns }) {
    if (!dragging || rows * columns <= LARGE) return 1;
    return Math.max(1, Math.floor(columns / (canvas.offsetWidth * devicePixelRatio)));
  }

  function lay() {
    const stage = stageOf(store.get(), root);
    if (!stage) return reduction.follow("", 0, 0);
    const { size, unit, pose, scale } = stage;
    for (const { style } of [canvas, calm, overlay]) {
      style.width = `${size.width * unit}px`;
      style.height = `${size.height * unit}px`;
      style.transform = transformOf(pose, scale);
    }
    const { smooth } = store.get().drawing;
    set(root, "data-sharp", !smooth);
    set(root, "data-small", unit < 1);
    reduction.follow(smooth && !dragging ? String(pictures) : "", size.width * unit, size.height * unit);
  }

  /** @param {import("../types.js").State} state */
  function drawNotice(state) {
    const now = situation(state);
    notice.hidden = now === null;
    set(canvas, "data-stale", now?.kind === "loading");
    set(notice, "data-kind", now?.kind);
    if (now) fill(notice, [now.kind === "trouble" ? icon("alert") : null, now.title && h("b", {}, now.title), h("p", {}, now.text), now.note && h("p", { class: "quiet" }, now.note)]);
  }

  /** @param {{x: number, y: number}} at from the middle of the screen, CSS pixels @returns {string} */
  function valueAt(at) {
    const stage = stageOf(store.get(), root);
    const frame = store.get().shown?.frame;
    if (!stage || !frame) return "";
    const { column, row } = pixelAt(at, stage.pose, stage.scale, stage.info, stage.square);
    if (!(column >= 0 && row >= 0 && column < stage.info.columns && row < stage.info.rows)) return "";
    const { stored, values } = probe(frame, column, row);
    const lines = [words.picture.at(column, row), words.picture.stored(stored), ...values.map(({ value, unit }) => words.picture.modality(value, unit))];
    return lines.filter(Boolean).join("\n");
  }

  const by = looking({ store, actions }, () => stageOf(store.get(), root)?.scale);

  /** @param {import("./pointer.js").At} at */
  function startWindow(at) {
    if (store.get().view === "pixels") return drawing({ store, actions }, root, at);
    const held = by.startWindow();
    if (!held) return null;
    dragging = true;
    return { ...held, end: () => {
      dragging = false;
      held.end();
      drawPicture(store.get());
    } };
  }

  const leave = [
    watch(store, (s) => [s.shown], drawShown),
    store.subscribe(drawFirst),
    watch(store, staged, lay),
    watch(store, (s) => [s.shown, s.items, s.selected, s.frameIndex, s.boot.ready], drawNotice),
    watch(store, (s) => [s.cache], ({ cache }) => { for (const [name, value] of Object.entries(cache)) set(root, `data-cache-${name}`, value); }),
    mountLegend(legend, { store, actions }),
    mountBoxes(boxes, { store, actions }),
    mountMarks(marks, { store, actions }),
    followPointer(root, {
      ...by,
      hover: (at) => text(readOut, at ? valueAt(at) : ""),
      step: actions.step,
      startWindow,
    }),
    observe(root, lay),
    reduction.stop,
  ];
  return () => leave.forEach((stop) => stop());
}
