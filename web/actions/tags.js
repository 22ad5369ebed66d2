import { troubleOf } from "../calls.js";
import { itemOf } from "../model/items.js";
import { wired } from "../model/profile.js";

/**
 * Keeps `tags` the data set of the selected instance by the present profile and identity, while anybody looks at it.
 * One request at a time; whatever is wanted when it is answered comes next.
 * @param {import("../types.js").Store} store @param {import("../types.js").Calls} calls
 */
export function createTagReading(store, calls) {
  let running = false;

  /** @returns {{item: import("../types.js").Item, profile: import("../types.js").Profile, identity: number} | null} */
  function wanted() {
    const { items, selected, profile, identity, view, corners, boot } = store.get();
    const item = itemOf(items, selected);
    const looking = view === "tags" || corners !== "off";
    return looking && boot.ready && item?.inspection && profile ? { item, profile, identity: identity.version } : null;
  }

  async function run() {
    if (running) return;
    running = true;
    for (let wish = wanted(); wish && !isThere(store.get().tags, wish); wish = wanted()) {
      const { item, profile, identity } = wish;
      const of = { id: item.id, profile, identity };
      try {
        const params = { instance: item.id, profile: wired({ ...store.get(), profile }) };
        const { result } = await calls.call("tags", params, { file: item.file });
        put({ ...of, rows: result.rows });
      } catch (error) {
        put({ ...of, rows: [], trouble: troubleOf(error) });
      }
    }
    running = false;
  }

  /** What was asked of an instance that has left the list meanwhile is forgotten. @param {import("../types.js").Tags} tags */
  function put(tags) {
    store.update(({ items }) => ({ tags: items.some((item) => item.id === tags.id) ? tags : null }));
  }
  return store.subscribe(() => void run());
}

/** @param {import("../types.js").Tags | null} tags @param {NonNullable<{item: {id: string}, profile: unknown, identity: number}>} wish */
function isThere(tags, { item, profile, identity }) {
  return tags?.id === item.id && tags.profile === profile && tags.identity === identity;
}
