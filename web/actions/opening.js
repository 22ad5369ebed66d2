import { createBatch } from "../batch.js";
import { troubleOf } from "../calls.js";
import { tallyOf } from "../model/items.js";
import { selectionAfter } from "../model/walk.js";
import { contentOf, fileIn } from "../packed.js";
import { words } from "../words/words.js";
import { quarantine, sayError } from "./say.js";

/** Of what is refused so, there is no instance; what it is besides, the core says. As `report.NO_INSTANCE`. */
const NO_INSTANCE = new Set(["not-dicom", "empty", "directory", "left-out"]);
/** No archive is smaller (an empty ZIP). */
const SMALLEST = 22;

/**
 * What becomes of a file that is no instance: an archive gives its files to the list, a DICOMDIR tells what should be
 * there, the rest is left out with its reason.
 * @typedef {import("../types.js").Item} Item
 * @typedef {import("../types.js").LeftOut} LeftOut
 * @param {import("../types.js").Store} store @param {import("../types.js").Calls} calls
 * @param {ReturnType<typeof createBatch>} batch what is still to be told of others
 */
export function createOpening(store, calls, batch) {
  /** @type {{id: string, path: string, names: string[][]}[]} DICOMDIRs whose files may still come */
  let directories = [];
  /** How many were left out when a list had come to nothing. */
  let told = 0;

  /** @param {Item} item @param {import("../types.js").Trouble} trouble why it is no instance */
  async function notRead(item, trouble) {
    if (!NO_INSTANCE.has(trouble.code)) {
      batch.tell();
      return quarantine(store, item.id, trouble);
    }
    const may = (trouble.code === "not-dicom" || trouble.code === "directory") && item.file.size >= SMALLEST;
    if (!may) return leaveOut(item, trouble);
    try {
      const { result } = await calls.call("take", { inside: Boolean(item.inside) }, { file: item.file, batch: true });
      if (result.kind === "archive") return unpack(item, /** @type {File} */ (await contentOf(item.file)), result.members);
      if (result.kind === "directory") directories.push({ id: item.id, path: item.path, names: result.names });
      leaveOut(item, trouble);
    } catch (error) {
      const { code, params } = troubleOf(error);
      leaveOut(item, { code, params, sentence: code === "internal" ? undefined : /** @type {Error} */ (error).message });
    }
  }

  /** @param {Item} item its files take its place @param {File} archive @param {import("../packed.js").Member[]} members */
  function unpack(item, archive, members) {
    /** @type {Item[]} */
    const inside = [];
    /** @type {LeftOut[]} */
    const refused = [];
    members.forEach((member, i) => {
      const id = `${item.id}-${i + 1}`;
      const name = `${archive.name}, ${i + 1}`;
      if (member.refused) refused.push({ id, name: member.at < 0 ? archive.name : name, trouble: { code: "left-out", params: {}, sentence: member.refused } });
      else inside.push({ id, file: fileIn(archive, member, i + 1, calls), path: `${item.path}/${i + 1}`, state: "queued", inside: true });
    });
    batch.tell();
    store.update(({ items, selected, leftOut }) => ({
      items: items.flatMap((one) => (one.id === item.id ? inside : [one])),
      selected: selected === item.id ? inside[0]?.id ?? selectionAfter(items, selected, new Set([item.id])) : selected,
      leftOut: [...leftOut, ...refused, ...(members.length ? [] : [{ id: item.id, name: archive.name, trouble: { code: "empty", params: {} } }])],
    }));
  }

  /** @param {Item} item @param {import("../types.js").Trouble} trouble */
  function leaveOut(item, trouble) {
    batch.leave({ id: item.id, name: item.file.name, trouble });
  }

  /** A list that came to nothing says why, once. */
  function nothing() {
    const { items, leftOut, listing } = store.get();
    if (items.length || listing || leftOut.length === told) return;
    told = leftOut.length;
    if (!told) return;
    const { trouble } = leftOut[leftOut.length - 1];
    sayError(store, trouble.code, leftOut.length === 1 ? words.trouble(trouble) : words.leftOut.nothing(leftOut.length));
  }

  /** Once all files are there: which of those that a DICOMDIR names are not. */
  async function follow() {
    const { items, leftOut, listing } = store.get();
    if (listing || directories.length === 0 || tallyOf(items).unread) return;
    const asked = directories;
    directories = [];
    for (const { id, path, names } of asked) {
      const folder = path.slice(0, path.lastIndexOf("/") + 1);
      const below = items.filter((one) => one.path.startsWith(folder)).map((one) => one.path.slice(folder.length));
      const { result } = await calls.call("directory_found", { names, below });
      store.update((state) => ({ leftOut: state.leftOut.map((one) => (one.id === id ? { ...one, ...result } : one)) }));
      if (result.missing && leftOut.length) store.update(() => ({ message: { tone: "info", text: words.leftOut.missing(result.missing, result.named) } }));
    }
  }
  store.subscribe(nothing);
  store.subscribe(() => void follow());
  return { notRead };
}
