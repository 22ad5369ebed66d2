/**
 * Takes out of a film what it need not say: when it was made, by which program. Nothing moves: what goes is overwritten
 * in its place. Pure, but for the bytes that are given.
 * @typedef {Uint8Array<ArrayBuffer>} Bytes
 */

/** Boxes that hold boxes on the way to those below (ISO/IEC 14496-12). */
const HOLDERS = new Set(["moov", "trak", "mdia", "minf", "stbl"]);
const SAMPLE_ENTRY = 8 + 8; // of stsd: version, flags and count; then the first entry's own header
/** compressorname of a VisualSampleEntry (12.1.3.2): its place after the entry's header, and its length. */
const COMPRESSOR = [42, 32];

/** @param {Bytes} file @returns {Bytes} the same bytes, changed */
export function blankMp4(file) {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  walk(0, file.length);
  return file;

  /** @param {number} from @param {number} end */
  function walk(from, end) {
    for (let at = from; at + 8 <= end; ) {
      const short = view.getUint32(at);
      const size = short === 1 ? Number(view.getBigUint64(at + 8)) : short || end - at;
      const name = String.fromCharCode(...file.subarray(at + 4, at + 8));
      const content = at + 8;
      if (HOLDERS.has(name)) walk(content, at + size);
      // creation_time and modification_time (8.2.2, 8.3.2, 8.4.2): "unknown" is 0
      else if (["mvhd", "tkhd", "mdhd"].includes(name)) file.fill(0, content + 4, content + 4 + (file[content] === 1 ? 16 : 8));
      else if (name === "hdlr") file.fill(0, content + 24, at + size - 1); // a name for people, ended by a zero
      else if (name === "stsd") file.fill(0, content + SAMPLE_ENTRY + COMPRESSOR[0], content + SAMPLE_ENTRY + COMPRESSOR[0] + COMPRESSOR[1]);
      at += Math.max(8, size);
    }
  }
}

/** MuxingApp and WritingApp, which a file must have; the zeros that remain end a shorter name (RFC 8794, 13.1). */
const PROGRAMS = [[0x4d, 0x80], [0x57, 0x41]];
const NAME = [..."Veil"].map((letter) => letter.charCodeAt(0));

/** @param {Bytes} file @returns {Bytes} the same bytes, changed */
export function blankWebm(file) {
  const info = find(file, [0x15, 0x49, 0xa9, 0x66], 0, 4096);
  for (const id of PROGRAMS) {
    const at = find(file, id, info, info + 512);
    const length = file[at + id.length] & 0x7f; // short names: one byte of length
    const from = at + id.length + 1;
    file.fill(0, from, from + length).set(NAME.slice(0, length), from);
  }
  return file;
}

/** @param {Bytes} file @param {number[]} bytes @param {number} from @param {number} end @returns {number} where they begin */
function find(file, bytes, from, end) {
  for (let at = from; at < Math.min(end, file.length - bytes.length); at++) {
    if (bytes.every((byte, i) => file[at + i] === byte)) return at;
  }
  throw new RangeError("The film has no such element.");
}
