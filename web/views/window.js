/**
 * Which rows of a long list are there as elements. Above and below stands room for the others, as high as they were
 * when they were seen, or as rows of their kind mostly are.
 * @typedef {import("../model/tree.js").Row} Row
 */
import { h } from "../dom.js";
import { oncePerFrame } from "../watch.js";

/** Fewer rows than this are all there. */
const ALL = 600;
/** Rows beyond what is in sight, so that the keyboard finds its neighbours. */
const BEYOND = 12;
const HEIGHT = { patient: 52, study: 28, series: 50, instance: 28, rest: 28 };

/** @param {HTMLElement} list scrolls @param {() => void} onScroll */
export function createWindow(list, onScroll) {
  const above = h("div", { role: "none", class: "gap" });
  const below = h("div", { role: "none", class: "gap" });
  list.append(above, below);
  /** @type {Map<string, number>} as they were measured */
  const heights = new Map();
  let isLong = false;
  const frame = oncePerFrame(() => { if (isLong) onScroll(); });
  list.addEventListener("scroll", frame.ask, { passive: true });
  const sizes = new ResizeObserver(frame.ask);
  sizes.observe(list);

  /** @param {Row} row */
  const height = (row) => heights.get(row.key) ?? HEIGHT[row.kind];

  /** @param {readonly Row[]} rows @param {number} from @param {number} to */
  function total(rows, from, to) {
    let sum = 0;
    for (let i = from; i < to; i++) sum += height(rows[i]);
    return sum;
  }

  return {
    /**
     * The rows that are to be there, in order; `current`, to which the Tab key leads, always is.
     * @param {Row[]} rows @param {string} current @param {number} count of all, also of those in closed groups
     */
    part(rows, current, count) {
      isLong = count > ALL;
      if (!isLong) {
        heights.clear();
        above.style.height = below.style.height = "";
        return rows;
      }
      const { scrollTop, clientHeight } = list;
      let from = 0;
      let top = 0;
      while (from < rows.length && top + height(rows[from]) < scrollTop) top += height(rows[from++]);
      let to = from;
      for (let seen = top; to < rows.length && seen < scrollTop + clientHeight; to++) seen += height(rows[to]);
      from = Math.max(0, from - BEYOND);
      to = Math.min(rows.length, to + BEYOND);
      const at = rows.findIndex((row) => row.key === current);
      // Focus is not lost by scrolling: its row stays, right above or below the others.
      const [before, after] = [at >= 0 && at < from ? [rows[at]] : [], at >= to ? [rows[at]] : []];
      above.style.height = `${Math.max(0, total(rows, 0, from) - total(before, 0, before.length))}px`;
      below.style.height = `${Math.max(0, total(rows, to, rows.length) - total(after, 0, after.length))}px`;
      return [...before, ...rows.slice(from, to), ...after];
    },
    /** Where rows begin. */
    first: () => above.nextElementSibling,
    /** Notes how high rows are. @param {ReadonlyMap<string, {element: HTMLElement}>} drawn */
    measure(drawn) {
      if (!isLong) return;
      for (const [key, { element }] of drawn) if (element.offsetHeight) heights.set(key, element.offsetHeight);
    },
    /** Scrolls so that a row is in sight. @param {Row[]} rows @param {string} key */
    show(rows, key) {
      const at = rows.findIndex((row) => row.key === key);
      if (!isLong || at < 0) return;
      const top = total(rows, 0, at);
      const bottom = top + height(rows[at]);
      if (top < list.scrollTop) list.scrollTop = top;
      else if (bottom > list.scrollTop + list.clientHeight) list.scrollTop = bottom - list.clientHeight;
    },
    stop() {
      frame.stop();
      sizes.disconnect();
      list.removeEventListener("scroll", frame.ask);
    },
  };
}
