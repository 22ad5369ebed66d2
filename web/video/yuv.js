/**
 * Pixels as video encoders take them: YCbCr 4:2:0, limited range (ITU-T H.273: matrix 1, BT.709, or 5, BT.601). Pure.
 * @typedef {{rows: number, columns: number, color: boolean}} Size
 * @typedef {"bt709" | "smpte170m"} Matrix
 */

/** Share of red and blue in luma. @type {Record<Matrix, [number, number]>} */
const SHARES = { bt709: [0.2126, 0.0722], smpte170m: [0.299, 0.114] };
const GRAY = Uint8Array.from({ length: 256 }, (_, level) => Math.round(16 + (level * 219) / 255));

/**
 * One frame: the luma plane, then the two chroma planes of half the size.
 * @param {Uint8Array} pixels gray, or R, G, B of each pixel @param {Size} size both sides even @param {Matrix} matrix
 * @returns {Uint8Array<ArrayBuffer>} rows × columns × 3 / 2 bytes
 */
export function toI420(pixels, { rows, columns, color }, matrix) {
  const count = rows * columns;
  const planes = new Uint8Array((count * 3) / 2);
  if (color) return colored(pixels, rows, columns, SHARES[matrix], planes);
  for (let i = 0; i < count; i++) planes[i] = GRAY[pixels[i]];
  return planes.fill(128, count);
}

/** @param {Uint8Array} rgb @param {number} rows @param {number} columns @param {[number, number]} shares @param {Uint8Array<ArrayBuffer>} planes */
function colored(rgb, rows, columns, [red, blue], planes) {
  const green = 1 - red - blue;
  const count = rows * columns;
  const half = columns / 2;
  for (let i = 0, j = 0; i < count; i++, j += 3) {
    planes[i] = 16.5 + (219 / 255) * (red * rgb[j] + green * rgb[j + 1] + blue * rgb[j + 2]);
  }
  for (let row = 0; row < rows; row += 2) {
    for (let column = 0; column < columns; column += 2) {
      const at = (row * columns + column) * 3;
      const below = at + columns * 3;
      const r = (rgb[at] + rgb[at + 3] + rgb[below] + rgb[below + 3]) / 4;
      const g = (rgb[at + 1] + rgb[at + 4] + rgb[below + 1] + rgb[below + 4]) / 4;
      const b = (rgb[at + 2] + rgb[at + 5] + rgb[below + 2] + rgb[below + 5]) / 4;
      const luma = red * r + green * g + blue * b;
      const to = count + (row / 2) * half + column / 2;
      planes[to] = 128.5 + ((224 / 255) * (b - luma)) / (2 * (1 - blue));
      planes[to + count / 4] = 128.5 + ((224 / 255) * (r - luma)) / (2 * (1 - red));
    }
  }
  return planes;
}

/**
 * The picture with both sides even: the last row and column are repeated where they are not.
 * @param {Uint8Array} pixels @param {Size} size @returns {{pixels: Uint8Array, size: Size}}
 */
export function evened(pixels, size) {
  const { rows, columns, color } = size;
  if (rows % 2 === 0 && columns % 2 === 0) return { pixels, size };
  const each = color ? 3 : 1;
  const to = { rows: rows + (rows % 2), columns: columns + (columns % 2), color };
  const result = new Uint8Array(to.rows * to.columns * each);
  for (let row = 0; row < to.rows; row++) {
    const from = Math.min(row, rows - 1) * columns * each;
    const line = pixels.subarray(from, from + columns * each);
    result.set(line, row * to.columns * each);
    if (to.columns > columns) result.set(line.subarray(-each), (row * to.columns + columns) * each);
  }
  return { pixels: result, size: to };
}
