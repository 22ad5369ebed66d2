/** From what a person drops to files. Nothing is read here. */

/**
 * All files of a drop, folders walked to the bottom. `webkitGetAsEntry` must be asked before anything is awaited:
 * the browser empties the list after the event.
 * @param {DataTransfer} transfer @returns {Promise<File[]>}
 */
export async function filesOf(transfer) {
  const entries = [...transfer.items].map((item) => (item.kind === "file" ? item.webkitGetAsEntry() : null));
  const plain = [...transfer.files];
  const walked = entries.filter((entry) => entry !== null);
  if (walked.length === 0 || walked.every((entry) => entry.isFile)) return plain;
  return (await Promise.all(walked.map(walk))).flat();
}

/** @param {FileSystemEntry} entry @returns {Promise<File[]>} */
async function walk(entry) {
  if (entry.isFile) {
    return [await new Promise((resolve, reject) => /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject))];
  }
  const inside = await children(/** @type {FileSystemDirectoryEntry} */ (entry));
  return (await Promise.all(inside.map(walk))).flat();
}

/** @param {FileSystemDirectoryEntry} folder @returns {Promise<FileSystemEntry[]>} readEntries gives a hundred at a time */
async function children(folder) {
  const reader = folder.createReader();
  /** @type {FileSystemEntry[]} */
  const all = [];
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return all;
    all.push(...some);
  }
}
