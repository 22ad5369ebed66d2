import { bytesOf } from "../calls.js";

/** Frames kept for scrolling back and forth: bytes. */
const ROOM = 192 * 1024 * 1024;

/**
 * Frames as they come from the core, the latest used kept.
 * @param {import("../types.js").Calls} calls
 */
export function createFrames(calls) {
  /** @type {Map<string, import("../types.js").LoadedFrame>} oldest first */
  const kept = new Map();

  /** @param {import("../types.js").Item} item @param {number} frameIndex */
  async function get(item, frameIndex) {
    const key = `${item.id}/${frameIndex}`;
    const frame = kept.get(key) ?? (await load(item, frameIndex));
    kept.delete(key);
    kept.set(key, frame);
    trim();
    return frame;
  }

  /** @param {import("../types.js").Item} item @param {number} frameIndex */
  async function load(item, frameIndex) {
    const reply = await calls.call("frame", { instance: item.id, frame_index: frameIndex }, { file: item.file });
    const bytes = bytesOf(reply.buffers[0]);
    /** @type {import("../types.js").FrameInfo} */
    const info = reply.result;
    const wide = !info.color && info.levels > 256;
    return { info, values: wide ? new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2) : bytes };
  }

  function trim() {
    let size = 0;
    for (const [key, frame] of [...kept].reverse()) {
      size += frame.values.byteLength;
      if (size > ROOM && key !== [...kept.keys()].at(-1)) kept.delete(key);
    }
  }

  /** @param {string} id */
  function forget(id) {
    for (const key of [...kept.keys()]) if (key.startsWith(`${id}/`)) kept.delete(key);
  }
  return { get, forget };
}
