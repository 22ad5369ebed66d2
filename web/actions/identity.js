import { troubleOf } from "../calls.js";
import { decrypted, hex, isAge, KEY_BYTES, keyFromFile, keyFromPassphrase, SHORTEST } from "../secrets.js";
import { anotherChance } from "../store.js";
import { words } from "../words/words.js";
import { say } from "./say.js";

/** More than any key file or table has; a scan chosen by mistake isn't read as one. */
const LARGEST_BYTES = 64 << 20;
/** @typedef {import("../types.js").IdentityWish} Wish */

/**
 * What pseudonyms, UIDs and shifts are made from. The key is held here and nowhere else, so it dies with the tab.
 * @param {import("../types.js").Store} store @param {import("../types.js").Calls} calls @param {string} random this tab's own key
 */
export function identityActions(store, calls, random) {
  /** @type {import("../types.js").Secret} */
  let secret = { key: random };
  const progress = (/** @type {number} */ share) => store.update(() => ({ stretching: share }));

  /** @param {Wish} wish @returns {Promise<import("../types.js").Trouble | null>} why it was refused */
  async function identify(wish) {
    if (store.get().busy) return { code: "busy", params: {} };
    const code = await refusal(wish);
    if (code) return { code, params: {} };
    progress(0);
    try {
      const patients = wish.table ? await tableOf(wish.table, wish.tablePassphrase, progress) : wish.keepTable ? secret.patients : undefined;
      const key = await keyOf(wish);
      const { people } = secret;
      const next = { key, ...(patients !== undefined && { patients }), ...(people && { people }) };
      const { result } = await calls.identify(next);
      secret = next;
      store.update(({ identity, items }) => ({
        items: anotherChance(items),
        identity: { version: identity.version + 1, key: wish.key, patients: patients === undefined ? null : result.patients },
        tags: null,
      }));
      say(store, { tone: "good", text: words.message.identified });
      return null;
    } catch (error) {
      if (error instanceof Unopened) return { code: "age-unopened", params: {} };
      return error instanceof DOMException || error instanceof TypeError ? { code: "table-unreadable", params: {} } : troubleOf(error);
    } finally {
      store.update(() => ({ stretching: null }));
    }
  }

  /** @param {Wish} wish @returns {Promise<string>} the key in hex */
  async function keyOf({ key, passphrase, keyFile }) {
    if (key === "passphrase") return keyFromPassphrase(passphrase, progress);
    return key === "file" && keyFile ? keyFromFile(new Uint8Array(await keyFile.arrayBuffer())) : random;
  }

  /** Who is who, by a person's answers: pseudonyms are made anew. @param {[string, string, string][]} people */
  async function heed(people) {
    if (JSON.stringify(people) === JSON.stringify(secret.people ?? [])) return;
    const next = { ...secret, people };
    await calls.identify(next);
    secret = next;
    store.update(({ identity, items }) => ({ items: anotherChance(items), identity: { ...identity, version: identity.version + 1 }, tags: null }));
  }
  return { identify, heed };
}

/** What can be told before anything is computed. @param {Wish} wish @returns {Promise<string>} a code, or nothing */
async function refusal({ key, passphrase, keyFile, table, tablePassphrase }) {
  if (key === "passphrase" && [...passphrase].length < SHORTEST) return "passphrase-short";
  if (key === "file" && !keyFile) return "key-missing";
  if (key === "file" && keyFile && keyFile.size < KEY_BYTES) return "key-short";
  if ((key === "file" && keyFile && keyFile.size > LARGEST_BYTES) || (table && table.size > LARGEST_BYTES)) return "file-large";
  return table && !tablePassphrase && (await isAge(table)) ? "age-passphrase" : "";
}

class Unopened extends Error {}

/**
 * UTF-8; another encoding is refused rather than guessed, since IDs must match letter by letter.
 * @param {File} file a table, or a re-identification table that `age` opens @param {string} passphrase @param {(share: number) => void} progress
 */
async function tableOf(file, passphrase, progress) {
  const content = new Uint8Array(await file.arrayBuffer());
  const plain = (await isAge(file)) ? await decrypted(content, passphrase, progress).catch(() => { throw new Unopened(); }) : content;
  return new TextDecoder("utf-8", { fatal: true }).decode(plain);
}

/** The key of this tab: 32 random bytes in hex. */
export function newKey() {
  return hex(crypto.getRandomValues(new Uint8Array(KEY_BYTES)));
}
