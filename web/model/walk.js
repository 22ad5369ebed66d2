/**
 * Where "next image" and "next series" lead. Pure.
 * @typedef {import("../types.js").Item} Item
 * @typedef {{selected: string, frameIndex: number}} Place
 */
import { itemOf } from "./items.js";
import { shapeOf } from "./order.js";
import { order, rows, seriesOf } from "./tree.js";

/** @param {Item | undefined} item */
export function framesOf(item) {
  return Math.max(1, item?.inspection?.instance.frames ?? 1);
}

/** @param {Item | undefined} item @returns {readonly number[] | null} its frames as they follow each other; null: as stored */
function frameOrder(item) {
  const order = item?.inspection?.frame_order;
  return order?.length === framesOf(item) ? order : null;
}

/** @param {Item | undefined} item @param {number} at from 0, in the order in which frames belong @returns {number} as stored */
export function frameAt(item, at) {
  return frameOrder(item)?.[at] ?? at;
}

/** @param {Item | undefined} item @param {number} frameIndex as stored @returns {number} its place in the order, from 0 */
export function placeOfFrame(item, frameIndex) {
  return Math.max(0, frameOrder(item)?.indexOf(frameIndex) ?? frameIndex);
}

/** @type {WeakMap<readonly Item[], Map<string, Item[]>>} asked for at every step of a scroll */
const series = new WeakMap();

/** @param {readonly Item[]} items @param {string | null} selected @returns {readonly Item[]} the selected instance's series, in order */
export function seriesAround(items, selected) {
  const here = itemOf(items, selected);
  if (!here) return [];
  if (!here.inspection) return [here];
  const known = series.get(items) ?? new Map();
  series.set(items, known);
  const key = seriesOf(here);
  const around = known.get(key) ?? placesOfSeries(items, key).map((at) => items[at]);
  known.set(key, around);
  return around;
}

/** @type {WeakMap<import("./order.js").Shape, Map<string, number[]>>} */
const bySeries = new WeakMap();

/** @param {readonly Item[]} items @param {string} key */
function placesOfSeries(items, key) {
  const shape = shapeOf(items);
  /** @type {Map<string, number[]>} */
  const known = bySeries.get(shape) ?? new Map();
  if (!bySeries.has(shape)) for (const row of rows(items)) if (row.kind === "series") known.set(row.key, row.places);
  bySeries.set(shape, known);
  return known.get(key) ?? [];
}

/**
 * One image on or back: first through the frames of an instance, then to its neighbour. Stays at the ends of the series.
 * @param {readonly Item[]} items @param {Place} place @param {number} delta @returns {Place}
 */
export function step(items, place, delta) {
  const around = seriesAround(items, place.selected);
  let at = around.findIndex((item) => item.id === place.selected);
  if (at < 0) return place;
  let frame = placeOfFrame(around[at], place.frameIndex) + delta;
  while (frame < 0 && at > 0) frame += framesOf(around[--at]);
  while (frame >= framesOf(around[at]) && at < around.length - 1) frame -= framesOf(around[at++]);
  return { selected: around[at].id, frameIndex: frameAt(around[at], Math.min(Math.max(frame, 0), framesOf(around[at]) - 1)) };
}

/**
 * What a clip shows after `place`: the frames of an instance that has several, else the images of the series; from
 * the last to the first.
 * @param {readonly Item[]} items @param {Place} place @returns {Place | null} null where there is nothing to play
 */
export function nextInClip(items, place) {
  const around = seriesAround(items, place.selected);
  const at = around.findIndex((item) => item.id === place.selected);
  const frames = framesOf(around[at]);
  if (frames > 1) return { selected: place.selected, frameIndex: frameAt(around[at], (placeOfFrame(around[at], place.frameIndex) + 1) % frames) };
  const next = around.slice(at + 1).find(hasPicture) ?? around.slice(0, Math.max(at, 0)).find(hasPicture);
  return next ? { selected: next.id, frameIndex: frameAt(next, 0) } : null;
}

/** @param {Item | undefined} item whether its frames can be asked for */
export function hasPicture(item) {
  return Boolean(item?.inspection?.instance.has_pixels && !item.trouble && !item.pictureTrouble);
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
