/** One worker's life: boot, calls, end. What waits for a worker that ends is told so. */
import { VeilError } from "./errors.js";
import { inflate } from "./parts.js";

/**
 * @param {object} options
 * @param {Map<string, Blob>} options.parts
 * @param {import("./types.js").Secret & {build?: string}} options.secret
 * @param {WebAssembly.Module | undefined} options.module compiled by an earlier worker
 * @param {(progress: import("./bridge.js").Boot) => void} options.onBoot
 * @param {(module: WebAssembly.Module) => void} options.onModule
 * @param {(error: VeilError, booted: boolean) => void} options.onFailed
 */
export function startSession({ parts, secret, module, onBoot, onModule, onFailed }) {
  /** @type {Map<number, {resolve: (reply: any) => void, reject: (error: VeilError) => void, patience: number}>} in the order of their turn */
  const pending = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} Runs while the first of them may be at work. */
  let watch;
  /** @type {Worker | undefined} */
  let worker;
  let url = "";
  /** @type {VeilError | undefined} Why it is over. */
  let over;
  let booted = false;
  let lastId = 0;

  /** @param {VeilError} error */
  function end(error) {
    over ??= error;
    clearTimeout(watch);
    worker?.terminate();
    URL.revokeObjectURL(url);
    for (const { reject } of pending.values()) reject(error);
    pending.clear();
  }

  /** @param {VeilError} error */
  function fail(error) {
    if (over) return;
    end(error);
    onFailed(error, booted);
  }

  /** @param {MessageEvent} message */
  function receive({ data }) {
    if (data.event === "boot") onBoot({ stage: data.stage, done: data.done, total: data.total });
    else if (data.event === "module") onModule(data.module);
    else if (data.event === "died") fail(new VeilError(booted ? "worker-died" : "boot-failed", data.params));
    else settle(data);
  }

  /** @param {{id: number, ok: boolean, result: string, buffers: ArrayBuffer[], error: any}} reply */
  function settle({ id, ok, result, buffers, error }) {
    const waiting = pending.get(id);
    pending.delete(id);
    wait();
    if (ok) waiting?.resolve({ result: JSON.parse(result), buffers });
    else waiting?.reject(new VeilError(error.code, error.hits ? { ...error.params, hits: error.hits } : error.params, error.message));
  }

  /** A worker answers in order: its patience begins anew with each that comes to its turn. */
  function wait() {
    clearTimeout(watch);
    const [first] = pending.values();
    if (first && Number.isFinite(first.patience)) watch = setTimeout(() => fail(new VeilError("worker-died", { kind: "hung" })), first.patience);
  }

  /** @param {string} method @param {object} params @param {object} [more] @param {number} [patience] ms */
  function send(method, params, more = {}, patience = Infinity) {
    return new Promise((resolve, reject) => {
      if (over) return reject(over);
      const id = ++lastId;
      pending.set(id, { resolve, reject, patience });
      if (pending.size === 1) wait();
      worker?.postMessage({ id, method, params: JSON.stringify(params), ...more });
    });
  }

  async function boot() {
    const program = await inflate(part("worker.js"), "text/javascript");
    if (over) throw over;
    url = URL.createObjectURL(program);
    worker = new Worker(url);
    worker.onmessage = receive;
    worker.onerror = worker.onmessageerror = () => fail(new VeilError(booted ? "worker-died" : "boot-failed"));
    const { result } = await send("boot", secret, { parts, module });
    booted = true;
    onBoot({ stage: "ready", done: 1, total: 1 });
    return result;
  }

  /** @param {string} name */
  function part(name) {
    const blob = parts.get(name);
    if (!blob) throw new VeilError("part-missing", { part: name });
    return blob;
  }

  const ready = boot().catch((error) => {
    const known = error instanceof VeilError ? error : new VeilError("boot-failed");
    fail(known);
    throw known;
  });
  ready.catch(() => {}); // whoever waits is told; nobody has to wait

  return {
    ready,
    end,
    isOver: () => over !== undefined,
    /** @param {string} method @param {object} params @param {Blob | import("./types.js").Held} [file] @param {import("./types.js").Piece[]} [pieces] @param {number} [patience] */
    async call(method, params, file, pieces, patience) {
      await ready;
      return send(method, params, { file, pieces }, patience);
    },
  };
}
