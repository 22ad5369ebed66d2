/**
 * The page's end of the wire to the workers that run the models that find and read text (`ocr-worker.js`). Each runs one
 * thing at a time; another is made when all are busy, up to `most`, and replaced when it dies. Every ask ends: with an
 * answer, or with "reader-failed", "model-damaged", "part-missing" or "cancelled".
 */
import { VeilError } from "../errors.js";

const PARTS = { ort: "ort.mjs", wasm: "ort.wasm", detect: "text-detect.onnx", read: "text-read.onnx" };
const PROGRAM = "ocr-worker.js";
const MOST = 4;
/** GB of memory for each: its runtime grows to 0.9 GB by the largest view of a picture. */
const MEMORY_GB = 2;

/**
 * How many this machine may have. Where threads can share memory, one of them has them all.
 * @param {{hardwareConcurrency?: number, deviceMemory?: number}} machine @param {boolean} isolated
 */
export function readersFor({ hardwareConcurrency: cores = 1, deviceMemory: memory = 8 }, isolated) {
  return isolated ? 1 : Math.max(1, Math.min(MOST, cores, Math.floor(memory / MEMORY_GB)));
}

/**
 * @typedef {{model: string, shape: number[], tensor: Uint8Array}} Ask
 * @typedef {{shape: number[], tensor: Float32Array}} Answer
 * @typedef {{send: (message: object, transfer?: Transferable[]) => Promise<any>, end: (error: VeilError) => void}} Running
 * @typedef {{running: Promise<Running>, busy: boolean}} Slot
 * @param {import("../types.js").Lazy} lazy @param {number} [most]
 */
export function createReader(lazy, most = 1) {
  /** @type {Set<Slot>} */
  const slots = new Set();
  /** @type {{enter: (slot: Slot) => void, refuse: (error: VeilError) => void}[]} */
  const waiting = [];

  /** @param {() => void} died */
  async function start(died) {
    const names = Object.entries(PARTS);
    const blobs = await Promise.all(names.map(([, name]) => lazy.part(name)));
    const now = run(await lazy.worker(PROGRAM), died);
    await now.send({ parts: Object.fromEntries(names.map(([key], i) => [key, blobs[i]])) });
    return now;
  }

  function open() {
    // What ended one may have been too little memory for so many.
    const gone = () => { if (slots.delete(slot)) most = Math.max(1, Math.min(most, slots.size)); };
    /** @type {Slot} */
    const slot = { running: start(gone), busy: false };
    slots.add(slot);
    slot.running.catch(gone);
    return slot;
  }

  function admit() {
    while (waiting.length) {
      const slot = [...slots].find(({ busy }) => !busy) ?? (slots.size < most ? open() : null);
      if (!slot) return;
      slot.busy = true;
      waiting.shift()?.enter(slot);
    }
  }

  /** @returns {Promise<Slot>} */
  function place() {
    return new Promise((enter, refuse) => {
      waiting.push({ enter, refuse });
      admit();
    });
  }

  return {
    /** @param {Ask} ask its tensor is handed over @returns {Promise<Answer>} */
    async ask({ model, shape, tensor }) {
      for (;;) {
        const slot = await place();
        try {
          const running = await slot.running.catch((error) => {
            slots.delete(slot);
            if (slots.size === 0) throw error;
          });
          if (running) return await running.send({ model, shape, tensor }, [tensor.buffer]);
        } finally {
          slot.busy = false;
          admit();
        }
      }
    },
    /** Gives up what is running and waiting; a later ask starts another worker. */
    async stop() {
      const cancelled = new VeilError("cancelled");
      for (const { refuse } of waiting.splice(0)) refuse(cancelled);
      const all = [...slots];
      slots.clear();
      await Promise.all(all.map(async ({ running }) => (await running.catch(() => null))?.end(cancelled)));
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
