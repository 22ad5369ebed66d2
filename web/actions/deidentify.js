import { readAhead } from "../ahead.js";
import { createBatch } from "../batch.js";
import { bytesOf, codeOf, troubleOf } from "../calls.js";
import { download, zip } from "../download.js";
import { VeilError } from "../errors.js";
import { inLanes } from "../lanes.js";
import { cleaningOf } from "../model/boxes.js";
import { imageName } from "../model/names.js";
import { wired } from "../model/profile.js";
import { canDeidentify, order } from "../model/tree.js";
import { words } from "../words/words.js";
import { quarantine, say, sayError } from "./say.js";

/** After Cancel the instance in work may still end by itself for this long; then its worker is stopped. */
const PATIENCE_MS = 1500;
/** Instances under way: one in work, one that waits for the worker, one that is read from disk or checked. */
const UNDER_WAY = 3;

/**
 * Several instances to one download.
 * @typedef {import("../types.js").Item} Item
 * @param {import("../types.js").Store} store @param {import("../types.js").Calls} calls
 * @param {(item: Item, signal: AbortSignal) => Promise<void>} prove that what goes from its pixels is gone; fails if not
 */
export function deidentifyActions(store, calls, prove) {
  /** @type {AbortController | null} */
  let running = null;
  /** Whether the instance before had attributes behind its pixels; the next one is likely of the same kind. */
  let tail = false;

  /** @param {Item} item @param {number} number @param {import("../types.js").Profile | string} profile @param {AbortSignal} signal */
  async function one(item, number, profile, signal) {
    const { pixels } = store.get();
    const params = { instance: item.id, number, profile, ...cleaningOf(pixels.of[item.id], pixels) };
    await prove(item, signal);
    const pieces = await readAhead(item.file, tail);
    const { result, buffers } = await calls.call("deidentify", params, { file: item.file, pieces, signal });
    const last = result.parts.findLast((/** @type {object} */ part) => "end" in part);
    tail = last !== undefined && last.end < item.file.size;
    await assertThere(item.file);
    return { name: `${imageName(number)}.dcm`, blob: assemble(result.parts, buffers, item.file), row: result.row, link: result.link };
  }

  /** @param {Item[]} able @param {import("../types.js").Profile | string} profile @param {AbortSignal} signal */
  async function all(able, profile, signal) {
    /** @type {Awaited<ReturnType<typeof one>>[]} in places of their own, since they need not end in order */
    const outputs = [];
    /** @type {import("../types.js").Refused[]} */
    const refused = [];
    const batch = createBatch(store);
    await inLanes(able, UNDER_WAY, async (item, i) => {
      signal.throwIfAborted();
      batch.mark(item.id, { state: "working" });
      try {
        outputs[i] = await one(item, i + 1, profile, signal);
        batch.mark(item.id, { state: "ready" });
      } catch (error) {
        batch.mark(item.id, { state: "ready" });
        signal.throwIfAborted();
        const trouble = troubleOf(error);
        batch.tell();
        quarantine(store, item.id, trouble);
        refused[i] = { number: i + 1, code: trouble.code, reason: words.trouble(trouble), ...(trouble.hits && { hits: trouble.hits }) };
      }
      batch.count();
    }).finally(batch.tell);
    return { outputs: Object.values(outputs), refused: Object.values(refused) };
  }

  async function deidentify() {
    const { items, busy, boot } = store.get();
    const able = order(items).filter(canDeidentify);
    if (busy || !boot.ready || able.length === 0 || store.get().pixels.work) return;
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
