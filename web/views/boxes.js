import { fill, h, set, text } from "../dom.js";
import { NOTHING, fitted, goes, marksOn, shifted } from "../model/boxes.js";
import { labelAt, sideOf } from "../model/labels.js";
import { pixelAt, screenBox } from "../model/pose.js";
import { watch } from "../watch.js";
import { words } from "../words/words.js";
import { observe, staged, stageOf } from "./stage.js";

/** A drag shorter than this (CSS pixels) is a click. */
const LEAST = 4;
/** Boxes smaller than this on the screen have no room for corners. */
const ROOM = 26;
/** What a name takes (CSS pixels): its line, a letter, and the room around them. */
const LINE = 18;
const LETTER = 6.8;
const AROUND = 12;
const CORNERS = ["tl", "tr", "bl", "br"];
/** With more boxes than this, names cover some whatever side they stand at. */
const CROWD = 300;

/**
 * The boxes of the frame on the screen: each a button that stands over the picture however it lies.
 * @typedef {import("../types.js").Mark} Mark
 * @type {import("../types.js").Mount}
 */
export function mountBoxes(root, { store, actions }) {
  const view = /** @type {HTMLElement} */ (root.parentElement);
  /** @type {Map<string, HTMLElement>} */
  const drawn = new Map();
  /** What each of them shows: a key changes one of them, not all. @type {WeakMap<HTMLElement, string>} */
  const said = new WeakMap();
  set(root, "role", "group");
  set(root, "aria-label", words.pixels.boxes);
  set(root, "data-testid", "boxes");

  function draw() {
    const state = store.get();
    const { shown, pixels, view: at } = state;
    const stage = at === "pixels" ? stageOf(state, view) : null;
    const { clientWidth: width, clientHeight: height } = view; // before anything is written, which would lay all of it out anew
    root.hidden = !stage;
    set(root, "data-after", pixels.after);
    set(root, "data-fixed", state.busy?.kind === "deidentify");
    const marks = stage && shown ? marksOn((pixels.of[shown.id] ?? NOTHING).marks, shown.frameIndex) : [];
    const there = new Set(marks.map(({ id }) => id));
    for (const [id, element] of drawn) if (!there.has(id)) { element.remove(); drawn.delete(id); }
    if (stage) label(marks, marks.map((mark) => place(mark, stage, pixels)), { x: -width / 2, y: -height / 2, width, height });
  }

  /**
   * The names stand where they cover no other box: those that are always shown first.
   * @param {readonly Mark[]} marks @param {readonly import("../model/labels.js").Place[]} places
   * @param {import("../model/labels.js").Place} room
   */
  function label(marks, places, room) {
    const taken = [...places];
    marks.forEach(({ id }, i) => {
      const name = /** @type {HTMLElement} */ (drawn.get(id)?.firstElementChild);
      const size = { width: AROUND + LETTER * (name.textContent ?? "").length, height: LINE };
      const side = sideOf(places[i], size, marks.length > CROWD ? [] : taken, room);
      set(name, "data-side", side);
      if (marks[i].kind === "identifies" && marks.length <= CROWD) taken.push(labelAt(places[i], size, side));
    });
  }

  /** @param {Mark} mark @param {NonNullable<ReturnType<typeof stageOf>>} stage @param {import("../types.js").Pixels} pixels */
  function place(mark, { pose, scale, info, square }, pixels) {
    const known = drawn.get(mark.id);
    const element = known ?? make(mark.id);
    if (!known) {
      root.append(element);
      drawn.set(mark.id, element);
    }
    const at = screenBox(mark, pose, scale, info, square);
    const { x, y, width, height } = at;
    const [out, chosen] = [goes(mark, pixels), pixels.chosen === mark.id];
    const now = JSON.stringify([at, out, chosen, mark.text, mark.kind]);
    if (said.get(element) === now) return at;
    said.set(element, now);
    Object.assign(element.style, { left: `calc(50% + ${x}px)`, top: `calc(50% + ${y}px)`, width: `${width}px`, height: `${height}px` });
    if (chosen && element.childElementCount === 1) element.append(...CORNERS.map((corner) => h("i", { class: `grip ${corner}`, "data-grip": corner })));
    for (const [name, value] of Object.entries({ "data-kind": mark.source === "read" ? mark.kind : "drawn", "data-goes": out, "data-chosen": chosen, "data-small": Math.min(width, height) < ROOM })) set(element, name, value);
    set(element, "aria-label", words.pixels.box(mark, out));
    set(element, "aria-pressed", String(chosen));
    text(/** @type {HTMLElement} */ (element.firstElementChild), `${mark.source === "read" ? words.pixels.kinds[mark.kind] : mark.source === "rule" ? words.pixels.byRule : words.pixels.drawn}${out ? "" : ` · ${words.pixels.stays}`}`);
    return at;
  }

  /** @param {string} id */
  function make(id) {
    return h("button", { type: "button", class: "box", "data-mark": id, onpointerdown: (/** @type {PointerEvent} */ event) => hold(id, event), onclick: () => actions.choose(id), onfocus: () => actions.choose(id) },
      h("span", { class: "label", "aria-hidden": "true" }));
  }

  /** Moves a box, or by a corner its two sides there. @param {string} id @param {PointerEvent} event */
  function hold(id, event) {
    if (event.button !== 0 || event.shiftKey || root.hasAttribute("data-fixed")) return;
    event.stopPropagation();
    const element = /** @type {HTMLElement} */ (event.currentTarget);
    const stage = stageOf(store.get(), view);
    const { shown, pixels } = store.get();
    const before = pixels.of[shown?.id ?? ""];
    const mark = before?.marks.find((one) => one.id === id);
    if (!stage || !mark) return;
    actions.choose(id);
    element.focus();
    element.setPointerCapture(event.pointerId);
    const { columns, rows } = stage.info;
    const from = at(event, view, stage);
    const byCorner = event.target instanceof Element && event.target.hasAttribute("data-grip");
    const across = from.column - mark.left < mark.right - from.column ? "left" : "right";
    const down = from.row - mark.top < mark.bottom - from.row ? "top" : "bottom";
    const move = (/** @type {PointerEvent} */ next) => {
      const to = at(next, view, stage);
      const [dx, dy] = [to.column - from.column, to.row - from.row];
      const box = byCorner ? fitted({ ...mark, [across]: mark[across] + dx, [down]: mark[down] + dy }, columns, rows) : shifted(mark, dx, dy, columns, rows);
      actions.changeMark(id, box, { record: false });
    };
    const end = () => {
      element.removeEventListener("pointermove", move);
      actions.recordMarks(before);
    };
    element.addEventListener("pointermove", move);
    element.addEventListener("lostpointercapture", end, { once: true });
  }

  const leave = [
    watch(store, (s) => [s.view, s.pixels, s.shown, s.busy?.kind, ...staged(s)], draw),
    watch(store, (s) => [s.view, s.pixels.chosen, s.pixels.of], ({ pixels }) => {
      // The keyboard goes where the choice goes, if it was among the boxes.
      if (pixels.chosen && root.contains(document.activeElement)) drawn.get(pixels.chosen)?.focus();
    }),
    observe(view, draw),
  ];
  return () => {
    leave.forEach((stop) => stop());
    fill(root, []);
  };
}

/** @param {MouseEvent} event @param {HTMLElement} view @param {NonNullable<ReturnType<typeof stageOf>>} stage */
function at({ clientX, clientY }, view, { pose, scale, info, square }) {
  const { left, top, width, height } = view.getBoundingClientRect();
  return pixelAt({ x: clientX - left - width / 2, y: clientY - top - height / 2 }, pose, scale, info, square);
}

/**
 * A drag on the picture that draws a box.
 * @param {import("../types.js").Context} context @param {HTMLElement} view @param {import("./pointer.js").At} from
 * @returns {import("./pointer.js").Drag | null}
 */
export function drawing({ store, actions }, view, from) {
  const stage = stageOf(store.get(), view);
  const { shown, pixels } = store.get();
  if (!stage || !shown) return null;
  const { pose, scale, info, square } = stage;
  const before = pixels.of[shown.id] ?? NOTHING;
  const start = pixelAt(from, pose, scale, info, square);
  /** @type {string | null} */
  let id = null;
  return {
    move(dx, dy) {
      if (!id && Math.hypot(dx, dy) < LEAST) return;
      const to = pixelAt({ x: from.x + dx, y: from.y + dy }, pose, scale, info, square);
      const box = fitted({ left: Math.min(start.column, to.column), top: Math.min(start.row, to.row), right: Math.max(start.column, to.column) + 1, bottom: Math.max(start.row, to.row) + 1 }, info.columns, info.rows);
      if (id) actions.changeMark(id, box, { record: false });
      else id = actions.addMark(box, { record: false });
    },
    end() {
      if (id) actions.recordMarks(before);
      else actions.choose(null);
    },
  };
}
