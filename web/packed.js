/**
 * Files that are compressed inside an archive. What is stored there as it is, is a slice of the archive; what is
 * deflated is inflated by the browser when it is asked for, and checked against its CRC-32 and size; the rest is
 * read by the core. Nothing is unpacked to a place of its own.
 * @typedef {import("./types.js").Packed} Packed
 * @typedef {{at: number, size: number, refused: string, range: {start: number, end: number, crc: number | null} | null}} Member
 */
import { VeilError } from "./errors.js";

/** Inflated files that are kept for who asks next; together so large. */
const KEPT_BYTES = 96 << 20;
/** RFC 1952: a stream of deflate becomes a file with CRC-32 and size by what stands before and behind it. */
const GZIP_HEAD = new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);

/** @type {Map<Packed, Promise<Blob>>} the one used last at the end */
const kept = new Map();

/**
 * A file of an archive, known by the archive's name and a number: its own name is never used.
 * @param {File} archive @param {Member} member @param {number} number
 * @param {import("./types.js").Calls} calls @returns {File | Packed}
 */
export function fileIn(archive, { at, size, range }, number, calls) {
  const name = `${archive.name}, ${number}`;
  if (range?.crc === null) return new File([archive.slice(range.start, range.end)], name);
  const open = async () => {
    if (range) return inflated(archive.slice(range.start, range.end), /** @type {number} */ (range.crc), size);
    // Not as a part of a batch: a call of the batch may be waiting for this very content.
    const { buffers } = await calls.call("member", { at, size }, { file: archive });
    return new Blob(/** @type {BlobPart[]} */ (buffers));
  };
  return { name, size, kept: true, open };
}

/** @param {Blob} deflated @param {number} crc @param {number} size @returns {Promise<Blob>} rejects with "damaged" or "file-gone" */
async function inflated(deflated, crc, size) {
  const end = new DataView(new ArrayBuffer(8));
  end.setUint32(0, crc, true);
  end.setUint32(4, size % 2 ** 32, true);
  let seen = 0;
  const bounded = new TransformStream({
    transform(/** @type {Uint8Array} */ chunk, controller) {
      seen += chunk.byteLength;
      if (seen > size) controller.error(new VeilError("damaged")); // more than its archive says: no bomb goes off
      else controller.enqueue(chunk);
    },
  });
  try {
    const stream = new Blob([GZIP_HEAD, deflated, end.buffer]).stream().pipeThrough(new DecompressionStream("gzip")).pipeThrough(bounded);
    return await new Response(stream).blob();
  } catch {
    const there = await deflated.slice(0, 1).arrayBuffer().then(() => true, () => false);
    throw new VeilError(there ? "damaged" : "file-gone");
  }
}

/** @param {Blob | Packed | import("./types.js").Held} file @returns {file is Packed} */
export const isPacked = (file) => "open" in file;

/**
 * What can be sliced and sent to a worker.
 * @template {Blob | import("./types.js").Held} T
 * @param {T | Packed} file @returns {Promise<T | Blob> | T}
 */
export function contentOf(file) {
  if (!isPacked(file)) return file;
  return file.kept ? remembered(file) : file.open();
}

/** @param {Packed} file */
function remembered(file) {
  const content = kept.get(file) ?? file.open();
  kept.delete(file);
  kept.set(file, content);
  content.catch(() => kept.delete(file));
  let bytes = [...kept.keys()].reduce((sum, { size }) => sum + size, 0);
  for (const one of kept.keys()) {
    if (bytes <= KEPT_BYTES || one === file) break;
    kept.delete(one);
    bytes -= one.size;
  }
  return content;
}
