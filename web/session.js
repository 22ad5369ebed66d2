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
  /** @type {Map<number, {resolve: (reply: any) => void, reject: (error: VeilError) => void}>} */
  const pending = new Map();
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

  /** @param {{id: number, ok: boolean, result: any, buffers: ArrayBuffer[], error: any}} reply */
  function settle({ id, ok, result, buffers, error }) {
    const waiting = pending.get(id);
    pending.delete(id);
    if (ok) waiting?.resolve({ result, buffers });
    else waiting?.reject(new VeilError(error.code, error.hits ? { ...error.params, hits: error.hits } : error.params, error.message));
  }

  /** @param {string} method @param {object} params @param {object} [more] */
  function send(method, params, more = {}) {
    return new Promise((resolve, reject) => {
      if (over) return reject(over);
      const id = ++lastId;
      pending.set(id, { resolve, reject });
      worker?.postMessage({ id, method, params, ...more });
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
    /** @param {string} method @param {object} params @param {Blob | import("./types.js").Held} [file] @param {import("./types.js").Piece[]} [pieces] */
    async call(method, params, file, pieces) {
      await ready;
      return send(method, params, { file, pieces });
    },
  };
}
