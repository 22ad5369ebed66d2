import { fill, h, set, text } from "../dom.js";
import { itemsOf, rows, visibleRows } from "../model/tree.js";
import { oncePerFrame, watch } from "../watch.js";
import { words } from "../words/words.js";
import { drawRow, rowSignature } from "./row.js";
import { createWindow } from "./window.js";

/** Of hundreds of rows that change at once so many are drawn, and more for so long (ms); the rest in the next frame. */
const AT_ONCE = 24;
const DRAWING_MS = 10;

/**
 * Patient → study → series → instance as one flat tree (aria-level says the depth). One stop for the Tab key;
 * arrows move inside. Of a long list only what is in sight, or nearly, is there as elements (`window.js`); each says
 * its place among its siblings, so that nobody is told of a shorter list.
 * @type {import("../types.js").Mount}
 */
export function mountTree(root, { store, actions }) {
  const summary = h("h2", {});
  const clear = h("button", { type: "button", class: "link", "data-testid": "clear-all", onclick: () => actions.remove(store.get().items.map((item) => item.id)) }, words.tree.clear);
  const list = h("div", { class: "tree", role: "tree", "aria-label": words.tree.label, "data-testid": "instance-list", onclick: click, onkeydown: key });
  fill(root, [h("div", { class: "bar-head" }, summary, clear), list]);

  /** @type {Map<string, {element: HTMLElement, signature: readonly unknown[]}>} */
  const drawn = new Map();
  /** The row that the Tab key leads to. */
  let current = "";
  /** @type {string | null} The selection that the list has already gone to, by itself or after others chose it. */
  let followed = null;

  const visible = () => visibleRows(store.get().items, store.get().collapsed);
  const rest = oncePerFrame(() => draw(store.get()));
  const scroll = createWindow(list, () => draw(store.get()));

  /** @param {import("../types.js").State} state */
  function draw(state) {
    const all = rows(state.items);
    const groups = all.filter((row) => row.kind === "patient").length;
    text(summary, words.tree.summary(groups, state.items.length));
    clear.disabled = state.busy?.kind === "deidentify";
    const shown = visibleRows(state.items, state.collapsed);
    if (!shown.some((row) => row.key === current)) current = shown.find((row) => row.key === state.selected)?.key ?? shown[0]?.key ?? "";
    const part = scroll.part(shown, current, all.length);
    const keys = new Set(part.map((row) => row.key));
    for (const [key, { element }] of drawn) if (!keys.has(key)) { element.remove(); drawn.delete(key); }
    /** @type {Element | null} */
    let at = scroll.first();
    const start = performance.now();
    let count = 0;
    for (const row of part) {
      const before = drawn.get(row.key);
      const late = count >= AT_ONCE && performance.now() - start > DRAWING_MS && row.key !== current && row.key !== state.selected;
      if (late) rest.ask();
      const element = late ? before?.element : drawOne(row, state);
      if (!element) continue;
      if (drawn.get(row.key) !== before) count += 1;
      if (element === at) at = at.nextElementSibling;
      else list.insertBefore(element, at);
    }
    scroll.measure(drawn);
  }

  /** @param {import("../model/tree.js").Row} row @param {import("../types.js").State} state */
  function drawOne(row, state) {
    const known = drawn.get(row.key);
    const element = known?.element ?? h("div", { role: "treeitem", "data-key": row.key, "aria-level": row.level });
    const signature = [...rowSignature(row, state), row.key === current, row.nth, row.siblings];
    if (known && signature.every((value, i) => value === known.signature[i])) return element;
    drawn.set(row.key, { element, signature });
    drawRow(element, row, state);
    set(element, "aria-posinset", row.nth);
    set(element, "aria-setsize", row.siblings);
    set(element, "tabindex", row.key === current ? 0 : -1);
    return element;
  }

  /** @param {string} key @param {{focus: boolean}} how */
  function moveTo(key, how) {
    current = key;
    const row = visible().find((one) => one.key === key);
    if (row?.kind === "instance") actions.select((followed = row.key));
    scroll.show(visible(), key);
    draw(store.get());
    if (how.focus) drawn.get(key)?.element.focus();
  }

  /** @param {import("../model/tree.js").Row} row */
  const idsOf = (row) => itemsOf(row, store.get().items).map(({ id }) => id);

  /** @param {Event} event */
  function keyOf(event) {
    const element = /** @type {Element} */ (event.target).closest("[role=treeitem]");
    return element instanceof HTMLElement ? element.dataset.key ?? null : null;
  }

  /** @param {MouseEvent} event */
  function click(event) {
    const key = keyOf(event);
    const row = rows(store.get().items).find((one) => one.key === key);
    if (!row) return;
    const removes = /** @type {Element} */ (event.target).closest(".remove") !== null;
    if (removes) return actions.remove(idsOf(row));
    if (row.kind !== "instance") actions.toggle(row.key);
    moveTo(row.key, { focus: true });
  }

  /** @param {KeyboardEvent} event */
  function key(event) {
    const here = keyOf(event);
    const all = visible();
    const at = all.findIndex((row) => row.key === here);
    const row = all[at];
    if (!row || event.ctrlKey || event.altKey || event.metaKey) return;
    const closed = store.get().collapsed.has(row.key);
    const group = row.kind !== "instance";
    /** @type {Record<string, () => void>} */
    const does = {
      ArrowDown: () => moveTo((all[at + 1] ?? row).key, { focus: true }),
      ArrowUp: () => moveTo((all[at - 1] ?? row).key, { focus: true }),
      Home: () => moveTo(all[0].key, { focus: true }),
      End: () => moveTo(all[all.length - 1].key, { focus: true }),
      ArrowRight: () => group && closed ? actions.toggle(row.key) : moveTo((group ? all[at + 1] ?? row : row).key, { focus: true }),
      ArrowLeft: () => group && !closed ? actions.toggle(row.key) : moveTo(row.parents.at(-1) ?? row.key, { focus: true }),
      Enter: () => (group ? actions.toggle(row.key) : actions.select(row.key)),
      " ": () => (group ? actions.toggle(row.key) : actions.select(row.key)),
      Delete: () => removeRow(row, all[at + 1] ?? all[at - 1]),
    };
    if (!does[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    does[event.key]();
  }

  /** @param {import("../model/tree.js").Row} row @param {import("../model/tree.js").Row | undefined} next keeps the focus in the list */
  function removeRow(row, next) {
    actions.remove(idsOf(row));
    if (next && rows(store.get().items).some((one) => one.key === next.key)) moveTo(next.key, { focus: true });
  }

  const leave = [
    watch(store, (s) => [s.items, s.selected, s.collapsed, s.thumbs, s.busy], draw),
    watch(store, (s) => [s.selected], ({ selected }) => {
      // A key may have led on since: the focus stays where the last one went.
      if (selected === followed) return;
      followed = selected;
      if (selected === null) return;
      current = selected;
      scroll.show(visible(), selected);
      draw(store.get());
      drawn.get(selected)?.element.scrollIntoView({ block: "nearest" });
    }),
  ];
  return () => [scroll.stop, rest.stop, ...leave].forEach((stop) => stop());
}
