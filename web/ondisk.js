/**
 * A file by the way to it. The browser's own `File` takes some 8 KB for as long as it is held, so that of ten thousand
 * none is: each is looked up whenever it is opened, and refused once it is another one than it was at first.
 */
import { VeilError } from "./errors.js";
import { tellOpened } from "./claims.js";

/** @typedef {import("./types.js").Packed} Packed */

/**
 * A class, and one `find` for all of a kind: with closures of its own each took three times the memory.
 * @template T
 * @implements {Packed}
 */
class OnDisk {
  kept = false;
  /** 0 until it has been opened once. */
  size = 0;
  #lastModified = NaN;
  #place;
  #find;

  /** @param {string} name @param {T} place @param {(place: T, name: string) => Promise<File>} find */
  constructor(name, place, find) {
    this.name = name;
    this.#place = place;
    this.#find = find;
  }

  /** Rejects with "file-gone". */
  async open() {
    tellOpened();
    const file = await this.#find(this.#place, this.name).catch(() => null);
    const isOther = file && !Number.isNaN(this.#lastModified) && (this.size !== file.size || this.#lastModified !== file.lastModified);
    if (!file || isOther) throw new VeilError("file-gone");
    this.size = file.size;
    this.#lastModified = file.lastModified;
    return file;
  }
}

/**
 * @template T @param {string} name @param {T} place where it is @param {(place: T, name: string) => Promise<File>} find
 * @returns {Packed} its `size` is 0 until it has been opened once; opening rejects with "file-gone"
 */
export const fileAt = (name, place, find) => new OnDisk(name, place, find);
