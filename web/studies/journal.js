/**
 * What is finished in a folder, in the core's own form, as pieces (`.veil-journal/00000001.jsonl`): a browser can't
 * append to a file. It is written a little behind the results: what is not in it yet is made once more.
 */
import { told } from "../model/headers.js";
import { told as toldRows } from "../model/rows.js";

const FOLDER = ".veil-journal";
const AT_ONCE = 100;
const EVERY_MS = 3000;

const piece = (/** @type {number} */ number) => `${FOLDER}/${String(number).padStart(8, "0")}.jsonl`;

/**
 * @typedef {import("../types.js").Treated} Treated
 * @param {import("../types.js").Calls} calls @param {import("./folder.js").Folder} folder
 * @param {{profile: unknown, layout: string}} made with what; the key is the core's own
 */
export function createJournal(calls, folder, made) {
  let pixels = "";
  let pieces = 0;
  let shapes = 0;
  /** @type {{row: Treated, uid: string}[]} */
  let waiting = [];
  let last = performance.now();
  /** @type {Promise<void>} */
  let writing = Promise.resolve();

  /** @param {{row: Treated, uid: string}[]} some @param {readonly unknown[]} touched @param {boolean} begin */
  async function write(some, touched, begin) {
    const used = [...new Set(some.map(({ row }) => row.shape))];
    const rows = toldRows(some.map(({ row }) => ({ ...row, shape: used.indexOf(row.shape) })));
    const params = { ...made, pixels, begin, shapes, touched: used.map((shape) => touched[shape]), rows, uids: some.map(({ uid }) => uid) };
    const { result, buffers } = await calls.call("journal_write", params);
    shapes = result.shapes;
    await folder.write(piece(++pieces), new Blob(/** @type {BlobPart[]} */ (buffers)));
  }

  /** @returns {Promise<File[]>} the pieces of an earlier run */
  async function earlier() {
    const found = [];
    for (let at = 1, one; (one = await folder.read(piece(at))); at++) found.push(one);
    return found;
  }

  return {
    /** What becomes of the pixels, as one text: a part of what the run is made with. @param {string} text */
    about: (text) => void (pixels = text),
    /** What an earlier run left, or null. Rejects with the core's reason where it was another one. @param {import("./plan.js").Plan["headers"]} headers @param {[number, string][]} names */
    async entries(headers, names) {
      const found = await earlier();
      if (found.length === 0) return null;
      const { result } = await calls.call("journal_read", { ...made, pixels, headers: told(headers), names }, { file: new Blob(found) });
      return /** @type {{rows: any[], touched: unknown[], links: import("../types.js").Link[]}} */ (result);
    },
    /** In the place of an earlier one. @param {{row: Treated, uid: string}[]} finished @param {readonly unknown[]} touched */
    async begin(finished, touched) {
      const old = (await earlier()).length;
      await write(finished, touched, true);
      await folder.sweep(Array.from({ length: old + 1 }, (_, at) => piece(at + 1)));
      for (let at = old; at > 1; at--) await folder.remove(piece(at));
    },
    /** @param {Treated} row @param {string} uid the keyed UID of the instance @param {readonly unknown[]} touched */
    async add(row, uid, touched) {
      waiting.push({ row, uid });
      if (waiting.length < AT_ONCE && performance.now() - last < EVERY_MS) return;
      await this.flush(touched);
    },
    /** @param {readonly unknown[]} touched */
    flush(touched) {
      const some = waiting;
      waiting = [];
      last = performance.now();
      if (some.length) writing = writing.then(() => write(some, touched, false));
      return writing;
    },
  };
}
