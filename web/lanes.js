/**
 * Does `work` for each of `list`, begun in order, `count` at a time. After a failure nothing more is begun; fails
 * with it once all that was begun has ended.
 * @template T
 * @param {T[]} list @param {number} count @param {(one: T, index: number) => Promise<void>} work
 */
export async function inLanes(list, count, work) {
  const rest = list.entries(); // one iterator for all lanes
  let failed = false;
  async function lane() {
    for (let next = rest.next(); !next.done && !failed; next = rest.next()) {
      const [index, one] = next.value;
      await work(one, index).catch((error) => {
        failed = true;
        throw error;
      });
    }
  }
  const lanes = await Promise.allSettled(Array.from({ length: count }, lane));
  const bad = lanes.find(({ status }) => status === "rejected");
  if (bad?.status === "rejected") throw bad.reason;
}

/**
 * At most `count` at a time of what comes from many sides.
 * @param {number} count
 */
export function createTurns(count) {
  /** @type {Promise<unknown>[]} the last of each lane */
  const lasts = Array.from({ length: count }, () => Promise.resolve());
  let next = 0;
  /** @template T @param {() => Promise<T>} work @returns {Promise<T>} */
  return (work) => {
    const lane = next++ % count;
    const mine = lasts[lane].then(work);
    lasts[lane] = mine.catch(() => {});
    return mine;
  };
}
