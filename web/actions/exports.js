import { codeOf, troubleOf } from "../calls.js";
import { download } from "../download.js";
import { VeilError } from "../errors.js";
import { makeFile } from "../exports/file.js";
import { placeForZip } from "../exports/save.js";
import { maskOf } from "../model/boxes.js";
import { optionsFor, outputs, shownIn, together, windowFor } from "../model/exports.js";
import { chooseCodec } from "../video/codecs.js";
import { words } from "../words/words.js";
import { say, sayError } from "./say.js";

/** After Cancel the frame in work may still end by itself for this long; then its worker is stopped. */
const PATIENCE_MS = 1500;
/** What a browser is asked whether it can make it; every size that is usual does as well. */
const SAMPLE = { width: 512, height: 512, rate: 25 };

/**
 * Exports of more than what is on the screen, and of other kinds.
 * @typedef {import("../types.js").ExportWish} ExportWish
 * @typedef {import("../model/exports.js").Shot} Shot
 * @param {import("../types.js").Store} store @param {import("../types.js").Calls} calls @param {import("../types.js").Lazy} lazy
 * @param {ReturnType<typeof import("./staying.js").stayingActions>["asksFirst"]} asksFirst
 */
export function exportActions(store, calls, lazy, asksFirst) {
  /** @type {AbortController | null} */
  let running = null;
  let waiting = 0;

  async function openExport() {
    if (!store.get().films) await askBrowser();
    store.update(() => ({ dialog: "export", exported: null }));
  }

  /** Before the dialog opens, so that nothing in it moves under a hand. */
  async function askBrowser() {
    const [hevc, webm] = await Promise.all([chooseCodec("mp4", { ...SAMPLE, hevc: true }, "variable"), chooseCodec("webm", SAMPLE, "variable")]);
    store.update(() => ({ films: { hevc: hevc !== null, webm: webm !== null } }));
  }

  /** @param {Partial<ExportWish>} change */
  function wishExport(change) {
    store.update(({ exportWish }) => ({ exportWish: { ...exportWish, ...change }, exported: null }));
  }

  /** @param {AbortSignal} signal @returns {import("../exports/file.js").Tools["ask"]} rejects at once when the person cancels */
  function asking(signal) {
    const cancelled = new Promise((_, reject) => signal.addEventListener("abort", () => reject(new VeilError("cancelled")), { once: true }));
    cancelled.catch(() => {});
    return (method, params, file) => {
      waiting++;
      const answer = calls.call(method, params, { file, signal }).finally(() => waiting--);
      answer.catch(() => {});
      return /** @type {Promise<import("../types.js").Reply>} */ (Promise.race([answer, cancelled]));
    };
  }

  async function sizeOfOne() {
    const { about, exportWish: wish, shown, items } = store.get();
    const format = about?.formats.find((one) => one.name === wish.format);
    const item = items.find((one) => one.id === shown?.id);
    if (!format || format.made_by === "browser" || !shown || !item) return null;
    const look = { ...windowFor(store.get(), item, shown.frameIndex, wish.window), ...maskOf(store.get(), item.id) };
    try {
      const { buffers } = await calls.call("export", { instance: item.id, frame_index: shown.frameIndex, ...look, format: format.name, options: optionsFor(format, wish) }, { file: item.file });
      return buffers[0].byteLength;
    } catch {
      return null; // what is wrong with it is told when it is exported
    }
  }

  async function runExport() {
    const { about, exportWish: wish, busy } = store.get();
    const format = about?.formats.find((one) => one.name === wish.format);
    if (!format || busy) return;
    const files = outputs(store.get(), format, wish);
    const total = files.reduce((sum, { shots }) => sum + shots.length, 0);
    const { instances, frameIndex } = shownIn(files);
    if (asksFirst("pictures", instances, frameIndex, goOn)) return;
    const place = files.length > 1 ? await placeForZip("veil-export.zip") : null;
    if (total === 0 || (files.length > 1 && !place)) return;
    const aborter = (running = new AbortController());
    const { signal } = aborter;
    const work = makeAll(files, format, wish, signal);
    store.update(() => ({ message: null, exported: null, busy: { kind: "export", done: 0, total, startedAt: Date.now(), cancelling: false } }));
    try {
      if (place) await place.write(work.entries(), signal);
      else for await (const { name, blob } of work.entries()) download(blob, `veil-${name}`);
      finish(work.made(), work.refused(), total);
    } catch (error) {
      if (signal.aborted) sayError(store, "cancelled");
      else if (work.made() === 0) finish(0, work.refused(), total);
      else sayError(store, codeOf(error) === "internal" ? "not-written" : codeOf(error));
    } finally {
      if (!signal.aborted) store.update(() => ({ busy: null }));
      if (running === aborter) running = null;
    }
  }

  /** What comes of it is told where it was asked for. */
  function goOn() {
    store.update(() => ({ dialog: "export" }));
    return runExport();
  }

  /**
   * The files one after another, each made when it is asked for; what could not be made is told afterwards.
   * @param {import("../model/exports.js").Output[]} files @param {import("../types.js").Format} format @param {ExportWish} wish @param {AbortSignal} signal
   */
  function makeAll(files, format, wish, signal) {
    const state = store.get();
    let made = 0;
    /** @type {Map<Shot, import("../types.js").ExportRefused>} */
    const refused = new Map();
    /** @type {import("../exports/file.js").Tools} */
    const tools = {
      lazy, signal, ask: asking(signal),
      forget: (job) => void calls.call("export_cancel", { job }).catch(() => {}), // one that is over is no trouble
      refuse(shot, error) {
        signal.throwIfAborted();
        refused.set(shot, { label: shot.label, reason: words.trouble(troubleOf(error)) });
      },
      done: () => { if (!signal.aborted) store.update(({ busy }) => ({ busy: busy && { ...busy, done: busy.done + 1 } })); },
    };
    const how = {
      format, options: optionsFor(format, wish), hevc: wish.options.codec === "hevc",
      window: (/** @type {Shot} */ shot) => ({ ...windowFor(state, shot.item, shot.frameIndex, wish.window), ...maskOf(state, shot.item.id) }),
    };

    /** @param {import("../model/exports.js").Output} output what fails as a whole is refused as a whole */
    async function one(output) {
      try {
        return await makeFile(tools, output, how, together(format, wish));
      } catch (error) {
        for (const shot of output.shots) if (!refused.has(shot)) tools.refuse(shot, error);
        return null;
      }
    }

    async function* entries() {
      for (const output of files) {
        signal.throwIfAborted();
        const file = await one(output);
        if (!file) continue;
        made++;
        yield { name: `${output.name}${file.extension}`, blob: file.blob };
      }
      if (made === 0) throw new VeilError("nothing-exported");
    }
    return { entries, made: () => made, refused: () => [...refused.values()] };
  }

  /** @param {number} files @param {import("../types.js").ExportRefused[]} refused @param {number} total */
  function finish(files, refused, total) {
    store.update(() => ({ exported: { files, pictures: total - refused.length, refused } }));
    say(store, { tone: files && !refused.length ? "good" : "bad", text: words.exports.done(files, total - refused.length, refused.length) });
  }

  /** Nothing half-made is kept; a frame in work is let go. */
  function cancelExport() {
    const aborter = running;
    if (!aborter) return;
    running = null;
    aborter.abort();
    store.update(() => ({ busy: null }));
    setTimeout(() => { if (waiting) calls.cancel(); }, PATIENCE_MS);
  }

  return { openExport, wishExport, sizeOfOne, runExport, cancelExport };
}
