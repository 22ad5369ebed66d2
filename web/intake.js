/**
 * From what a person drops or chooses to files. Nothing is read here, and no file of a folder is looked up.
 *
 * There are two ways into a folder. Entries work everywhere but on a Chromium page opened from disk, where they
 * refuse (EncodingError); handles work there, but Firefox has none, and on a page over plain http Chromium offers
 * them and ends the tab that takes one ("File System Access access from Unsecure Origin"). Both have to be asked for
 * before anything is awaited: the browser empties the list after the event. A handle takes as much memory as a `File`;
 * an entry, or a name in the handle of its folder, takes next to none.
 *
 * @typedef {{file: File | import("./types.js").Packed, path: string} | {path: string, closed: true}} Found a file with
 *   its place below what was dropped, or a folder that can't be looked into
 */
import { VeilError } from "./errors.js";
import { fileAt } from "./ondisk.js";

/** @param {Iterable<File>} files of an input, which says where in the chosen folder each was @returns {Found[]} */
export function foundIn(files) {
  return [...files].map((file) => ({ file, path: file.webkitRelativePath || file.name }));
}

/** So many files the browser makes at one go, while the page waits; more are asked for one by one where it can. */
const FEW = 200;
/** Whether handles are the way into a folder that was dropped. */
const byHandles = () => location.protocol === "file:" && "getAsFileSystemHandle" in DataTransferItem.prototype;

/** @param {DataTransfer} transfer @returns {AsyncIterable<Found>} all files of a drop, folders walked to the bottom */
export function filesOf(transfer) {
  const items = [...transfer.items].filter((item) => item.kind === "file");
  const entries = items.map((item) => item.webkitGetAsEntry());
  const walks = entries.some((entry) => entry?.isDirectory) || (items.length > FEW && entries.every(Boolean));
  return walks ? walk(items.map(handleOf), entries) : each(foundIn(transfer.files));
}

/** Whether a folder can be chosen as a handle, whose files come as they are found, and not all at one go. */
export const canChooseFolder = () => isSecureContext && "showDirectoryPicker" in globalThis;

/**
 * All files of a folder that the person chooses. Must be asked for while a click is being handled.
 * @returns {Promise<AsyncIterable<Found> | null>} null: thought better of it
 */
export async function chosenFolder() {
  try {
    const handle = await /** @type {any} */ (globalThis).showDirectoryPicker({ id: "veil-in", mode: "read" });
    return throughHandle(handle, handle.name);
  } catch (error) {
    if (/** @type {DOMException} */ (error).name === "AbortError") return null;
    throw new VeilError("closed-folder");
  }
}

/** @template T @param {T[]} list */
async function* each(list) {
  yield* list;
}

/** @param {Promise<FileSystemHandle | null>[]} handles @param {(FileSystemEntry | null)[]} entries @returns {AsyncGenerator<Found>} */
async function* walk(handles, entries) {
  for (const [i, asked] of handles.entries()) {
    const handle = await asked.catch(() => null);
    const entry = entries[i];
    if (handle) yield* throughHandle(handle, handle.name);
    else if (entry) yield* throughEntry(entry, entry.name);
  }
}

/** @param {DataTransferItem} item @returns {Promise<FileSystemHandle | null>} */
async function handleOf(item) {
  return byHandles() ? /** @type {any} */ (item).getAsFileSystemHandle() : null;
}

/** @param {FileSystemDirectoryHandle} folder @param {string} name */
const inFolder = async (folder, name) => (await folder.getFileHandle(name)).getFile();
/** @param {FileSystemFileHandle} handle */
const byHandle = (handle) => handle.getFile();
/** @param {FileSystemFileEntry} entry @returns {Promise<File>} */
const byEntry = (entry) => new Promise((resolve, reject) => entry.file(resolve, reject));

/** @param {any} handle @param {string} path @param {FileSystemDirectoryHandle} [folder] that it is in @returns {AsyncGenerator<Found>} */
async function* throughHandle(handle, path, folder) {
  const { kind, name } = handle;
  try {
    if (kind === "file") yield { file: folder ? fileAt(name, folder, inFolder) : fileAt(name, handle, byHandle), path };
    else for await (const inside of handle.values()) yield* throughHandle(inside, `${path}/${inside.name}`, handle);
  } catch {
    yield { path, closed: true };
  }
}

/** @param {FileSystemEntry} entry @param {string} path @returns {AsyncGenerator<Found>} */
async function* throughEntry(entry, path) {
  try {
    if (entry.isFile) yield { file: fileAt(entry.name, /** @type {FileSystemFileEntry} */ (entry), byEntry), path };
    else for await (const inside of children(/** @type {FileSystemDirectoryEntry} */ (entry))) yield* throughEntry(inside, `${path}/${inside.name}`);
  } catch {
    yield { path, closed: true };
  }
}

/** @param {FileSystemDirectoryEntry} folder @returns {AsyncGenerator<FileSystemEntry>} readEntries gives a hundred at a time */
async function* children(folder) {
  const reader = folder.createReader();
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return;
    yield* some;
  }
}
