/**
 * Results as ZIP files, streamed: to a file that the person chose where the browser can, else to the downloads. In
 * parts, the most bytes of one unless a single file is larger, by the command line's rule.
 * @typedef {import("../exports/save.js").Place} Place
 * @typedef {{name: string, blob: Blob | Uint8Array<ArrayBuffer>, size: number}} Entry
 */
import { downloadedZip } from "../exports/save.js";
import { VeilError } from "../errors.js";
import { createOrdered } from "./ordered.js";

/** Bytes that wait to be written beside the next ones. */
const AHEAD = 64 << 20;
/** What a member costs beside its content and twice its name, and the directory's end (`batch/packing.py`). */
const HEADERS = 200;
const DIRECTORY = 200;

/** @param {Place} place @param {number} limit bytes; 0: one ZIP */
export function zipOutlet(place, limit) {
  /** @type {ReturnType<typeof createOrdered<Entry>>} */
  const queue = createOrdered(AHEAD);
  const aborter = new AbortController();
  const writing = (limit ? inParts(queue.entries(), limit, aborter.signal) : place.write(queue.entries(), aborter.signal)).catch((error) => {
    const told = aborter.signal.aborted || error instanceof VeilError ? error : new VeilError("cannot-write");
    queue.fail(told);
    throw told;
  });
  writing.catch(() => {}); // whoever puts or ends is told
  return {
    /** @param {number} index @param {string} name @param {Blob | Uint8Array<ArrayBuffer> | null} content */
    put: (index, name, content) => queue.put(index, content && { name, blob: content, size: sizeOf(content) }),
    /** @param {{name: string, content: Blob}[]} more */
    async end(more) {
      queue.close(more.map(({ name, content }) => ({ name, blob: content, size: content.size })));
      await writing;
    },
    async abort() {
      aborter.abort();
      queue.fail(new VeilError("cancelled"));
      queue.close([]);
      await writing.catch(() => {});
    },
  };
}

/** @param {Blob | Uint8Array} content */
const sizeOf = (content) => (content instanceof Blob ? content.size : content.byteLength);

/** @param {AsyncGenerator<Entry>} entries @param {number} limit @param {AbortSignal} signal */
async function inParts(entries, limit, signal) {
  let next = await entries.next();
  for (let number = 1; !next.done; number++) {
    let total = DIRECTORY;
    const part = async function* () {
      for (let first = true; !next.done; first = false) {
        const { value } = next;
        total += value.size + 2 * value.name.length + HEADERS;
        if (!first && total > limit) return;
        yield value;
        next = await entries.next();
      }
    };
    await downloadedZip(`veil-${String(number).padStart(3, "0")}.zip`).write(part(), signal);
  }
}
