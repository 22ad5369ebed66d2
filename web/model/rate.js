/**
 * How fast a clip plays. Pure.
 * @typedef {import("../types.js").Item} Item
 */
import { framesOf, seriesAround } from "./walk.js";

/** Frames a second of what says nothing of it itself. */
export const USUAL_RATE = 8;

/** What one can choose instead, in frames a second. */
export const RATES = [2, 4, 8, 12, 15, 25, 30, 50, 60];

/**
 * The rate that the file gives, and where; of a series of single images there is none.
 * @param {Item | undefined} item @returns {{rate: number, times: readonly number[] | null, source: string | null}}
 */
export function ownRate(item) {
  const cine = item?.inspection?.cine;
  if (framesOf(item) > 1 && cine && cine.rate > 0) return cine;
  return { rate: USUAL_RATE, times: null, source: null };
}

/**
 * How long each frame stays (ms), by when each begins: the last one as long as the one before.
 * @param {readonly number[]} times ms from the first frame, two at least
 */
export function gapsOf(times) {
  const gaps = times.slice(1).map((time, at) => time - times[at]);
  return [...gaps, gaps[gaps.length - 1]];
}

/**
 * How long a frame stays (ms). Where frames do not follow as they are stored, times between those stored say nothing.
 * @param {Item | undefined} item @param {number} frameIndex @param {number | null} chosen frames a second; null: the file's own
 */
export function stays(item, frameIndex, chosen) {
  if (chosen) return 1000 / chosen;
  const { rate, times } = ownRate(item);
  if (times && !item?.inspection?.frame_order) {
    const gap = gapsOf(times)[frameIndex];
    if (gap > 0) return gap;
  }
  return 1000 / rate;
}

/** @param {readonly Item[]} items @param {string | null} selected whether there is anything to play */
export function canPlay(items, selected) {
  const around = seriesAround(items, selected);
  return around.length > 1 || framesOf(around[0]) > 1;
}

/** @param {readonly number[]} drawn when frames were drawn (ms), oldest first @returns {number | null} frames a second; null from too few */
export function rateOf(drawn) {
  return drawn.length < 3 ? null : (1000 * (drawn.length - 1)) / (drawn[drawn.length - 1] - drawn[0]);
}
