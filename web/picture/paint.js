/** Pixels from indices. The table is Python's; here it is only looked up, so the screen is the export to the bit. */

const OPAQUE = 0xff000000;

/**
 * One 32-bit pixel (A, B, G, R from the top, as ImageData has it on little-endian machines, which all that
 * run WebAssembly browsers are) for each index.
 * @param {Uint8Array} table display value for each index
 */
export function grayPixels(table) {
  const pixels = new Uint32Array(table.length);
  for (let i = 0; i < table.length; i++) pixels[i] = OPAQUE | (table[i] * 0x010101);
  return pixels;
}

/** @param {Uint8Array | Uint16Array} values indices @param {Uint32Array} pixels @param {Uint32Array} out */
export function paintGray(values, pixels, out) {
  for (let i = 0; i < values.length; i++) out[i] = pixels[values[i]];
}

/**
 * Every `stride`th pixel of every `stride`th row.
 * @param {Uint8Array | Uint16Array} values indices @param {{rows: number, columns: number}} info
 * @param {Uint32Array} pixels @param {Uint32Array} out @param {number} stride
 */
export function paintCoarse(values, { rows, columns }, pixels, out, stride) {
  let to = 0;
  for (let row = 0; row < rows; row += stride) {
    const end = (row + 1) * columns;
    for (let from = row * columns; from < end; from += stride) out[to++] = pixels[values[from]];
  }
}

/** @param {ArrayLike<number>} values R, G, B, R, G, B, … @param {Uint32Array} out */
export function paintColor(values, out) {
  for (let i = 0, j = 0; i < out.length; i++, j += 3) {
    out[i] = (OPAQUE | (values[j + 2] << 16) | (values[j + 1] << 8) | values[j]) >>> 0;
  }
}

/** @type {WeakMap<HTMLCanvasElement | OffscreenCanvas, ImageData>} one for each canvas: they are large */
const images = new WeakMap();

/**
 * Draws a frame on a canvas of exactly its size; with a `stride` above 1, every so manieth pixel on a smaller one.
 * @param {HTMLCanvasElement | OffscreenCanvas} canvas @param {import("../types.js").LoadedFrame} frame
 * @param {Uint8Array | undefined} table none for colour
 * @param {{stride?: number, gl?: import("./gl.js").Painter | null}} [how] `gl`: look up by the graphics card
 * @returns {"webgl2" | "2d"} who looked up
 */
export function paint(canvas, frame, table, { stride = 1, gl = null } = {}) {
  const { rows, columns, color } = frame.info;
  const [width, height] = [Math.ceil(columns / stride), Math.ceil(rows / stride)];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const drawn = table && !color ? gl?.draw(frame, table, stride) : null;
  if (drawn) {
    context.drawImage(drawn, 0, 0);
    return "webgl2";
  }
  let image = images.get(canvas);
  if (image?.width !== width || image.height !== height) images.set(canvas, (image = context.createImageData(width, height)));
  const out = new Uint32Array(image.data.buffer);
  if (color) paintColor(frame.values, out);
  else if (table && stride === 1) paintGray(frame.values, grayPixels(table), out);
  else if (table) paintCoarse(frame.values, frame.info, grayPixels(table), out, stride);
  context.putImageData(image, 0, 0);
  return "2d";
}

/** Where an overlay is drawn: a colour that no gray picture has. (A, B, G, R) */
const OVERLAY = 0xff4fc8ff;

/** @param {HTMLCanvasElement} canvas @param {{rows: number, columns: number}} info @param {Uint8Array} overlay 1 where something is drawn */
export function paintOverlay(canvas, { rows, columns }, overlay) {
  if (canvas.width !== columns) canvas.width = columns;
  if (canvas.height !== rows) canvas.height = rows;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const image = context.createImageData(columns, rows);
  const out = new Uint32Array(image.data.buffer);
  for (let i = 0; i < overlay.length; i++) if (overlay[i]) out[i] = OVERLAY;
  context.putImageData(image, 0, 0);
}
