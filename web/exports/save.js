import { downloadZip } from "client-zip";
import { download } from "../download.js";

/**
 * Where a ZIP goes: into a file that the person chooses, piece by piece, where the browser can; else into memory and
 * from there to the downloads. Must be asked for while a click is being handled.
 * @typedef {{name: string, blob: Blob | Uint8Array<ArrayBuffer>}} Entry
 * @typedef {{write(entries: AsyncIterable<Entry>, signal: AbortSignal): Promise<void>}} Place
 * @param {string} name @returns {Promise<Place | null>} null: the person has thought better of it
 */
export async function placeForZip(name) {
  const pick = /** @type {any} */ (globalThis).showSaveFilePicker;
  if (typeof pick !== "function") return downloadedZip(name);
  try {
    const handle = await pick.call(globalThis, { suggestedName: name, types: [{ description: "ZIP", accept: { "application/zip": [".zip"] } }] });
    return { write: (entries, signal) => toDisk(handle, entries, signal) };
  } catch (error) {
    if (/** @type {DOMException} */ (error).name === "AbortError") return null;
    return downloadedZip(name);
  }
}

/** Without asking where. @param {string} name @returns {Place} */
export function downloadedZip(name) {
  return { write: (entries, signal) => toDownloads(name, entries, signal) };
}

/** What was begun and not ended leaves nothing behind. @param {any} handle @param {AsyncIterable<Entry>} entries @param {AbortSignal} signal */
async function toDisk(handle, entries, signal) {
  const writable = await handle.createWritable();
  try {
    await zipped(entries).pipeTo(writable, { signal });
  } catch (error) {
    await writable.abort().catch(() => {}); // pipeTo has done it, in most cases
    await handle.remove?.().catch(() => {}); // choosing a name made an empty file
    throw error;
  }
}

/** @param {string} name @param {AsyncIterable<Entry>} entries @param {AbortSignal} signal */
async function toDownloads(name, entries, signal) {
  const blob = await new Response(zipped(entries)).blob();
  signal.throwIfAborted();
  download(blob.slice(0, blob.size, "application/zip"), name);
}

/** @param {AsyncIterable<Entry>} entries every one bears the same date, see download.js */
function zipped(entries) {
  return /** @type {ReadableStream<Uint8Array>} */ (downloadZip(dated(entries)).body);
}

/** @param {AsyncIterable<Entry>} entries */
async function* dated(entries) {
  for await (const { name, blob } of entries) yield { name, lastModified: new Date(1980, 0, 1), input: blob };
}
