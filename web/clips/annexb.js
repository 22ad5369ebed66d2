/**
 * A stream of H.264 without a container, cut into pictures (ITU-T H.264 annex B and 7.4.1.2.3). Pure.
 * @typedef {{start: number, end: number, key: boolean}} Unit bytes of one access unit, start codes included
 */
const SLICE = 1;
const KEY_SLICE = 5;
/** What may stand before the first slice of a picture, and nowhere else in it: SEI, SPS, PPS, delimiter. */
const BEFORE = new Set([6, 7, 8, 9]);

/** @param {Uint8Array} stream @returns {Unit[]} in order of decoding */
export function accessUnits(stream) {
  /** @type {Unit[]} */
  const units = [];
  let open = { start: -1, end: -1, key: false, slices: 0 };
  const close = (/** @type {number} */ end) => { if (open.slices) units.push({ start: open.start, end, key: open.key }); };
  for (const { at, header } of nalUnits(stream)) {
    const type = stream[header] & 31;
    const isSlice = type === SLICE || type === KEY_SLICE;
    const begins = BEFORE.has(type) || (isSlice && (stream[header + 1] & 0x80) !== 0); // first_mb_in_slice is 0
    if (begins && open.slices) {
      close(at);
      open = { start: at, end: -1, key: false, slices: 0 };
    }
    if (open.start < 0) open.start = at;
    if (isSlice) open.slices++;
    if (type === KEY_SLICE) open.key = true;
  }
  close(stream.length);
  return units;
}

/** @param {Uint8Array} stream `at`: where its start code begins, `header`: its first byte */
function* nalUnits(stream) {
  for (let i = stream.indexOf(1, 2); i > 0; i = stream.indexOf(1, i + 1)) {
    if (stream[i - 1] === 0 && stream[i - 2] === 0 && i + 1 < stream.length) yield { at: stream[i - 3] === 0 ? i - 3 : i - 2, header: i + 1 };
  }
}

/** The codec as browsers name it, from the profile, constraints and level of the first SPS. @param {Uint8Array} stream @param {string} usual */
export function codecOf(stream, usual) {
  for (const { header } of nalUnits(stream)) {
    if ((stream[header] & 31) === 7) return `avc1.${[1, 2, 3].map((i) => stream[header + i].toString(16).padStart(2, "0")).join("")}`;
  }
  return usual;
}
