import { fill, h, icon, set, text } from "../dom.js";
import { itemOf } from "../model/items.js";
import { nodes, visible } from "../model/tags.js";
import { oncePerFrame, watch } from "../watch.js";
import { words } from "../words/words.js";
import { mountTagDetail } from "./tagdetail.js";
import { drawTagRow, TAG_ROW_PX } from "./tagrow.js";

/** Rows that are kept beyond what is seen, so that scrolling doesn't flash. */
const MARGIN = 10;

/**
 * The whole data set, original beside result. A tree grid of which only what is seen is in the page; the row that
 * the Tab key leads to always is.
 * @typedef {import("../model/tags.js").Node} Node
 * @type {import("../types.js").Mount}
 */
export function mountTags(root, context) {
  const { store, actions } = context;
  const search = h("input", { type: "search", class: "text", placeholder: words.tags.search, "aria-label": words.tags.search, "data-testid": "tag-search", oninput: refilter });
  const [privateOnly, touchedOnly] = [toggle("private"), toggle("touched")];
  const count = h("small", { role: "status", "data-testid": "tag-count" });
  const undo = button("undo", words.tags.undo, "Ctrl Z", actions.undo);
  const redo = button("redo", words.tags.redo, "Ctrl Y", actions.redo);
  const back = h("button", { type: "button", class: "ghost square", "data-testid": "tags-close", "aria-label": words.tags.back, title: `${words.tags.back} (t)`, onclick: () => store.update(() => ({ view: "picture" })) }, icon("close"));
  const head = h("div", { role: "row", class: "tag-row tag-head", "aria-rowindex": 1 }, ...Object.values(words.tags.columns).map((name) => h("div", { role: "columnheader" }, name)));
  const body = h("div", { role: "rowgroup", class: "tag-body" });
  const empty = h("p", { class: "hint" });
  const grid = h("div", { role: "treegrid", class: "tag-grid", "aria-label": words.tags.label, "data-testid": "tag-grid", "data-scrolls": true, onkeydown: key, onclick: click, ondblclick: (/** @type {Event} */ event) => fold(nodeOf(event)) }, head, body);
  const detail = h("div", { class: "tag-detail", "data-testid": "tag-detail" });
  fill(root, [
    h("div", { class: "tools tag-tools", role: "search" }, search, h("div", { class: "segment words" }, touchedOnly, privateOnly), count, h("span", { class: "space" }), h("div", { class: "segment" }, undo, redo), back),
    grid, empty, detail,
  ]);

  /** @type {Node[]} */ let all = [];
  /** @type {Node[]} */ let seen = [];
  /** @type {Set<string>} */ const closed = new Set();
  /** @type {Map<string, HTMLElement>} */ const drawn = new Map();
  let current = "";
  const details = mountTagDetail(detail, context, () => ({ all, node: all.find((node) => node.row.path === current) ?? null }));
  const frame = oncePerFrame(draw);
  grid.addEventListener("scroll", frame.ask, { passive: true });
  const observer = new ResizeObserver(frame.ask);
  observer.observe(grid);

  function refilter() {
    seen = visible(all, { query: search.value, privateOnly: isOn(privateOnly), touchedOnly: isOn(touchedOnly), closed });
    if (!seen.some((node) => node.row.path === current)) current = seen[0]?.row.path ?? "";
    const { tags, items, selected } = store.get();
    const trouble = itemOf(items, selected)?.trouble ?? tags?.trouble;
    text(count, all.length ? words.tags.count(seen.length, all.length) : "");
    text(empty, all.length ? words.tags.nothing : trouble ? words.trouble(trouble) : words.tags.waiting);
    empty.hidden = seen.length > 0;
    set(grid, "aria-rowcount", seen.length + 1);
    body.style.height = `${seen.length * TAG_ROW_PX}px`;
    for (const element of drawn.values()) element.remove();
    drawn.clear();
    draw();
    details.draw();
  }

  /** Puts the rows that are seen now into the page, and takes out those that are not. */
  function draw() {
    const from = Math.max(0, Math.floor(grid.scrollTop / TAG_ROW_PX) - MARGIN);
    const to = Math.ceil((grid.scrollTop + grid.clientHeight) / TAG_ROW_PX) + MARGIN;
    const wanted = new Set();
    seen.forEach((node, i) => {
      const { path } = node.row;
      if ((i < from || i >= to) && path !== current) return;
      wanted.add(path);
      const element = drawn.get(path) ?? body.appendChild(h("div", {}));
      drawn.set(path, element);
      drawTagRow(element, node, { index: i, current: path === current, closed: closed.has(path) });
    });
    for (const [path, element] of drawn) if (!wanted.has(path)) { element.remove(); drawn.delete(path); }
  }

  /** @param {number} index @param {boolean} focus */
  function moveTo(index, focus) {
    const node = seen[Math.min(Math.max(index, 0), seen.length - 1)];
    if (!node) return;
    current = node.row.path;
    const top = seen.indexOf(node) * TAG_ROW_PX;
    const room = grid.clientHeight - 2 * TAG_ROW_PX; // below the heading
    if (top < grid.scrollTop) grid.scrollTop = top;
    else if (top > grid.scrollTop + room) grid.scrollTop = top - room;
    draw();
    details.draw();
    if (focus) drawn.get(current)?.focus({ preventScroll: true });
  }

  /** @param {Node | undefined} node */
  function fold(node) {
    if (!node?.children) return;
    if (!closed.delete(node.row.path)) closed.add(node.row.path);
    refilter();
    drawn.get(current)?.focus({ preventScroll: true });
  }

  /** @param {Event} event */
  function nodeOf(event) {
    const path = /** @type {Element} */ (event.target).closest("[data-path]")?.getAttribute("data-path");
    return seen.find((node) => node.row.path === path);
  }

  /** @param {MouseEvent} event */
  function click(event) {
    const node = nodeOf(event);
    if (!node) return;
    moveTo(seen.indexOf(node), true);
    if (/** @type {Element} */ (event.target).closest(".twist")) fold(node);
  }

  /** @param {KeyboardEvent} event */
  function key(event) {
    const at = seen.findIndex((node) => node.row.path === current);
    const node = seen[at];
    if (!node || event.ctrlKey || event.altKey || event.metaKey) return;
    const page = Math.max(1, Math.floor(grid.clientHeight / TAG_ROW_PX) - 2);
    const open = node.children && !closed.has(node.row.path);
    /** @type {Record<string, () => void>} */
    const does = {
      ArrowDown: () => moveTo(at + 1, true), ArrowUp: () => moveTo(at - 1, true),
      PageDown: () => moveTo(at + page, true), PageUp: () => moveTo(at - page, true),
      Home: () => moveTo(0, true), End: () => moveTo(seen.length - 1, true),
      ArrowRight: () => (node.children && !open ? fold(node) : moveTo(at + (open ? 1 : 0), true)),
      ArrowLeft: () => (open ? fold(node) : moveTo(seen.indexOf(all[node.parent] ?? node), true)),
      Enter: details.focus,
    };
    if (!does[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    does[event.key]();
  }

  /** @param {"private" | "touched"} which */
  function toggle(which) {
    const element = h("button", { type: "button", "aria-pressed": "false", "data-testid": `tag-${which}`, onclick: () => {
      set(element, "aria-pressed", String(!isOn(element)));
      refilter();
    } }, words.tags[`${which}Only`]);
    return element;
  }

  const leave = [
    watch(store, (s) => [s.view], ({ view }) => {
      root.hidden = view !== "tags";
      if (view === "tags") search.focus();
    }),
    watch(store, (s) => [s.tags, s.selected, s.view, s.profile, itemOf(s.items, s.selected)?.trouble], ({ tags, selected, view }) => {
      const hadFocus = grid.contains(document.activeElement);
      all = view === "tags" && tags?.id === selected ? nodes(tags.rows) : [];
      set(grid, "aria-busy", tags?.profile !== store.get().profile ? "true" : null);
      refilter();
      if (hadFocus) drawn.get(current)?.focus({ preventScroll: true });
    }),
    watch(store, (s) => [s.items.length === 0], ({ items }) => {
      if (items.length) return;
      search.value = ""; // may hold a patient's name
      closed.clear();
      for (const filter of [privateOnly, touchedOnly]) set(filter, "aria-pressed", "false");
    }),
    watch(store, (s) => [s.history, s.busy], ({ history, busy }) => {
      undo.disabled = history.past.length === 0 || Boolean(busy);
      redo.disabled = history.future.length === 0 || Boolean(busy);
      details.draw();
    }),
    frame.stop, () => observer.disconnect(),
  ];
  return () => leave.forEach((stop) => stop());
}

/** @param {Element} element */
function isOn(element) {
  return element.getAttribute("aria-pressed") === "true";
}

/** @param {"undo" | "redo"} name @param {string} label @param {string} key @param {() => void} onclick */
function button(name, label, key, onclick) {
  return h("button", { type: "button", "data-testid": `tags-${name}`, "aria-label": label, title: `${label} (${key})`, onclick }, icon(name));
}
