/**
 * One instance through a worker: its file in slices, the result as content, and what is said of it.
 * @typedef {import("./plan.js").Job} Job
 * @typedef {{content: Blob | Uint8Array<ArrayBuffer>, row: {touched?: string, treatment: string, [more: string]: unknown}, link: import("../types.js").Link}} Done
 * @typedef {(item: import("../types.js").Item) => {regions?: object[], checked?: boolean, stays?: string}} Cleaning what the core is told of an instance's pixels
 * @typedef {(item: import("../types.js").Item) => Promise<void>} Prove fails where something is still legible that goes
 */
import { endsOf, piecesOf, readAhead, WHOLE_HEAD } from "../ahead.js";
import { bytesOf } from "../calls.js";
import { VeilError } from "../errors.js";
import { contentOf } from "../packed.js";
import { digestOf, digestOfBytes, WHOLE } from "./digest.js";

/** Bytes of a file that is read whole, in each lane. */
const HELD = 4 << 20;

/**
 * @param {import("../types.js").Calls} calls @param {unknown} profile @param {AbortSignal} signal
 * @param {Cleaning} cleaning @param {Prove} prove @param {() => string} [known] the treatment that need not be told
 */
export function createWork(calls, profile, signal, cleaning, prove, known = () => "") {
  /** What Python read of the instance before; the next one is likely of the same kind. */
  let ends = WHOLE_HEAD;

  /** @param {Job} job @returns {Promise<Done>} */
  return async function work({ item, number, name, device }) {
    await prove(item);
    const file = await contentOf(item.file);
    // Read once where that costs little memory: the head for Python, the rest for the result.
    const held = file.size <= HELD ? await bytesIn(file) : null;
    const pieces = held ? piecesOf(held, ends) : await readAhead(file, ends);
    const params = { instance: item.id, number, profile, batch: { file: name, device, known: known() }, ...cleaning(item) };
    const { result, buffers } = await calls.call("deidentify", params, { file, pieces, signal, batch: true });
    if (!name) throw new VeilError("refused");
    ends = endsOf(result.parts, file.size);
    const made = held ? joined(result.parts, buffers, held) : assemble(result.parts, buffers, file);
    const content = made instanceof Blob ? await whole(made, file) : made;
    const sum = content instanceof Blob ? await digestOf(calls, content) : await digestOfBytes(calls, content);
    return { content, row: { ...result.row, ...sum }, link: result.link };
  };
}

/** @param {Blob} file @returns {Promise<Uint8Array<ArrayBuffer>>} */
async function bytesIn(file) {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch {
    throw new VeilError("file-gone");
  }
}

/**
 * The output in memory: in that of the input around its pixels, which stay where they are, if there is room.
 * @param {({buffer: number} | {start: number, end: number})[]} parts
 * @param {(ArrayBuffer | ArrayBufferView)[]} buffers @param {Uint8Array<ArrayBuffer>} held the input; it is gone then
 */
function joined(parts, buffers, held) {
  const pieces = parts.map((part) => ("buffer" in part ? bytesOf(buffers[part.buffer]) : held.subarray(part.start, part.end)));
  const size = pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
  const room = roomAround(parts, pieces, size, held);
  const output = room ?? new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    if (!room || piece.buffer !== held.buffer) output.set(piece, at);
    at += piece.byteLength;
  }
  return output;
}

/**
 * @param {({buffer: number} | {start: number, end: number})[]} parts @param {Uint8Array<ArrayBuffer>[]} pieces
 * @param {number} size @param {Uint8Array<ArrayBuffer>} held
 */
function roomAround(parts, pieces, size, held) {
  const [kept, ...more] = parts.flatMap((part, index) => ("start" in part ? [{ index, start: part.start }] : []));
  if (!kept || more.length) return null;
  const start = kept.start - pieces.slice(0, kept.index).reduce((sum, piece) => sum + piece.byteLength, 0);
  return start < 0 || start + size > held.byteLength ? null : held.subarray(start, start + size);
}

/**
 * The output as a Blob. Pixel data that did not change is a slice of the input: it is never copied into memory.
 * @param {({buffer: number} | {start: number, end: number})[]} parts
 * @param {(ArrayBuffer | ArrayBufferView)[]} buffers @param {Blob} file
 */
function assemble(parts, buffers, file) {
  const pieces = parts.map((part) => ("buffer" in part ? bytesOf(buffers[part.buffer]) : file.slice(part.start, part.end)));
  return new Blob(pieces, { type: "application/dicom" });
}

/**
 * What is not large is read now, which says whether its file is still there: the browser refuses to read one that has
 * moved or changed. What is large stays where it is, and at least begins to be read.
 * @param {Blob} blob @param {Blob} file
 */
async function whole(blob, file) {
  try {
    if (blob.size <= WHOLE) return new Uint8Array(await blob.arrayBuffer());
    await file.slice(0, 1).arrayBuffer();
    return blob;
  } catch {
    throw new VeilError("file-gone");
  }
}
