/**
 * From what a person drops to files. Nothing is read here.
 *
 * There are two ways into a folder. Entries work everywhere but on a Chromium page opened from disk, where they
 * refuse (EncodingError); handles work there, but Firefox has none. Both have to be asked for before anything is
 * awaited: the browser empties the list after the event.
 */

/** @param {DataTransfer} transfer @returns {Promise<File[]>} all files of a drop, folders walked to the bottom */
export async function filesOf(transfer) {
  const items = [...transfer.items].filter((item) => item.kind === "file");
  const entries = items.map((item) => item.webkitGetAsEntry());
  const plain = [...transfer.files];
  if (!entries.some((entry) => entry?.isDirectory)) return plain;
  const handles = items.map(handleOf);
  const found = await Promise.all(handles.map(async (asked, i) => {
    const handle = await asked;
    return handle ? throughHandle(handle) : throughEntry(/** @type {FileSystemEntry} */ (entries[i]));
  }));
  return found.flat();
}

/** @param {DataTransferItem} item @returns {Promise<FileSystemHandle | null>} */
async function handleOf(item) {
  return "getAsFileSystemHandle" in item ? /** @type {any} */ (item).getAsFileSystemHandle() : null;
}

/** @param {FileSystemHandle} handle @returns {Promise<File[]>} */
async function throughHandle(handle) {
  if (handle.kind === "file") return [await /** @type {FileSystemFileHandle} */ (handle).getFile()];
  /** @type {File[]} */
  const files = [];
  for await (const inside of /** @type {any} */ (handle).values()) files.push(...(await throughHandle(inside)));
  return files;
}

/** @param {FileSystemEntry} entry @returns {Promise<File[]>} */
async function throughEntry(entry) {
  if (entry.isFile) {
    return [await new Promise((resolve, reject) => /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject))];
  }
  const inside = await children(/** @type {FileSystemDirectoryEntry} */ (entry));
  return (await Promise.all(inside.map(throughEntry))).flat();
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
