/**
 * What stands under the pointer. Pure.
 * @param {import("../types.js").LoadedFrame} frame @param {number} column from 0 @param {number} row from 0
 * @returns {{stored: number[], modality: {value: number, unit: string} | null}}
 */
export function probe(frame, column, row) {
  const { columns, color, scale, offset, rescale } = frame.info;
  const at = row * columns + column;
  if (color) return { stored: [0, 1, 2].map((channel) => frame.values[3 * at + channel]), modality: null };
  const stored = frame.values[at] * scale + offset;
  return {
    stored: [stored],
    modality: rescale && { value: stored * rescale.slope + rescale.intercept, unit: rescale.unit },
  };
}

/**
 * The size at which a frame fits a box, its pixels in their true shape.
 * @param {{rows: number, columns: number, pixel_aspect: [number, number]}} info vertical and horizontal size of a pixel
 * @param {{width: number, height: number}} box CSS pixels
 */
export function fit({ rows, columns, pixel_aspect: [vertical, horizontal] }, box) {
  const width = columns * horizontal;
  const height = rows * vertical;
  const scale = Math.min(box.width / width, box.height / height);
  return { width: Math.floor(width * scale), height: Math.floor(height * scale) };
}
