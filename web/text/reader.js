/**
 * The page's end of the wire to the worker that runs the models that find and read text (`ocr-worker.js`). Made when
 * it is first asked, replaced when it dies. Every ask ends: with an answer, or with "reader-failed", "model-damaged",
 * "part-missing" or "cancelled".
 */
import { VeilError } from "../errors.js";

const PARTS = { ort: "ort.mjs", wasm: "ort.wasm", detect: "text-detect.onnx", read: "text-read.onnx" };
const PROGRAM = "ocr-worker.js";

/**
 * @typedef {{model: string, shape: number[], tensor: Float32Array}} Ask
 * @typedef {{shape: number[], tensor: Float32Array}} Answer
 * @typedef {{send: (message: object, transfer?: Transferable[]) => Promise<any>, end: (error: VeilError) => void}} Running
 * @param {import("../types.js").Lazy} lazy
 */
export function createReader(lazy) {
  /** @type {Promise<Running> | null} */
  let running = null;

  async function start() {
    const names = Object.entries(PARTS);
    const blobs = await Promise.all(names.map(([, name]) => lazy.part(name)));
    const now = run(await lazy.worker(PROGRAM), () => (running = null));
    await now.send({ parts: Object.fromEntries(names.map(([key], i) => [key, blobs[i]])) });
    return now;
  }

  return {
    /** @param {Ask} ask its tensor is handed over @returns {Promise<Answer>} */
    async ask({ model, shape, tensor }) {
      const mine = (running ??= start());
      mine.catch(() => { if (running === mine) running = null; });
      return (await mine).send({ model, shape, tensor }, [tensor.buffer]);
    },
    /** Gives up what is running; a later ask starts another worker. */
    async stop() {
      const mine = running;
      running = null;
      (await mine?.catch(() => null))?.end(new VeilError("cancelled"));
    },
  };
}

/** @param {Worker} worker @param {() => void} died @returns {Running} */
function run(worker, died) {
  /** @type {Map<number, {resolve: (reply: any) => void, reject: (error: VeilError) => void}>} */
  const pending = new Map();
  /** @type {VeilError | undefined} */
  let over;
  let lastId = 0;

  /** @param {VeilError} error */
  function end(error) {
    over ??= error;
    worker.terminate();
    for (const { reject } of pending.values()) reject(error);
    pending.clear();
  }
  worker.onerror = worker.onmessageerror = () => {
    died();
    end(new VeilError("reader-failed"));
  };
  worker.onmessage = ({ data: { id, ok, shape, tensor, code } }) => {
    const waiting = pending.get(id);
    pending.delete(id);
    if (ok) return waiting?.resolve({ shape, tensor });
    waiting?.reject(new VeilError(code));
    if (code === "model-damaged") return;
    died(); // whatever the runtime said: its memory may be broken
    end(new VeilError("reader-failed"));
  };
  return {
    end,
    send(message, transfer = []) {
      if (over) return Promise.reject(over);
      return new Promise((resolve, reject) => {
        const id = ++lastId;
        pending.set(id, { resolve, reject });
        worker.postMessage({ id, ...message }, transfer);
      });
    },
  };
}
