/**
 * Seconds left if the rest goes as fast as what is done; null while that would be a guess.
 * @param {{done: number, total: number, startedAt: number}} work `startedAt` in ms @param {number} now ms
 * @returns {number | null}
 */
export function secondsLeft({ done, total, startedAt }, now) {
  const spent = (now - startedAt) / 1000;
  if (done < 1 || spent < 1 || done >= total) return null;
  return Math.ceil((spent / done) * (total - done));
}
