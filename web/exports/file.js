/**
 * One file of an export. What one frame does wrong is noted, and the others go on; only Cancel ends it.
 * @typedef {import("../model/exports.js").Shot} Shot
 * @typedef {{blob: Blob, extension: string}} Made
 * @typedef {{
 *   ask: (method: string, params: object, file?: File | import("../types.js").Packed) => Promise<import("../types.js").Reply>, lazy: import("../types.js").Lazy,
 *   forget: (job: string) => void, refuse: (shot: Shot, error: unknown) => void, done: () => void, signal: AbortSignal,
 * }} Tools `ask`: the core, as long as nobody cancels; `forget`: a job, also then; `done`: one more frame is dealt with
 * @typedef {{format: import("../types.js").Format, options: Record<string, unknown>, hevc: boolean, window: (shot: Shot) => object}} How
 */
import { bytesOf, codeOf } from "../calls.js";
import { makeFilm } from "./film.js";

/**
 * @param {Tools} tools @param {import("../model/exports.js").Output} output @param {How} how @param {boolean} together
 * @returns {Promise<Made | null>} null when nothing of it could be made
 */
export async function makeFile(tools, output, how, together) {
  const { format, options, hevc } = how;
  const window = together || format.made_by === "browser" ? await steady(tools, output.shots, how) : how.window;
  const params = (/** @type {Shot} */ shot) => ({ instance: shot.item.id, frame_index: shot.frameIndex, ...window(shot) });
  if (format.made_by === "browser") {
    const drawn = (/** @type {Shot} */ shot) => ({ ...params(shot), overlays: options.overlays, square: options.square });
    const blob = await makeFilm(tools, output, { name: /** @type {"mp4" | "webm"} */ (format.name), hevc, params: drawn });
    return blob && { blob, extension: format.extension };
  }
  if (together) return collect(tools, output.shots, how, params);
  const [shot] = output.shots;
  try {
    return made(await tools.ask("export", { ...params(shot), format: format.name, options }, shot.item.file));
  } catch (error) {
    tools.refuse(shot, error);
    return null;
  } finally {
    tools.done();
  }
}

/**
 * Frames without a window would each get an automatic one, and a film of them would flicker: they all get the one on the
 * screen, or that of the frame in the middle.
 * @param {Tools} tools @param {readonly Shot[]} shots @param {How} how @returns {Promise<(shot: Shot) => object>}
 */
async function steady({ ask, signal }, shots, { options, window: wished }) {
  const windowOf = (/** @type {Shot} */ shot) => /** @type {{window?: import("../types.js").Window | null}} */ (wished(shot)).window;
  const isAutomatic = (/** @type {Shot} */ shot) => windowOf(shot)?.source === "auto";
  const own = (/** @type {Shot} */ shot) => isAutomatic(shot) ? null : windowOf(shot);
  const middle = shots[shots.length >> 1];
  const isPicture = "square" in options;
  if (!isPicture || own(middle) || middle.item.inspection?.video) return wished;
  const shown = shots.find(isAutomatic);
  try {
    const { window } = shown ? { window: windowOf(shown) } : (await ask("export_window", { instance: middle.item.id, frame_index: middle.frameIndex }, middle.item.file)).result;
    return (shot) => ({ ...wished(shot), window: own(shot) ?? window });
  } catch {
    signal.throwIfAborted();
    return wished; // what is wrong with it is told when its turn comes
  }
}

/** @param {import("../types.js").Reply} reply @returns {Made} */
function made({ result, buffers }) {
  return { blob: new Blob([bytesOf(buffers[0])], { type: result.mime_type }), extension: result.extension };
}

/**
 * Frame by frame into one file. A job dies with its worker: it is then begun again without the frame that killed it.
 * @param {Tools} tools @param {readonly Shot[]} shots @param {How} how @param {(shot: Shot) => object} params
 * @returns {Promise<Made | null>}
 */
async function collect(tools, shots, { format, options }, params) {
  const { ask, refuse, done } = tools;
  const bad = new Set();
  const told = new Set();
  for (;;) {
    const job = (await ask("export_start", { format: format.name, options })).result.job;
    let count = 0;
    let lost = false;
    try {
      for (const shot of shots.filter((one) => !bad.has(one))) {
        try {
          await ask("export_add", { ...params(shot), job }, shot.item.file);
          count++;
        } catch (error) {
          bad.add(shot);
          refuse(shot, error);
          lost = codeOf(error) === "worker-died";
          if (lost) break;
        }
        if (!told.has(shot)) done();
        told.add(shot);
      }
      if (!lost) return count ? made(await ask("export_finish", { job })) : null;
    } finally {
      tools.forget(job);
    }
  }
}
