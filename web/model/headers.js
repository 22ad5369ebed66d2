/**
 * Headers of many instances as they go to the core: what those of a series have in common is told once. Pure.
 * @typedef {import("../types.js").Header} Header
 */

/** @param {Iterable<readonly [number, Header]>} headers by number */
export function told(headers) {
  /** @type {Map<Header[0], number>} each is held once (`shared.js`) */
  const places = new Map();
  /** @type {{numbers: number[], of: number[], uids: string[], new_uids: string[], places: number[]}} */
  const own = { numbers: [], of: [], uids: [], new_uids: [], places: [] };
  for (const [number, [common, uid, newUid, place]] of headers) {
    if (!places.has(common)) places.set(common, places.size);
    own.numbers.push(number);
    own.of.push(/** @type {number} */ (places.get(common)));
    own.uids.push(uid);
    own.new_uids.push(newUid);
    own.places.push(place);
  }
  return { common: [...places.keys()], ...own };
}
