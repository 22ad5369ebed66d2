/** Results in a folder, with a journal beside them, so that what was interrupted goes on. */
import { inLanes } from "../lanes.js";
import { VeilError } from "../errors.js";
import { PICTURES } from "../model/names.js";
import { digestOf } from "./digest.js";
import { createJournal } from "./journal.js";
import { picturesOf } from "./pictures.js";
import { createWatch } from "./slow.js";

const BESIDE = ["report.json", "SHA256SUMS", "DICOMDIR", PICTURES];

/**
 * @typedef {import("../types.js").Treated} Treated
 * @param {import("../types.js").Calls} calls @param {import("./folder.js").Folder} folder
 * @param {{profile: unknown, layout: string}} made
 * @param {ReturnType<typeof import("./treatments.js").createTreatments>} treatments
 * @param {import("./work.js").Cleaning} cleaning @param {() => void} onSlow each file takes long
 */
export function treeOutlet(calls, folder, made, treatments, cleaning, onSlow) {
  const journal = createJournal(calls, folder, made);
  const watch = createWatch(onSlow);

  /** What was finished before and is still as it was. @param {import("./plan.js").Plan} plan */
  async function resume(plan) {
    journal.about(pixelsOf(plan, cleaning));
    const before = await journal.entries(plan.headers, plan.names);
    if (before) await tidy(plan);
    else await assertFree(plan);
    /** @type {Map<number, {row: Treated, link: import("../types.js").Link}>} */
    const found = new Map();
    const checks = (before?.rows ?? []).map((row, i) => ({ row, link: /** @type {import("../types.js").Link} */ (before?.links[i]) }));
    await inLanes(checks, calls.room, async ({ row, link }) => {
      const file = await folder.read(row.file);
      const same = file?.size === row.size && file !== null && (await digestOf(calls, file)).sha256 === row.sha256;
      if (same) found.set(row.number, { row: treatments.shared({ ...row, touched: JSON.stringify(before?.touched[row.shape]) }), link });
    });
    const uids = new Map(plan.jobs.map(({ number, uid }) => [number, uid]));
    const finished = [...found.values()].sort((a, b) => a.row.number - b.row.number);
    await journal.begin(finished.map(({ row }) => ({ row, uid: uids.get(row.number) ?? "" })), treatments.touched);
    return found;
  }

  /** Without what the browser left half written, and without pictures: all are made again. @param {import("./plan.js").Plan} plan */
  async function tidy({ jobs, names }) {
    await folder.sweep([...names.map(([, name]) => name), ...BESIDE]);
    if (!(await folder.names()).includes(PICTURES)) return;
    const pictures = picturesOf(jobs).map(({ name }) => name);
    await folder.sweep(pictures);
    for (const name of pictures) await folder.remove(name);
  }

  /** No file of another run is replaced unasked. @param {import("./plan.js").Plan} plan */
  async function assertFree({ names }) {
    const there = new Set(await folder.names());
    const mine = new Set(names.map(([, name]) => name.split("/")[0]));
    if ([...mine, ...BESIDE].some((name) => there.has(name))) throw new VeilError("folder-used");
  }

  return {
    resume,
    read: folder.read,
    write: folder.write,
    /** @param {number} _index @param {string} name @param {Blob | Uint8Array<ArrayBuffer> | null} content */
    async put(_index, name, content) {
      if (content) await watch.timed(content instanceof Blob ? content.size : content.byteLength, () => folder.write(name, content));
    },
    /** @param {Treated} row @param {string} uid */
    told: (row, uid) => journal.add(row, uid, treatments.touched),
    /** @param {{name: string, content: Blob}[]} more */
    async end(more) {
      await journal.flush(treatments.touched);
      for (const { name, content } of more) await folder.write(name, content);
    },
    /** What is finished stays, and is known to be. */
    abort: () => journal.flush(treatments.touched).catch(() => {}),
  };
}

/**
 * What becomes of all pixels, as one text; empty where nobody looked into any. A run with other regions must not take
 * over results of this one.
 * @param {import("./plan.js").Plan} plan @param {import("./work.js").Cleaning} cleaning
 */
function pixelsOf({ jobs }, cleaning) {
  const all = jobs.map(({ item, uid }) => [uid, cleaning(item)]).filter(([, one]) => Object.keys(one).length);
  return all.length ? JSON.stringify(all.sort(([a], [b]) => (a < b ? -1 : 1))) : "";
}
