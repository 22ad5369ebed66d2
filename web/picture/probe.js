/** The name of the unit that is none. */
const STORED = "stored";

/**
 * What stands under a pixel: its stored value (in colour: three), and what that is in the units the file allows. Pure.
 * @param {import("../types.js").LoadedFrame} frame @param {number} column from 0 @param {number} row from 0
 * @returns {{stored: number[], values: {value: number, unit: string}[]}}
 */
export function probe(frame, column, row) {
  const { columns, color, scale, offset, rescale, units } = frame.info;
  const at = row * columns + column;
  if (color) return { stored: [0, 1, 2].map((channel) => frame.values[3 * at + channel]), values: [] };
  const stored = frame.values[at] * scale + offset;
  const known = units ?? (rescale ? [{ name: rescale.unit, slope: rescale.slope, intercept: rescale.intercept }] : []);
  return { stored: [stored], values: known.filter(({ name }) => name && name !== STORED).map(({ name, slope, intercept }) => ({ value: stored * slope + intercept, unit: name })) };
}
