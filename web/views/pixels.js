import { fill, h, icon, set, text } from "../dom.js";
import { KINDS, NOTHING, goes, hasPicture, isFilm, isOfFace, isRisky, leftIn, marksOn, needsEyes, nextToSee, queueOf, reached, staysOf, unsearched, worstOf } from "../model/boxes.js";
import { secondsLeft } from "../model/progress.js";
import { order } from "../model/tree.js";
import { framesOf } from "../model/walk.js";
import { watch } from "../watch.js";
import { words } from "../words/words.js";
import { isFaceAtRisk, markCard, namesOf, queueRow } from "./pixelrows.js";
import { mountPixelRules } from "./pixelrules.js";

/** Images of the queue that are listed; the others come up as these are seen. */
const LISTED = 60;
/** Cards of boxes that are listed: those around the one in hand, else the worst. */
const CARDS = 60;
const MODES = /** @type {const} */ (["default", "strict", "own"]);

/** "Check the pixels": what was found, worst first, and what becomes of it. @type {import("../types.js").Mount} */
export function mountPixels(root, context) {
  const { store, actions } = context;
  const close = h("button", { type: "button", class: "ghost square", "data-testid": "pixels-close", "aria-label": words.pixels.close, title: `${words.pixels.close} (x)`, onclick: () => store.update(() => ({ view: "picture" })) }, icon("close"));
  const lite = h("p", { class: "card", "data-testid": "pixels-lite" }, words.pixels.lite);
  const status = h("span", { role: "status", class: "scan-status", "data-testid": "scan-status" });
  const bar = h("progress", { max: 1, "aria-label": words.foot.progress });
  const stop = h("button", { type: "button", class: "plain", "data-testid": "scan-stop", onclick: actions.cancelScan }, words.pixels.stop);
  const risky = h("button", { type: "button", class: "plain", "data-testid": "scan-risky", onclick: () => void actions.scanPixels("risky") });
  const all = h("button", { type: "button", class: "link", "data-testid": "scan-all", onclick: () => void actions.scanPixels("all") });
  const modes = h("fieldset", { class: "modes" }, h("legend", {}, words.pixels.modes.label), h("div", { class: "line" }, ...MODES.map(mode)));
  const says = h("p", { class: "says" });
  const toModes = h("button", { type: "button", class: "link", title: words.pixels.modes.label, "data-testid": "pixel-mode-now", onclick: () => {
    modes.scrollIntoView({ block: "center" });
    /** @type {HTMLElement | null} */ (modes.querySelector("input:checked"))?.focus();
  } });
  modes.append(says);
  const kinds = h("fieldset", { class: "kinds" }, h("legend", { class: "unseen" }, words.pixels.ownKinds), ...KINDS.map(kind));
  const left = h("p", { class: "left-to-see", role: "status", "data-testid": "pixels-left" });
  const queue = h("ol", { class: "queue", "aria-label": words.pixels.queue, "data-testid": "pixel-queue", tabindex: 0, "data-scrolls": true });
  const accept = h("button", { type: "button", class: "go", "data-testid": "pixels-accept", onclick: actions.acceptPixels });
  const before = step(words.pixels.previous, -1, "p", "undo");
  const next = step(words.pixels.next, 1, "n", "redo");
  const here = h("div", { class: "marks-here" });
  const draw = h("p", { class: "quiet" }, words.pixels.drawNote);
  const rules = h("div", { class: "rules" });
  const after = h("button", { type: "button", class: "plain", "data-testid": "pixels-after", title: words.pixels.afterNote, onclick: () => store.update(({ pixels }) => ({ pixels: { ...pixels, after: !pixels.after } })) });
  fill(root, [
    h("div", { class: "bar-head" }, h("h2", {}, words.pixels.title), after, close), lite,
    h("div", { class: "scan" }, h("p", { class: "said" }, status, " ", all), bar, h("div", { class: "buttons" }, stop, risky)),
    h("div", { class: "see" }, left, queue, h("div", { class: "queue-steps" }, before, accept, next)),
    h("div", { class: "boxes-head" }, h("h3", {}, words.pixels.boxes), toModes), here, draw,
    modes, kinds,
    h("p", { class: "honest", "data-testid": "pixels-honest" }, words.pixels.honest), rules,
  ]);

  /** @param {typeof MODES[number]} name */
  function mode(name) {
    return h("label", {}, h("input", { type: "radio", class: "unseen", name: "pixel-mode", value: name, "data-testid": `pixel-mode-${name}`, onchange: () => actions.pixelMode({ mode: name }) }), words.pixels.modes[name][0]);
  }

  /** @param {import("../types.js").Kind} name */
  function kind(name) {
    const input = h("input", { type: "checkbox", "data-testid": `pixel-kind-${name}`, value: name, onchange: () => {
      const { kinds: now } = store.get().pixels;
      actions.pixelMode({ kinds: input.checked ? [...now, name] : now.filter((one) => one !== name) });
    } });
    return h("label", { class: "check" }, input, h("span", { class: "swatch", "data-kind": name }), words.pixels.kinds[name]);
  }

  /** @param {string} label @param {number} delta @param {string} key @param {"undo" | "redo"} sign */
  function step(label, delta, key, sign) {
    return h("button", { type: "button", class: "plain square", "aria-label": label, title: `${label} (${key})`, "data-testid": `pixels-${sign === "undo" ? "previous" : "next"}`, onclick: () => actions.stepQueue(delta) }, icon("chevron"));
  }

  /** @param {import("../types.js").State} state */
  function drawScan({ pixels, items, boot, busy }) {
    const { work, able, of } = pixels;
    lite.hidden = able !== false;
    const open = items.filter((item) => hasPicture(item) && !isFilm(item) && of[item.id]?.status !== "scanned");
    const atRisk = open.filter(isRisky);
    const others = open.length - atRisk.length;
    const films = items.filter((item) => hasPicture(item) && isFilm(item)).length;
    const seconds = work && secondsLeft(work, Date.now());
    text(status, work ? [words.pixels.scanning(work.done, work.total, work.frames), seconds === null ? "" : words.foot.left(seconds)].filter(Boolean).join(" · ")
      : [others > 0 && words.pixels.unsearched(others), films > 0 && words.pixels.films(films)].filter(Boolean).join(" "));
    bar.hidden = stop.hidden = !work;
    const inside = work?.frames?.total ? work.frames.done / work.frames.total : 0;
    if (work && work.done + inside > 0) bar.value = (work.done + inside) / work.total;
    else bar.removeAttribute("value"); // under way, and no saying how far
    risky.hidden = !able || Boolean(work) || atRisk.length === 0;
    all.hidden = !able || Boolean(work) || others === 0;
    risky.disabled = all.disabled = !boot.ready || isFixed({ busy });
    text(risky, words.pixels.scanRisky(atRisk.length));
    text(all, words.pixels.scanAll(others));
  }

  /** @param {import("../types.js").State} state */
  function drawQueue({ pixels: { of }, items, selected }) {
    const rows = queueOf(items, of);
    const toSee = rows.filter(({ id }) => needsEyes(of[id])).length;
    text(left, words.pixels.left(toSee, rows.filter(({ id }) => of[id].marks.length || of[id].status === "missing").length, unsearched(items, of).length));
    const at = rows.findIndex(({ id }) => id === selected);
    const from = Math.max(0, Math.min(at - LISTED / 2, rows.length - LISTED));
    const listed = rows.slice(from, from + LISTED);
    queue.hidden = rows.length === 0;
    const names = namesOf(order(items));
    fill(queue, [...listed.map((item) => queueRow(item, names.get(item.id) ?? "", of[item.id], item.id === selected, worstOf(of[item.id]), () => { actions.select(item.id); })), rows.length > listed.length && h("li", { class: "quiet" }, words.pixels.more(rows.length - listed.length))]);
    queue.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
    accept.disabled = at < 0 || ["waiting", "scanning"].includes(of[rows[at].id].status);
    text(accept, nextToSee(rows, of, selected) ? words.pixels.accept : words.pixels.acceptLast);
    before.disabled = at <= 0;
    next.disabled = rows.length === 0 || at === rows.length - 1;
  }

  /** @param {import("../types.js").State} state */
  function drawHere({ pixels, items, selected, frameIndex, busy }) {
    const fixed = isFixed({ busy });
    text(draw, fixed ? words.pixels.fixed : words.pixels.drawNote);
    const item = items.find((one) => one.id === selected);
    const sight = pixels.of[selected ?? ""] ?? NOTHING;
    const on = marksOn(sight.marks, frameIndex);
    const stays = staysOf(leftIn(sight, pixels));
    const elsewhere = sight.marks.length - on.length;
    const at = on.findIndex(({ id }) => id === pixels.chosen);
    const from = Math.max(0, Math.min(at - CARDS / 2, on.length - CARDS));
    const listed = on.slice(from, from + CARDS);
    const counts = (/** @type {import("../types.js").Reach} */ reach) => (!item ? 0 : reach === "clip" ? framesOf(item) : reached(items, item, reach).length);
    const focused = here.contains(document.activeElement) ? document.activeElement?.getAttribute("data-testid") : null;
    fill(here, [
      sight.status === "missing" && h("p", { class: "card warning", "data-risk": true, "data-testid": "pixels-missing" }, h("b", {}, icon("alert"), words.pixels.status.missing), words.pixels.missing(sight.trouble ? words.trouble(sight.trouble) : "")),
      sight.status === "none" && item && h("p", { class: "hint" }, words.pixels.notScanned),
      sight.status === "scanned" && sight.marks.length === 0 && h("p", { class: "hint" }, words.pixels.nothingFound),
      stays && h("p", { class: "hint", "data-testid": "pixels-stays" }, words.pixels.leaves[stays]),
      item && isFaceAtRisk(item) && h("p", { class: "hint", "data-testid": "pixels-face" }, ...faceReasons(item)),
      ...listed.map((mark) => markCard(mark, { goes: goes(mark, pixels), chosen: mark.id === pixels.chosen, fixed, counts }, actions)),
      on.length > listed.length && h("p", { class: "hint", "data-testid": "marks-more" }, words.pixels.more(on.length - listed.length)),
      elsewhere > 0 && h("p", { class: "hint" }, words.pixels.elsewhere(elsewhere)),
    ]);
    if (focused) /** @type {HTMLElement | null} */ (here.querySelector(`[data-testid="${focused}"]`))?.focus();
    here.querySelector("[data-chosen]")?.scrollIntoView({ block: "nearest" });
  }

  /** @param {import("../types.js").Item} item */
  const faceReasons = (item) => new Set((item.inspection?.risks ?? []).filter(isOfFace).map(({ code }) => words.plan.risk(code)));

  /** What a run does with the pixels was decided when it began. @param {Pick<import("../types.js").State, "busy">} state */
  const isFixed = ({ busy }) => busy?.kind === "deidentify";
  const isOpen = (/** @type {import("../types.js").State} */ state) => state.view === "pixels";
  const leave = [
    watch(store, (s) => [isOpen(s), s.pixels.able, s.pixels.work, s.pixels.of, s.items, s.boot.ready, isFixed(s)], (state) => { if (isOpen(state)) drawScan(state); }),
    watch(store, (s) => [isOpen(s), s.pixels.of, s.items, s.selected], (state) => { if (isOpen(state)) drawQueue(state); }),
    watch(store, (s) => [isOpen(s), s.pixels, s.items, s.selected, s.frameIndex, isFixed(s)], (state) => { if (isOpen(state)) drawHere(state); }),
    mountPixelRules(rules, context),
    watch(store, (s) => [isFixed(s)], (state) => { modes.disabled = kinds.disabled = isFixed(state); }),
    watch(store, (s) => [s.pixels.mode, s.pixels.kinds, s.pixels.after], ({ pixels }) => {
      for (const input of modes.querySelectorAll("input")) input.checked = input.value === pixels.mode;
      text(says, words.pixels.modes[pixels.mode][1]);
      text(toModes, words.pixels.modes[pixels.mode][0]);
      kinds.hidden = pixels.mode !== "own";
      for (const input of kinds.querySelectorAll("input")) input.checked = pixels.kinds.includes(/** @type {import("../types.js").Kind} */ (input.value));
      set(after, "aria-pressed", String(pixels.after));
      text(after, words.pixels.after);
    }),
    watch(store, (s) => [s.view === "pixels"], ({ view }) => { if (view === "pixels") root.scrollTop = 0; }),
  ];
  return () => leave.forEach((stopIt) => stopIt());
}
