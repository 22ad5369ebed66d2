import { downloadZip } from "client-zip";

/** How long the browser may take to begin reading an object URL before we give the memory back. */
const KEEP_MS = 60_000;

/** @param {Blob} blob @param {string} name */
export function download(blob, name) {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEEP_MS);
}

/**
 * One ZIP. Every entry bears the same date, so that it doesn't say when anything was made.
 * client-zip writes local time, hence a local date: the bytes are the same in every time zone.
 * @param {readonly {name: string, blob: Blob}[]} files
 * @returns {Promise<Blob>}
 */
export function zip(files) {
  const lastModified = new Date(1980, 0, 1);
  return downloadZip(files.map(({ name, blob }) => ({ name, lastModified, input: blob }))).blob();
}
