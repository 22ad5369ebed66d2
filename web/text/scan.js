/**
 * Carries what Python asks of the models to the workers that run them, and the answers back as they come, until Python
 * has looked at all frames. Python never waits: it makes ready what is asked next, and pictures are shown meanwhile.
 */
import { bytesOf, codeOf } from "../calls.js";
import { framesOf } from "../model/walk.js";

/** An instance during whose scan a worker died is scanned once more. */
const TRIES = 2;
const AGAIN = new Set(["reader-failed", "worker-died", "no-job"]);

/**
 * @param {import("../types.js").Calls} calls
 * @param {ReturnType<typeof import("./reader.js").createReader>} reader
 * @param {import("../types.js").Item} item
 * @param {AbortSignal} signal
 * @param {(done: number, total: number) => void} onFrames
 * @param {object} [more] parameters of `scan_start`
 * @returns {Promise<import("../types.js").Scan>}
 */
export async function scan(calls, reader, item, signal, onFrames, more = {}) {
  for (let left = TRIES; ; left--) {
    try {
      return await once(calls, reader, item, signal, onFrames, more);
    } catch (error) {
      signal.throwIfAborted();
      if (left <= 1 || !AGAIN.has(codeOf(error))) throw error;
    }
  }
}

/** @type {typeof scan} */
async function once(calls, reader, item, signal, onFrames, more = {}) {
  const first = await calls.call("scan_start", { instance: item.id, ...more }, { file: item.file, signal });
  const { job } = first.result;
  let over = false;
  let begun = -1;
  let going = false;

  /** @param {{ask: number, model: string, shape: number[]}} ask @param {ArrayBuffer | ArrayBufferView} buffer */
  async function answer({ ask, model, shape }, buffer) {
    const answer = await reader.ask({ model, shape, tensor: bytesOf(buffer) });
    signal.throwIfAborted();
    const content = new Uint8Array(answer.tensor.buffer, answer.tensor.byteOffset, answer.tensor.byteLength);
    const held = { file: { size: content.length }, pieces: [{ start: 0, bytes: /** @type {Uint8Array<ArrayBuffer>} */ (content) }], signal };
    return calls.call("scan_answer", { job, ask, shape: answer.shape }, held);
  }

  try {
    return await new Promise((resolve, reject) => {
      /** @param {typeof first} reply */
      const follow = ({ result, buffers }) => {
        if (over) return;
        if (result.done) return resolve(result.done);
        if (begun < result.progress.done) onFrames((begun = result.progress.done), result.progress.total || framesOf(item));
        if (result.ask) answer(result, buffers[0]).then(follow).catch(reject);
        if (result.more && !going) goOn();
      };
      const goOn = () => {
        going = true; // one at a time, so that an answer never waits behind several
        calls.call("scan_on", { job }).then((reply) => {
          going = false;
          follow(reply);
        }).catch(reject);
      };
      follow(first);
    });
  } catch (error) {
    calls.call("scan_cancel", { job }).catch(() => {}); // a worker that died has forgotten it
    throw error;
  } finally {
    over = true;
  }
}
