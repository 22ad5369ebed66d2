/**
 * The page's end of the wire to one Python: one worker at a time, replaced when it dies.
 * Every promise ends: with a result, with Python's error, or with "worker-died", "cancelled",
 * "closed" or "boot-failed".
 *
 * @typedef {{result: any, buffers: ArrayBuffer[]}} Reply
 * @typedef {{stage: string, done: number, total: number}} Boot stages: unpack, python, core, ready
 */
import { VeilError } from "./errors.js";
import { startSession } from "./session.js";

/**
 * @param {object} options
 * @param {Map<string, Blob>} options.parts as `loadParts` gives them
 * @param {import("./types.js").Secret} options.secret the project key, and the person's own table
 * @param {string} [options.build] of the page, for reports
 * @param {{module?: WebAssembly.Module}} [options.shared] compiled once, for every worker that follows, of any bridge
 * @param {(progress: Boot) => void} [options.onBoot]
 * @param {(error: VeilError) => void} [options.onDied] a worker died or did not start
 */
export function createBridge({ parts, secret: first, build = "", shared = {}, onBoot = () => {}, onDied = () => {} }) {
  /** @type {import("./types.js").Secret & {build: string}} What every worker starts with. */
  let secret = { ...first, build };
  let session = start();

  function start() {
    const next = startSession({
      parts,
      secret,
      module: shared.module,
      onBoot,
      onModule: (compiled) => (shared.module = compiled),
      onFailed: (error, booted) => {
        if (next !== session) return; // ended on purpose
        if (booted) session = start(); // one that never booted is tried again by the next call
        onDied(error);
      },
    });
    return next;
  }

  return {
    /** Resolves when the present worker is ready; rejects when it could not start. */
    get ready() {
      return session.ready;
    },
    /**
     * @param {string} method
     * @param {object} [params]
     * @param {Blob | import("./types.js").Held} [file]
     * @param {import("./types.js").Piece[]} [pieces] of the file, read ahead
     * @param {number} [patience] ms without an answer after which the worker is taken for dead
     * @returns {Promise<Reply>} rejects with VeilError
     */
    call(method, params = {}, file, pieces, patience) {
      if (session.isOver()) session = start();
      return session.call(method, params, file, pieces, patience);
    },
    /**
     * Another identity from now on, also for workers that follow. Nothing changes when Python refuses it.
     * @param {import("./types.js").Secret} next @returns {Promise<Reply>}
     */
    async identify(next) {
      const reply = await this.call("init", { ...next, build });
      secret = { ...next, build };
      return reply;
    },
    /** Gives up what is running and waiting ("cancelled"); a fresh worker starts at once. */
    cancel() {
      const old = session;
      session = start();
      old.end(new VeilError("cancelled"));
    },
    /** Ends the worker; pending calls reject with "closed". A later call starts another. */
    close() {
      session.end(new VeilError("closed"));
    },
  };
}
