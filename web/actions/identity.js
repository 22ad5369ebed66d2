import { troubleOf } from "../calls.js";
import { keyFromPassphrase, SHORTEST } from "../secrets.js";
import { anotherChance } from "../store.js";
import { words } from "../words/words.js";
import { say } from "./say.js";

/**
 * What pseudonyms, UIDs and shifts are made from. The key is held here and nowhere else, so it dies with the tab.
 * @param {import("../types.js").Store} store @param {import("../types.js").Calls} calls @param {string} random this tab's own key
 */
export function identityActions(store, calls, random) {
  let table = /** @type {string | undefined} */ (undefined);

  /** @param {import("../types.js").IdentityWish} wish @returns {Promise<import("../types.js").Trouble | null>} why it was refused */
  async function identify({ passphrase, table: file, keepTable }) {
    if (store.get().busy) return { code: "busy", params: {} };
    if (passphrase !== null && [...passphrase].length < SHORTEST) return { code: "passphrase-short", params: {} };
    store.update(() => ({ stretching: 0 }));
    try {
      const patients = file ? await readable(file) : keepTable ? table : undefined;
      const key = passphrase === null ? random : await keyFromPassphrase(passphrase, (share) => store.update(() => ({ stretching: share })));
      const { result } = await calls.identify({ key, ...(patients !== undefined && { patients }) });
      table = patients;
      store.update(({ identity, items }) => ({
        items: anotherChance(items),
        identity: { version: identity.version + 1, key: passphrase === null ? "random" : "passphrase", patients: patients === undefined ? null : result.patients },
        tags: null,
      }));
      say(store, { tone: "good", text: words.message.identified });
      return null;
    } catch (error) {
      return error instanceof DOMException || error instanceof TypeError ? { code: "table-unreadable", params: {} } : troubleOf(error);
    } finally {
      store.update(() => ({ stretching: null }));
    }
  }
  return { identify };
}

/** @param {File} file UTF-8; another encoding is refused rather than guessed, since IDs must match letter by letter */
async function readable(file) {
  return new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
}

/** The key of this tab: 32 random bytes in hex. */
export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
