/**
 * Where "next image" and "next series" lead. Pure.
 * @typedef {import("../types.js").Item} Item
 * @typedef {{selected: string, frameIndex: number}} Place
 */
import { order, seriesOf } from "./tree.js";

/** @param {Item | undefined} item */
export function framesOf(item) {
  return Math.max(1, item?.inspection?.instance.frames ?? 1);
}

/** @param {readonly Item[]} items @param {string | null} selected @returns {Item[]} the selected instance's series, in order */
export function seriesAround(items, selected) {
  const here = items.find((item) => item.id === selected);
  return here ? order(items).filter((item) => seriesOf(item) === seriesOf(here)) : [];
}

/**
 * One image on or back: first through the frames of an instance, then to its neighbour. Stays at the ends of the series.
 * @param {readonly Item[]} items @param {Place} place @param {number} delta @returns {Place}
 */
export function step(items, place, delta) {
  const series = seriesAround(items, place.selected);
  let at = series.findIndex((item) => item.id === place.selected);
  if (at < 0) return place;
  let frame = place.frameIndex + delta;
  while (frame < 0 && at > 0) frame += framesOf(series[--at]);
  while (frame >= framesOf(series[at]) && at < series.length - 1) frame -= framesOf(series[at++]);
  return { selected: series[at].id, frameIndex: Math.min(Math.max(frame, 0), framesOf(series[at]) - 1) };
}

/**
 * The first instance of the next or previous series.
 * @param {readonly Item[]} items @param {string | null} selected @param {number} delta @returns {string | null}
 */
export function stepSeries(items, selected, delta) {
  const all = order(items);
  const starts = all.filter((item, i) => i === 0 || seriesOf(item) !== seriesOf(all[i - 1]));
  const here = all.find((item) => item.id === selected);
  const at = here ? starts.findIndex((item) => seriesOf(item) === seriesOf(here)) : -1;
  return starts[Math.min(Math.max(at + delta, 0), starts.length - 1)]?.id ?? null;
}

/**
 * Who is selected once `gone` are removed: the next one that stays, else the one before.
 * @param {readonly Item[]} items @param {string | null} selected @param {ReadonlySet<string>} gone
 */
export function selectionAfter(items, selected, gone) {
  if (selected === null || !gone.has(selected)) return selected;
  const all = order(items);
  const at = all.findIndex((item) => item.id === selected);
  const stays = (/** @type {Item} */ item) => !gone.has(item.id);
  return (all.slice(at).find(stays) ?? all.slice(0, Math.max(at, 0)).findLast(stays))?.id ?? null;
}
