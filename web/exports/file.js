/**
 * One file of an export. What one frame does wrong is noted, and the others go on; only Cancel ends it.
 * @typedef {import("../model/exports.js").Shot} Shot
 * @typedef {{blob: Blob, extension: string}} Made
 * @typedef {{
 *   ask: (method: string, params: object, file?: File) => Promise<import("../types.js").Reply>, lazy: import("../types.js").Lazy,
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
  const params = (/** @type {Shot} */ shot) => ({ instance: shot.item.id, frame_index: shot.frameIndex, ...how.window(shot) });
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
