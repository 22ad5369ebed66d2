/**
 * A folder that the person chose. A file is written whole or not at all: the browser writes beside it and puts the
 * content in its place when it is closed (File System Standard, `createWritable`); what was begun and not ended is
 * removed. Only a tab that is killed, or a folder that is taken away, can leave an empty file, which the next run fills.
 */
import { VeilError } from "../errors.js";
import { tellOpened } from "../claims.js";

/** @typedef {Blob | Uint8Array<ArrayBuffer>} Content @typedef {ReturnType<typeof folderOf>} Folder */

const SWAP = /^(.*?)(?:\.\d+)?\.crswap$/;

/** Whether this browser lets a page write into a folder. */
export const canChoose = () => "showDirectoryPicker" in globalThis;

/** Must be asked for while a click is being handled. @returns {Promise<Folder | null>} null: thought better of it */
export async function chooseFolder() {
  try {
    return folderOf(await /** @type {any} */ (globalThis).showDirectoryPicker({ id: "veil-out", mode: "readwrite" }));
  } catch (error) {
    if (/** @type {DOMException} */ (error).name === "AbortError") return null;
    throw new VeilError("cannot-write");
  }
}

/** @param {FileSystemDirectoryHandle} root */
export function folderOf(root) {
  /** @type {Map<string, Promise<FileSystemDirectoryHandle>>} opened once each */
  const folders = new Map([["", Promise.resolve(root)]]);

  /** @param {string} path with `/` between its parts @returns {Promise<FileSystemDirectoryHandle>} */
  function open(path) {
    const known = folders.get(path);
    if (known) return known;
    const at = path.lastIndexOf("/");
    const made = open(path.slice(0, Math.max(at, 0))).then((above) => above.getDirectoryHandle(path.slice(at + 1), { create: true }));
    folders.set(path, made);
    made.catch(() => folders.delete(path));
    return made;
  }

  /** @param {string} name */
  function split(name) {
    const at = name.lastIndexOf("/");
    return { folder: name.slice(0, Math.max(at, 0)), file: name.slice(at + 1) };
  }

  return {
    /** @param {string} name @param {Content} content replaces what stands there; rejects with "cannot-write" */
    async write(name, content) {
      const { folder, file } = split(name);
      tellOpened();
      try {
        const place = await open(folder);
        const handle = await place.getFileHandle(file, { create: true });
        try {
          const writable = await handle.createWritable();
          try {
            await writable.write(content);
            await writable.close();
          } catch (error) {
            await writable.abort().catch(() => {});
            throw error;
          }
        } catch (error) {
          if (!(await handle.getFile().then(({ size }) => size, () => 0))) await place.removeEntry(file).catch(() => {});
          throw error;
        }
      } catch (error) {
        throw new VeilError("cannot-write", { kind: String(/** @type {Error} */ (error)?.name) });
      }
    },
    /** @param {string} name @returns {Promise<File | null>} what stands there */
    async read(name) {
      let place = root;
      try {
        const parts = name.split("/");
        for (const part of parts.slice(0, -1)) place = await place.getDirectoryHandle(part);
        return await (await place.getFileHandle(/** @type {string} */ (parts.at(-1)))).getFile();
      } catch (error) {
        if (["NotFoundError", "TypeMismatchError"].includes(/** @type {Error} */ (error)?.name)) return null;
        throw new VeilError("cannot-write");
      }
    },
    /**
     * Removes what the browser was writing into when its tab was killed, or the folder taken away: `NAME.crswap`, or
     * `NAME.1.crswap` (Chromium). Nobody else writes these files now. @param {Iterable<string>} names
     */
    async sweep(names) {
      /** @type {Map<string, Set<string>>} by folder */
      const mine = new Map();
      for (const { folder, file } of [...names].map(split)) mine.set(folder, (mine.get(folder) ?? new Set()).add(file));
      for (const [path, files] of mine) {
        try {
          const place = await open(path);
          const left = [];
          for await (const name of /** @type {any} */ (place).keys()) if (files.has(SWAP.exec(name)?.[1] ?? "")) left.push(name);
          for (const name of left) await place.removeEntry(name);
        } catch {
          throw new VeilError("cannot-write");
        }
      }
    },
    /** @param {string} name @param {boolean} [recursive] whatever it holds */
    async remove(name, recursive = false) {
      const { folder, file } = split(name);
      await (await open(folder)).removeEntry(file, { recursive }).catch(() => {});
      folders.delete(name);
    },
    /** Names of what stands in it. @returns {Promise<string[]>} */
    async names() {
      const found = [];
      try {
        for await (const name of /** @type {any} */ (root).keys()) found.push(String(name));
      } catch {
        throw new VeilError("cannot-write");
      }
      return found.sort();
    },
  };
}
