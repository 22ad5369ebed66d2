/** Pixels from indices. The table is Python's; here it is only looked up, so the screen is the export to the bit. */

const OPAQUE = 0xff000000;

/**
 * One 32-bit pixel (A, B, G, R from the top, as ImageData has it on little-endian machines, which all that
 * run WebAssembly browsers are) for each index.
 * @param {Uint8Array} table display value for each index
 */
export function grayPixels(table) {
  return Uint32Array.from(table, (v) => (OPAQUE | (v << 16) | (v << 8) | v) >>> 0);
}

/** @param {Uint8Array | Uint16Array} values indices @param {Uint32Array} pixels @param {Uint32Array} out */
export function paintGray(values, pixels, out) {
  for (let i = 0; i < values.length; i++) out[i] = pixels[values[i]];
}

/** @param {ArrayLike<number>} values R, G, B, R, G, B, … @param {Uint32Array} out */
export function paintColor(values, out) {
  for (let i = 0, j = 0; i < out.length; i++, j += 3) {
    out[i] = (OPAQUE | (values[j + 2] << 16) | (values[j + 1] << 8) | values[j]) >>> 0;
  }
}

/**
 * Draws a frame on a canvas of exactly its size.
 * @param {HTMLCanvasElement | OffscreenCanvas} canvas @param {import("../types.js").LoadedFrame} frame
 * @param {Uint8Array | undefined} table none for colour
 */
export function paint(canvas, frame, table) {
  const { rows, columns, color } = frame.info;
  if (canvas.width !== columns) canvas.width = columns;
  if (canvas.height !== rows) canvas.height = rows;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const image = context.createImageData(columns, rows);
  const out = new Uint32Array(image.data.buffer);
  if (color) paintColor(frame.values, out);
  else if (table) paintGray(frame.values, grayPixels(table), out);
  context.putImageData(image, 0, 0);
}
