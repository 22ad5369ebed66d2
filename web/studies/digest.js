/** SHA-256 of what goes out and of what lies there already. */
import { contentOf } from "../packed.js";
import { hex } from "../secrets.js";

/** What is not larger is held in memory while it is written. */
export const WHOLE = 32 << 20;

/** @typedef {{size: number, sha256: string}} Digest */

/**
 * The browser's own where it has one (a page over plain http has none), else the core's, piece by piece.
 * @param {import("../types.js").Calls} calls @param {Blob | import("../types.js").Packed} file @returns {Promise<Digest>}
 */
export async function digestOf(calls, file) {
  const blob = await contentOf(file);
  if (!globalThis.crypto?.subtle || blob.size > WHOLE) return (await calls.call("digest", {}, { file: blob, batch: true })).result;
  return digestOfBytes(calls, new Uint8Array(await blob.arrayBuffer()));
}

/** @param {import("../types.js").Calls} calls @param {Uint8Array<ArrayBuffer>} bytes @returns {Promise<Digest>} */
export async function digestOfBytes(calls, bytes) {
  if (!globalThis.crypto?.subtle) return digestOf(calls, new Blob([bytes]));
  return { size: bytes.byteLength, sha256: hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))) };
}
