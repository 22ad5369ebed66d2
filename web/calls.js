import { createGate } from "./gate.js";
import { contentOf } from "./packed.js";

/** @param {unknown} error @returns {string} the code of a typed error; "internal" for anything else */
export function codeOf(error) {
  const code = /** @type {{code?: unknown}} */ (error)?.code;
  return typeof code === "string" ? code : "internal";
}

/** Codes that stand for many reasons: there the core's own sentence says more than a table could. */
const TOLD = new Set(["usage", "refused", "out-of-range"]);

/** @param {unknown} error @returns {import("./types.js").Trouble} */
export function troubleOf(error) {
  const { params = {}, message } = /** @type {{params?: Record<string, any>, message?: string}} */ (error) ?? {};
  const code = codeOf(error);
  const sentence = TOLD.has(code) && message && message !== code ? message : undefined;
  return { code, params, ...(sentence && { sentence }), ...(params.hits && { hits: params.hits }) };
}

/** What has no file in it is no worker's end, and is made again so often; so is a start that failed after another went well. */
const TRIES = 5;

/**
 * Calls to the core that outlive a worker. A call that was in flight when a worker died is made once more, alone:
 * if the worker dies again, the file of this call was the reason; if not, it was only near. A call that fell to
 * someone else's Cancel is simply made again. Calls made before there is a bridge wait for it.
 * @returns {import("./types.js").Calls}
 */
export function createCalls() {
  const gate = createGate();
  /** @type {(bridge: import("./types.js").Bridge) => void} */
  let attach = () => {};
  /** @type {Promise<import("./types.js").Bridge>} */
  const attached = new Promise((resolve) => (attach = resolve));
  /** @type {import("./types.js").Bridge | null} */
  let current = null;
  /** Whether Python has ever started: if not, it is not tried again and again. */
  let started = false;

  /** @param {string} code @param {number} deaths @param {number} starts @param {unknown} file */
  const again = (code, deaths, starts, file) => (code === "worker-died" ? deaths < (file ? 2 : TRIES) : code === "boot-failed" && started && starts < TRIES);

  /** @type {import("./types.js").Calls["call"]} */
  async function call(method, params, { file, pieces, signal, patience } = {}) {
    const bridge = await attached;
    const content = file && (await contentOf(file));
    for (let deaths = 0, starts = 0; ; ) {
      const leave = await (deaths ? gate.exclusive() : gate.shared());
      try {
        signal?.throwIfAborted();
        return await bridge.call(method, params, content, pieces, patience);
      } catch (error) {
        const code = codeOf(error);
        if (signal?.aborted) throw Object.assign(new Error("cancelled"), { code: "cancelled", params: {} });
        if (code === "worker-died") deaths += 1;
        if (code === "boot-failed") starts += 1;
        if (code !== "cancelled" && !again(code, deaths, starts, file)) throw error;
      } finally {
        leave();
      }
    }
  }
  return {
    attach(bridge) {
      current = bridge;
      bridge.ready.then(() => (started = true), () => {});
      attach(bridge);
    },
    call,
    identify: async (secret) => (await attached).identify(secret),
    cancel: () => current?.cancel(),
    widen() {},
    room: 3,
  };
}

/** @param {ArrayBuffer | ArrayBufferView} buffer @returns {Uint8Array<ArrayBuffer>} the same bytes, not copied */
export function bytesOf(buffer) {
  return buffer instanceof ArrayBuffer
    ? new Uint8Array(buffer)
    : new Uint8Array(/** @type {ArrayBuffer} */ (buffer.buffer), buffer.byteOffset, buffer.byteLength);
}
