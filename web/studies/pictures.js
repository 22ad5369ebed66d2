/**
 * Pictures beside the results: a PNG for each frame of what was written, as its file says it is to be seen, without
 * what goes from its pixels. Made after the instances, and made again by a run that goes on.
 * @typedef {import("./plan.js").Job} Job
 * @typedef {{digests: Record<string, string>, told: {format: "png", files: number, without: number[], partly?: number[]}}} Made `without`: numbers of instances of which there is no picture; `partly`: of which some frames have none
 */
import { bytesOf } from "../calls.js";
import { inLanes } from "../lanes.js";
import { besideName } from "../model/names.js";
import { frameAt, framesOf } from "../model/walk.js";
import { digestOfBytes } from "./digest.js";

/** @param {readonly Job[]} jobs that were written @returns {{job: Job, frameIndex: number, name: string}[]} */
export function picturesOf(jobs) {
  return jobs.filter(({ item }) => item.inspection?.instance.has_pixels).flatMap((job) => {
    const frames = framesOf(job.item);
    return Array.from({ length: frames }, (_, at) => ({ job, frameIndex: frameAt(job.item, at), name: besideName(job.name, frames, at) }));
  });
}

/**
 * @param {object} how
 * @param {import("../types.js").Calls} how.calls @param {ReturnType<typeof picturesOf>} how.pictures
 * @param {import("./run.js").Out} how.out @param {number} how.first index of the first of them in the output
 * @param {import("./work.js").Cleaning} how.cleaning @param {AbortSignal} how.signal
 * @param {ReturnType<typeof import("./pause.js").createDoor>} how.door @param {() => void} how.onDone one more was dealt with
 * @returns {Promise<Made>} those that there are when it was cancelled; rejects where the output takes nothing more
 */
export async function writePictures({ calls, pictures, out, first, cleaning, signal, door, onDone }) {
  /** @type {Record<string, string>} */
  const digests = {};
  /** @type {Map<number, {made: number, missing: number}>} by the number of the instance */
  const counts = new Map();
  /** @type {Map<Job, Promise<object | null>>} */
  const windows = new Map();

  /** @param {Job} job @param {object} params @returns {Promise<object | null>} one for all frames of a clip that have none of their own, so that it does not flicker */
  async function steady({ item }, params) {
    const middle = frameAt(item, framesOf(item) >> 1);
    return (await calls.call("export_window", { ...params, frame_index: middle }, { file: item.file, signal, batch: true })).result.window;
  }

  /** @param {{job: Job, frameIndex: number}} picture @returns {Promise<Uint8Array<ArrayBuffer> | null>} null where it cannot be made */
  async function made({ job, frameIndex }) {
    const { regions } = cleaning(job.item);
    const params = { instance: job.item.id, ...(regions && { regions }) };
    try {
      if (framesOf(job.item) > 1 && !windows.has(job)) windows.set(job, steady(job, params));
      const window = (await windows.get(job)) ?? null;
      const asked = { ...params, frame_index: frameIndex, window, invert: false, format: "png", options: {} };
      const { buffers } = await calls.call("export", asked, { file: job.item.file, signal, batch: true });
      return bytesOf(buffers[0]);
    } catch {
      return null; // the instance itself is written: it only has no picture
    }
  }

  await inLanes(pictures, calls.room, async (picture, index) => {
    await door.pass();
    const content = signal.aborted ? null : await made(picture);
    await out.put(first + index, picture.name, content);
    if (content) digests[picture.name] = (await digestOfBytes(calls, content)).sha256;
    const { made: before, missing } = counts.get(picture.job.number) ?? { made: 0, missing: 0 };
    counts.set(picture.job.number, content ? { made: before + 1, missing } : { made: before, missing: missing + 1 });
    onDone();
  });
  const lacking = [...counts].filter(([, { missing }]) => missing).sort(([a], [b]) => a - b);
  const numbers = (/** @type {boolean} */ some) => lacking.filter(([, count]) => count.made > 0 === some).map(([number]) => number);
  const partly = numbers(true);
  return { digests, told: { format: "png", files: Object.keys(digests).length, without: numbers(false), ...(partly.length && { partly }) } };
}
