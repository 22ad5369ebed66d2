import { bytesOf, codeOf, troubleOf } from "../calls.js";
import { download, zip } from "../download.js";
import { VeilError } from "../errors.js";
import { imageName } from "../model/names.js";
import { wired } from "../model/profile.js";
import { canDeidentify, order } from "../model/tree.js";
import { withItem } from "../store.js";
import { words } from "../words/words.js";
import { quarantine, say, sayError } from "./say.js";

/** After Cancel the instance in work may still end by itself for this long; then its worker is stopped. */
const PATIENCE_MS = 1500;

/**
 * Several instances to one download.
 * @typedef {import("../types.js").Item} Item
 * @param {import("../types.js").Store} store @param {import("../types.js").Calls} calls
 */
export function deidentifyActions(store, calls) {
  /** @type {AbortController | null} */
  let running = null;

  /** @param {Item} item @param {Partial<Item>} change */
  function mark(item, change) {
    store.update(({ items }) => ({ items: withItem(items, item.id, change) }));
  }

  /** @param {Item} item @param {number} number @param {import("../types.js").Profile | string} profile @param {AbortSignal} signal */
  async function one(item, number, profile, signal) {
    const params = { instance: item.id, number, profile };
    const { result, buffers } = await calls.call("deidentify", params, { file: item.file, signal });
    await assertThere(item.file);
    return { name: `${imageName(number)}.dcm`, blob: assemble(result.parts, buffers, item.file), row: result.row, link: result.link };
  }

  /** @param {Item[]} able @param {import("../types.js").Profile | string} profile @param {AbortSignal} signal */
  async function all(able, profile, signal) {
    /** @type {Awaited<ReturnType<typeof one>>[]} */
    const outputs = [];
    /** @type {import("../types.js").Refused[]} */
    const refused = [];
    for (const [i, item] of able.entries()) {
      signal.throwIfAborted();
      mark(item, { state: "working" });
      try {
        outputs.push(await one(item, i + 1, profile, signal));
        mark(item, { state: "ready" });
      } catch (error) {
        mark(item, { state: "ready" });
        signal.throwIfAborted();
        const trouble = troubleOf(error);
        quarantine(store, item.id, trouble);
        refused.push({ number: i + 1, code: trouble.code, reason: words.trouble(trouble), ...(trouble.hits && { hits: trouble.hits }) });
      }
      store.update(({ busy }) => ({ busy: busy && { ...busy, done: i + 1 } }));
    }
    return { outputs, refused };
  }

  async function deidentify() {
    const { items, busy, boot } = store.get();
    const able = order(items).filter(canDeidentify);
    if (busy || !boot.ready || able.length === 0) return;
    const aborter = (running = new AbortController());
    const profile = wired(store.get());
    const total = able.length;
    store.update(() => ({ message: null, busy: { kind: "deidentify", done: 0, total, startedAt: Date.now(), cancelling: false } }));
    try {
      const { outputs, refused } = await all(able, profile, aborter.signal);
      await save(outputs);
      const saved = new Set(outputs.map(({ name }) => name));
      const done = new Set(able.filter((_, i) => saved.has(`${imageName(i + 1)}.dcm`)).map((item) => item.id));
      store.update((state) => ({
        items: state.items.map((item) => (done.has(item.id) ? { ...item, state: "done" } : item)),
        report: { rows: outputs.map(({ row }) => row), refused, profile },
        links: outputs.map(({ link }) => link),
      }));
      const text = outputs.length ? words.message.saved(outputs.length, refused.length) : words.message.nothingSaved;
      say(store, { tone: outputs.length ? "good" : "bad", text });
    } catch (error) {
      sayError(store, aborter.signal.aborted ? "cancelled" : error instanceof DOMException ? "file-gone" : codeOf(error));
    } finally {
      running = null;
      store.update(() => ({ busy: null }));
    }
  }

  /** Lets the current instance end if it ends soon; stops its worker if not. */
  function cancel() {
    const aborter = running;
    if (!aborter || aborter.signal.aborted) return;
    aborter.abort();
    store.update(({ busy }) => ({ busy: busy && { ...busy, cancelling: true } }));
    setTimeout(() => { if (running === aborter) calls.cancel(); }, PATIENCE_MS);
  }

  return { deidentify, cancel };
}

/**
 * What is saved takes its pixels from the file as it is when it is saved, and a download that can't be read fails
 * without telling the page. The browser refuses to read a file that has moved or changed.
 * @param {File} file
 */
async function assertThere(file) {
  try {
    await file.slice(0, 1).arrayBuffer();
  } catch {
    throw new VeilError("file-gone");
  }
}

/**
 * The output as a Blob. Pixel data that did not change is a slice of the input: it is never copied into memory.
 * @param {({buffer: number} | {start: number, end: number})[]} parts
 * @param {(ArrayBuffer | ArrayBufferView)[]} buffers @param {File} file
 */
function assemble(parts, buffers, file) {
  const pieces = parts.map((part) => ("buffer" in part ? bytesOf(buffers[part.buffer]) : file.slice(part.start, part.end)));
  return new Blob(pieces, { type: "application/dicom" });
}

/** @param {{name: string, blob: Blob}[]} outputs */
async function save(outputs) {
  if (outputs.length === 1) download(outputs[0].blob, `veil-${outputs[0].name}`);
  else if (outputs.length > 1) download(await zip(outputs), "veil.zip");
}
