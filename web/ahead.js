/** What the worker would else read itself, one file after the other, while Python waits. */
import { VeilError } from "./errors.js";

/** @typedef {{head: number, tail: boolean}} Ends bytes at the beginning of a file; whether its end is read too */

const WHOLE = 1 << 18; // bytes: a file that is not larger
const TAIL = 1 << 12; // attributes behind the pixels
const STEP = 1 << 12;
/** Nearly every header ends before. @type {Ends} */
export const WHOLE_HEAD = { head: 1 << 16, tail: false };

/** What is read of a file like one whose result has these parts. @param {({buffer: number} | {start: number, end: number})[]} parts @param {number} size @returns {Ends} */
export function endsOf(parts, size) {
  const kept = parts.flatMap((part) => ("start" in part ? [part] : []));
  const [first, last] = [kept[0], kept.at(-1)];
  if (!first || !last) return WHOLE_HEAD;
  const head = (Math.ceil(first.start / STEP) + 1) * STEP;
  return { head: Math.min(head, WHOLE_HEAD.head), tail: last.end < size };
}

/**
 * The parts of a file in which Python is going to read. If it reads elsewhere, the worker does it then.
 * @param {Blob} file @param {Ends} ends
 * @returns {Promise<import("./types.js").Piece[]>} rejects with "file-gone"
 */
export async function readAhead(file, ends) {
  try {
    return await Promise.all(ranges(file.size, ends).map(async ([start, end]) => ({ start, bytes: new Uint8Array(await file.slice(start, end).arrayBuffer()) })));
  } catch {
    throw new VeilError("file-gone"); // a File is read as a whole or not at all
  }
}

/** The same of a file that is in memory: copies, since they move into the worker. @param {Uint8Array<ArrayBuffer>} held @param {Ends} ends */
export function piecesOf(held, ends) {
  return ranges(held.byteLength, ends).map(([start, end]) => ({ start, bytes: held.slice(start, end) }));
}

/** @param {number} size @param {Ends} ends */
function ranges(size, { head, tail }) {
  return size <= WHOLE ? [[0, size]] : [[0, head], ...(tail ? [[size - TAIL, size]] : [])];
}
