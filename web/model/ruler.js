/** How long a ruler is. Pure. */

/** Lengths that people read at a glance, in mm, shortest first. */
const LENGTHS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/**
 * The longest of them that is no longer than `room`, in parts of which one reads off distances.
 * @param {number} mm of the patient for one CSS pixel @param {number} room CSS pixels
 * @returns {{mm: number, length: number, parts: number} | null} null where none is
 */
export function rulerFor(mm, room) {
  const length = LENGTHS.findLast((one) => one / mm <= room);
  if (!length) return null;
  return { mm: length, length: length / mm, parts: String(length).replace(/[0.]/g, "") === "2" ? 4 : 5 };
}

/**
 * The mm that one CSS pixel is down the screen.
 * @param {{mm: readonly [number, number]}} spacing of rows, of columns
 * @param {{info: {rows: number, columns: number}, size: {width: number, height: number}, unit: number, pose: {turn: number}}} stage
 */
export function mmDown({ mm: [vertical, horizontal] }, { info, size, unit, pose }) {
  return pose.turn % 180 ? (horizontal * info.columns) / (size.width * unit) : (vertical * info.rows) / (size.height * unit);
}
