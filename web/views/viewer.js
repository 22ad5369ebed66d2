import { fill, h, icon, set, text } from "../dom.js";
import { drag, hasNumbers } from "../model/window.js";
import { framesOf, seriesAround } from "../model/walk.js";
import { paint } from "../picture/paint.js";
import { fit } from "../picture/probe.js";
import { watch } from "../watch.js";
import { words } from "../words/words.js";
import { headerCorners } from "./corners.js";
import { followPointer } from "./pointer.js";
import { situation } from "./situation.js";

/** The picture, what stands in its corners, and what stands in its place when there is none. @type {import("../types.js").Mount} */
export function mountViewer(root, { store, actions }) {
  const canvas = h("canvas", { class: "picture", width: 1, height: 1, role: "img", "data-testid": "viewer-canvas" });
  const [who, where, look, made] = ["tl", "tr", "bl", "br"].map((corner) => h("p", { class: `corner ${corner}`, "data-testid": `corner-${corner}` }));
  const under = h("p", { class: "corner under" });
  under.setAttribute("data-testid", "read-out");
  const notice = h("div", { class: "notice" });
  fill(root, [canvas, who, where, look, made, under, notice]);
  set(root, "tabindex", 0);
  set(root, "role", "group");
  set(root, "aria-label", words.app.picture);

  /** @param {import("../types.js").State} state */
  function drawPicture({ shown }) {
    canvas.hidden = !shown?.frame;
    if (shown?.frame) paint(canvas, shown.frame, shown.table);
    set(canvas, "data-shown", shown?.frame ? `${shown.id}/${shown.frameIndex}` : null);
    resize();
  }

  function resize() {
    const frame = store.get().shown?.frame;
    if (!frame) return;
    const size = fit(frame.info, { width: root.clientWidth, height: root.clientHeight });
    canvas.style.width = `${size.width}px`;
    canvas.style.height = `${size.height}px`;
  }

  /** @param {import("../types.js").State} state */
  function drawCorners({ shown, items, tags, corners, profile, identity }) {
    const item = items.find((one) => one.id === shown?.id);
    const { inspection } = item ?? {};
    if (!shown?.frame || !item || !inspection) return [who, where, look, made, under].forEach((corner) => text(corner, ""));
    const series = seriesAround(items, item.id);
    const position = [
      words.picture.image(series.indexOf(item) + 1, series.length),
      framesOf(item) > 1 ? words.picture.frame(shown.frameIndex + 1, framesOf(item)) : "",
    ].filter(Boolean).join("\n");
    const { columns, rows } = shown.frame.info;
    const known = corners !== "off" && tags?.id === shown.id && tags.profile === profile && tags.identity === identity.version;
    const header = known ? headerCorners(tags.rows, corners) : null;
    const plain = corners === "off" ? [inspection.patient.pseudonym, inspection.series.modality].filter(Boolean).join("\n") : "";
    text(who, header ? header.tl : plain);
    text(where, [header?.tr, position].filter(Boolean).join("\n"));
    text(look, [header?.bl, lookText(shown)].filter(Boolean).join("\n"));
    text(made, header?.br ?? "");
    set(root, "data-corners", header ? corners : null);
    set(canvas, "aria-label", words.picture.label(inspection.series.modality, position.replace("\n", ", "), columns, rows));
  }

  /** @param {import("../types.js").State} state */
  function drawNotice(state) {
    const now = situation(state);
    notice.hidden = now === null;
    set(canvas, "data-stale", now?.kind === "loading");
    set(notice, "data-kind", now?.kind);
    if (now) fill(notice, [now.kind === "trouble" ? icon("alert") : null, now.title && h("b", {}, now.title), h("p", {}, now.text), now.note && h("p", { class: "quiet" }, now.note)]);
  }

  const leave = [
    watch(store, (s) => [s.shown], drawPicture),
    watch(store, (s) => [s.shown, s.items, s.tags, s.corners, s.profile, s.identity], drawCorners),
    watch(store, (s) => [s.shown, s.items, s.selected, s.frameIndex, s.boot.ready], drawNotice),
    followPointer(root, canvas, {
      frame: () => store.get().shown?.frame ?? null,
      readOut: (value) => text(under, value),
      step: actions.step,
      startDrag() {
        const { shown } = store.get();
        const auto = shown?.frame?.info.windows.find((window) => hasNumbers(window));
        const from = hasNumbers(shown?.window) ? shown.window : auto;
        if (!shown?.look || !hasNumbers(from)) return null;
        const before = shown.look;
        return {
          move: (dx, dy) => actions.look((now) => ({ ...now, choice: drag(from, dx, dy) }), { record: false }),
          end: () => actions.recordLook(shown.series, before),
        };
      },
    }),
    observe(root, resize),
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

/** @param {Element} element @param {() => void} resized */
function observe(element, resized) {
  const observer = new ResizeObserver(resized);
  observer.observe(element);
  return () => observer.disconnect();
}
