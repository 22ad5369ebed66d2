/**
 * Where an instance belongs: its patient, study and series, and its place in reading order. Pure.
 * @typedef {import("../types.js").Inspection} Inspection
 * @typedef {{path: [string, string, string], rank: (string | number)[]}} Series what its instances have in common
 * @typedef {{path: Series["path"], series: Series, plane: number, along: number, temporal: number, number: number}} Place
 */

const LAST = Number.MAX_SAFE_INTEGER;

/** @type {WeakMap<Inspection, Place>} an inspection never changes, and lists are sorted often */
const places = new WeakMap();
/** @type {Pick<Inspection, "patient" | "study" | "series"> | null} of the instance before: the next is mostly of the same series */
let lastOf = null;
/** @type {Series} */
let lastSeries = { path: ["", "", ""], rank: [] };

/** @param {Inspection} inspection @returns {Place} */
export function placeOf(inspection) {
  const known = places.get(inspection);
  if (known) return known;
  const { instance, place: inSpace } = inspection;
  const series = seriesIn(inspection);
  /** @type {Place} */
  const place = {
    path: series.path, series,
    plane: facing(inSpace?.orientation), along: hundredths(inSpace?.along), temporal: inSpace?.temporal ?? LAST, number: instance.number ?? LAST,
  };
  places.set(inspection, place);
  return place;
}

/** @param {Inspection} inspection @returns {Series} */
function seriesIn({ patient, study, series }) {
  if (lastOf?.patient === patient && lastOf.study === study && lastOf.series === series) return lastSeries;
  const first = `p:${patient.pseudonym || `${patient.id}\n${patient.name}`}`;
  const second = `${first}\ns:${study.uid}`;
  const third = `${second}\ne:${series.uid}`;
  const rank = [patient.name.toLowerCase(), first, study.date, study.uid, numberOr(series.number, LAST), series.uid];
  const isSame = lastSeries.path[2] === third;
  if (!isSame || rank.some((value, at) => value !== lastSeries.rank[at])) lastSeries = { path: isSame ? lastSeries.path : [first, second, third], rank };
  lastOf = { patient, study, series };
  return lastSeries;
}

/**
 * The planes of a localizer apart: the axis of the patient that an image is most nearly across.
 * @param {number[] | null | undefined} orientation cosines of rows, then of columns (PS3.3 C.7.6.2.1.1)
 */
function facing(orientation) {
  if (!orientation) return LAST;
  const [a, b, c, d, e, f] = orientation;
  const normal = [b * f - c * e, c * d - a * f, a * e - b * d].map(Math.abs);
  return normal.indexOf(Math.max(...normal));
}

/** @param {number | null | undefined} along mm; slices of one place differ in digits that no scanner knows */
function hundredths(along) {
  return typeof along === "number" ? Math.round(along * 100) : LAST;
}

/** @param {string | number | null} value IS, as text or number; what has none comes last @param {number} otherwise */
function numberOr(value, otherwise) {
  return value === null || value === "" || Number.isNaN(Number(value)) ? otherwise : Number(value);
}

/** @param {Place} a @param {Place} b for Array.sort, which keeps equals as they arrived */
export function comparePlaces(a, b) {
  return (a.series === b.series ? 0 : compareRanks(a.series, b.series)) || a.plane - b.plane || a.along - b.along || a.temporal - b.temporal || a.number - b.number;
}

/** @param {Series} a @param {Series} b */
function compareRanks({ rank: a }, { rank: b }) {
  const i = a.findIndex((value, at) => value !== b[at]);
  return i < 0 ? 0 : a[i] < b[i] ? -1 : 1;
}
