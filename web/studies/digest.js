/** SHA-256 of what goes out and of what lies there already. */
import { contentOf } from "../packed.js";
import { hex } from "../secrets.js";

/** What is not larger is held in memory while it is written. */
export const WHOLE = 32 << 20;

/**
 * The browser's own where it has one (a page over plain http has none), else the core's, piece by piece.
 * @param {import("../types.js").Calls} calls @param {Blob | import("../types.js").Packed} file @param {Uint8Array<ArrayBuffer>} [bytes] its content, if it was read
 * @returns {Promise<{size: number, sha256: string}>}
 */
export async function digestOf(calls, file, bytes) {
  const blob = await contentOf(file);
  if (!globalThis.crypto?.subtle || blob.size > WHOLE) return (await calls.call("digest", {}, { file: blob, batch: true })).result;
  const content = bytes ?? (await blob.arrayBuffer());
  return { size: blob.size, sha256: hex(new Uint8Array(await crypto.subtle.digest("SHA-256", content))) };
}
