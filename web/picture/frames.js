import { bytesOf, codeOf } from "../calls.js";
import { DEFAULT_LOOK, resolve, sameValues } from "../model/window.js";

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
  /** @type {Map<string, Promise<Kept>>} on their way */
  const coming = new Map();
  /** @type {Map<string, Promise<Kept & {frameIndex: number}>>} first frames, asked for beside the header */
  const beginnings = new Map();
  let bytes = 0;
  let peak = 0;

  /**
   * Asks for the frame with which an instance begins, with the table of the plain look, before anything is known of
   * it: it comes right behind the header. What becomes of it is told to whoever asks for that frame.
   * @param {Item} item
   */
  function begin(item) {
    const first = load(item, null, DEFAULT_LOOK);
    beginnings.set(item.id, first);
    const over = () => beginnings.get(item.id) === first && beginnings.delete(item.id);
    first.then((entry) => over() && keep(`${item.id}/${entry.frameIndex}`, entry), over);
  }

  /** @param {Item} item @param {number} frameIndex @param {Look} [look] with which it will be shown */
  async function get(item, frameIndex, look = DEFAULT_LOOK) {
    const key = `${item.id}/${frameIndex}`;
    const known = kept.get(key);
    if (known) {
      kept.delete(key);
      kept.set(key, known);
      return known.frame;
    }
    const loading = coming.get(key) ?? begun(item, frameIndex).then((first) => first ?? load(item, frameIndex, look));
    coming.set(key, loading);
    try {
      await loading;
    } finally {
      coming.delete(key);
    }
    const entry = await loading;
    if (!kept.has(key)) keep(key, entry);
    return entry.frame;
  }

  /**
   * The frame that the instance began with, if it is this one. A header that has been read meanwhile knows a better way
   * to some (films), so what failed is asked for again, unless it killed a worker.
   * @param {Item} item @param {number} frameIndex
   */
  async function begun(item, frameIndex) {
    try {
      const first = await beginnings.get(item.id);
      return first?.frameIndex === frameIndex ? first : undefined;
    } catch (error) {
      if (codeOf(error) === "worker-died") throw error;
    }
  }

  /** @param {Item} item @param {number | null} frameIndex null: its first @param {Look} look @returns {Promise<Kept & {frameIndex: number}>} */
  async function load(item, frameIndex, look) {
    const window = look.choice.kind === "listed" ? undefined : resolve(look.choice, { windows: [], window: null }, presets());
    const table = window !== undefined && { table: { window, invert: look.invert } };
    const reply = await calls.call("frame", { instance: item.id, frame_index: frameIndex, ...table }, { file: item.file });
    const content = bytesOf(reply.buffers[0]);
    /** @type {import("../types.js").FrameInfo & {frame_index: number, made?: {window: import("../types.js").Window | null}}} */
    const { frame_index: index, made, ...info } = reply.result;
    const wide = !info.color && info.levels > 256;
    const frame = { info, values: wide ? new Uint16Array(content.buffer, content.byteOffset, content.byteLength / 2) : content };
    return { frameIndex: index, frame, overlay: null, ...(made ? { look, made: tableOf(made, reply.buffers[1], window ?? info.window) } : { look: null, made: {} }) };
  }

  /**
   * All that is needed to show a frame, as `look` and the overlays want it.
   * @param {Item} item @param {number} frameIndex @param {Look} look @param {boolean} overlays
   */
  async function prepare(item, frameIndex, look, overlays) {
    const frame = await get(item, frameIndex, look);
    const key = `${item.id}/${frameIndex}`;
    const before = kept.get(key);
    const params = { instance: item.id, frame_index: frameIndex };
    const made = frame.info.color ? {} : before?.look && sameValues(before.look, look) ? before.made : await tabulate();
    const overlay = overlays && frame.info.overlays ? before?.overlay ?? bytesOf((await calls.call("overlays", params, { file: item.file })).buffers[0]) : null;
    if (kept.has(key)) keep(key, { frame, look, made, overlay: overlay ?? before?.overlay ?? null });
    return { frame, ...made, overlay };

    async function tabulate() {
      const window = resolve(look.choice, frame.info, presets());
      const { result, buffers } = await calls.call("lut", { ...params, window, invert: look.invert }, { file: item.file });
      return tableOf(result, buffers[0], window);
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
    beginnings.delete(id);
    for (const key of [...kept.keys()]) if (key.startsWith(`${id}/`)) drop(key);
    told({ frames: kept.size, bytes, peak, bound: ROOM });
  }
  return { begin, get, prepare, has, forget };
}

/**
 * The table is Python's, and so is the last word on which window it is.
 * @param {{window: import("../types.js").Window | null}} told @param {ArrayBuffer | ArrayBufferView} table
 * @param {import("../types.js").Window | null} window what was asked for @returns {Made}
 */
function tableOf(told, table, window) {
  const used = told.window && { ...told.window, explanation: told.window.explanation || window?.explanation || "" };
  return { window: used ?? window, table: bytesOf(table) };
}

/** @param {Kept} entry */
function sizeOf({ frame, made, overlay }) {
  return frame.values.byteLength + (made.table?.byteLength ?? 0) + (overlay?.byteLength ?? 0);
}
