/**
 * A file by the way to it. The browser's own `File` takes some 8 KB for as long as it is held, so that of ten thousand
 * none is: each is looked up whenever it is opened, and refused once it is another one than it was at first.
 */
import { VeilError } from "./errors.js";
import { tellOpened } from "./claims.js";

/**
 * @param {string} name @param {() => Promise<File>} find
 * @returns {import("./types.js").Packed} its `size` is 0 until it has been opened once; opening rejects with "file-gone"
 */
export function fileAt(name, find) {
  /** @type {{size: number, lastModified: number} | null} */
  let first = null;
  return {
    name,
    get size() {
      return first?.size ?? 0;
    },
    kept: false,
    async open() {
      tellOpened();
      const file = await find().catch(() => null);
      if (!file || (first && (first.size !== file.size || first.lastModified !== file.lastModified))) throw new VeilError("file-gone");
      first ??= { size: file.size, lastModified: file.lastModified };
      return file;
    },
  };
}
