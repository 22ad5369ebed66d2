import { bytesOf } from "../calls.js";
import { resolve, sameValues } from "../model/window.js";

/** Everything kept for scrolling back and forth: bytes. */
export const ROOM = 256 * 1024 * 1024;

/**
 * Frames, tables and overlays as they come from the core; the latest used are kept, and never more than `ROOM` unless
 * one frame alone is larger.
 * @typedef {import("../types.js").Item} Item
 * @typedef {import("../types.js").Look} Look
 * @typedef {{table?: Uint8Array, window?: import("../types.js").Window | null}} Made
 * @typedef {{frame: import("../types.js").LoadedFrame, look: Look | null, made: Made, overlay: Uint8Array | null}} Kept
 * @param {import("../types.js").Calls} calls
 * @param {() => readonly import("../types.js").Preset[]} presets
 * @param {(cache: import("../types.js").Cache) => void} told
 */
export function createFrames(calls, presets, told) {
  /** @type {Map<string, Kept>} oldest first */
  const kept = new Map();
  /** @type {Map<string, Promise<import("../types.js").LoadedFrame>>} on their way */
  const coming = new Map();
  let bytes = 0;
  let peak = 0;

  /** @param {Item} item @param {number} frameIndex */
  async function get(item, frameIndex) {
    const key = `${item.id}/${frameIndex}`;
    const known = kept.get(key);
    if (known) {
      kept.delete(key);
      kept.set(key, known);
      return known.frame;
    }
    const frame = coming.get(key) ?? load(item, frameIndex);
    coming.set(key, frame);
    try {
      await frame;
    } finally {
      coming.delete(key);
    }
    if (!kept.has(key)) keep(key, { frame: await frame, look: null, made: {}, overlay: null });
    return frame;
  }

  /** @param {Item} item @param {number} frameIndex */
  async function load(item, frameIndex) {
    const reply = await calls.call("frame", { instance: item.id, frame_index: frameIndex }, { file: item.file });
    const content = bytesOf(reply.buffers[0]);
    /** @type {import("../types.js").FrameInfo} */
    const info = reply.result;
    const wide = !info.color && info.levels > 256;
    return { info, values: wide ? new Uint16Array(content.buffer, content.byteOffset, content.byteLength / 2) : content };
  }

  /**
   * All that is needed to show a frame, as `look` and the overlays want it.
   * @param {Item} item @param {number} frameIndex @param {Look} look @param {boolean} overlays
   */
  async function prepare(item, frameIndex, look, overlays) {
    const frame = await get(item, frameIndex);
    const key = `${item.id}/${frameIndex}`;
    const before = kept.get(key);
    const params = { instance: item.id, frame_index: frameIndex };
    const made = frame.info.color ? {} : before?.look && sameValues(before.look, look) ? before.made : await tabulate();
    const overlay = overlays && frame.info.overlays ? before?.overlay ?? bytesOf((await calls.call("overlays", params, { file: item.file })).buffers[0]) : null;
    if (kept.has(key)) keep(key, { frame, look, made, overlay: overlay ?? before?.overlay ?? null });
    return { frame, ...made, overlay };

    /** The table is Python's, and so is the last word on which window it is. */
    async function tabulate() {
      const window = resolve(look.choice, frame.info, presets());
      const { result, buffers } = await calls.call("lut", { ...params, window, invert: look.invert }, { file: item.file });
      const used = result.window && { ...result.window, explanation: result.window.explanation || window?.explanation || "" };
      return { window: used ?? window, table: bytesOf(buffers[0]) };
    }
  }

  /** @param {Item} item @param {number} frameIndex @param {Look} look whether nothing would have to be asked for */
  function has(item, frameIndex, look) {
    const known = kept.get(`${item.id}/${frameIndex}`);
    return Boolean(known && (known.frame.info.color || (known.look && sameValues(known.look, look))));
  }

  /** @param {string} key @param {Kept} entry */
  function keep(key, entry) {
    drop(key);
    kept.set(key, entry);
    bytes += sizeOf(entry);
    for (const oldest of kept.keys()) {
      if (bytes <= ROOM || oldest === key) break;
      drop(oldest);
    }
    peak = Math.max(peak, bytes);
    told({ frames: kept.size, bytes, peak, bound: ROOM });
  }

  /** @param {string} key */
  function drop(key) {
    const entry = kept.get(key);
    if (entry) bytes -= sizeOf(entry);
    kept.delete(key);
  }

  /** @param {string} id */
  function forget(id) {
    for (const key of [...kept.keys()]) if (key.startsWith(`${id}/`)) drop(key);
    told({ frames: kept.size, bytes, peak, bound: ROOM });
  }
  return { get, prepare, has, forget };
}

/** @param {Kept} entry */
function sizeOf({ frame, made, overlay }) {
  return frame.values.byteLength + (made.table?.byteLength ?? 0) + (overlay?.byteLength ?? 0);
}
