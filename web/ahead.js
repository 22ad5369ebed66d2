/** What the worker would else read itself, one file after the other, while Python waits. */
import { VeilError } from "./errors.js";

const WHOLE = 1 << 18; // bytes: a file that is not larger
const HEAD = 1 << 16; // nearly every header ends before
const TAIL = 1 << 12; // attributes behind the pixels

/**
 * The parts of a file in which Python is going to read. If it reads elsewhere, the worker does it then.
 * @param {Blob} file @param {boolean} tail whether the end is one of them
 * @returns {Promise<import("./types.js").Piece[]>} rejects with "file-gone"
 */
export async function readAhead(file, tail) {
  const { size } = file;
  const ranges = size <= WHOLE ? [[0, size]] : [[0, HEAD], ...(tail ? [[size - TAIL, size]] : [])];
  try {
    return await Promise.all(ranges.map(async ([start, end]) => ({ start, bytes: new Uint8Array(await file.slice(start, end).arrayBuffer()) })));
  } catch {
    throw new VeilError("file-gone"); // a File is read as a whole or not at all
  }
}
