import { bytesOf, codeOf } from "../calls.js";
import { download } from "../download.js";
import { VeilError } from "../errors.js";
import { maskOf } from "../model/boxes.js";
import { pictureName } from "../model/names.js";
import { order } from "../model/tree.js";
import { words } from "../words/words.js";
import { say, sayError } from "./say.js";

/**
 * The picture on the screen: as a file, or on the clipboard. Python renders it anew from the same table, so all agree
 * to the bit.
 * @param {import("../types.js").Store} store @param {import("../types.js").Calls} calls
 * @param {ReturnType<typeof import("./staying.js").stayingActions>["asksFirst"]} asksFirst
 */
export function pictureActions(store, calls, asksFirst) {
  /** @param {import("../types.js").Format} format @returns {Promise<{blob: Blob, name: string}>} what is on the screen now */
  async function rendered(format) {
    const { shown, items, drawing } = store.get();
    const item = items.find((one) => one.id === shown?.id);
    if (!shown?.frame || !item) throw new VeilError("no-pixels");
    const { frameIndex, window = null, look } = shown;
    const wanted = { overlays: drawing.overlays, square: drawing.square };
    const options = Object.fromEntries(Object.entries(wanted).filter(([name]) => format.options.some((one) => one.name === name)));
    const params = { ...maskOf(store.get(), item.id), instance: item.id, frame_index: frameIndex, window, invert: look?.invert ?? false, format: format.name, options };
    const { result, buffers } = await calls.call("export", params, { file: item.file });
    const name = pictureName(order(items).indexOf(item) + 1, frameIndex, result.extension);
    return { blob: new Blob([bytesOf(buffers[0])], { type: result.mime_type }), name };
  }

  /** @param {string} [name] of a format; the chosen one where none is given */
  async function exportPicture(name) {
    const { shown, format, about, busy } = store.get();
    const chosen = about?.formats.find((one) => one.name === (name ?? format));
    if (!shown?.frame || !chosen || busy) return;
    if (asksFirst("pictures", [shown], shown.frameIndex, () => exportPicture(name))) return;
    store.update(() => ({ message: null, busy: { kind: "export", done: 0, total: 1, startedAt: Date.now(), cancelling: false } }));
    try {
      const { blob, name: file } = await rendered(chosen);
      download(blob, file);
      say(store, { tone: "good", text: words.message.exported(chosen.label) });
    } catch (error) {
      sayError(store, codeOf(error));
    } finally {
      store.update(() => ({ busy: null }));
    }
  }

  /** The clipboard must be asked while the click is being handled, so it gets a promise of the picture. */
  async function copyPicture() {
    const { shown, about } = store.get();
    const png = about?.formats.find((one) => one.name === "png");
    if (!shown?.frame || !png) return;
    if (typeof ClipboardItem === "undefined" || !navigator.clipboard?.write) return noClipboard();
    if (asksFirst("copy", [shown], shown.frameIndex, copyPicture)) return;
    const picture = rendered(png);
    try {
      await navigator.clipboard.write([new ClipboardItem({ "image/png": picture.then(({ blob }) => blob) })]);
      say(store, { tone: "good", text: words.message.copied });
    } catch {
      await picture.then(noClipboard, (error) => sayError(store, codeOf(error)));
    }
  }

  function noClipboard() {
    say(store, { tone: "info", text: words.message.noClipboard, offer: "png" });
  }
  return { exportPicture, copyPicture };
}
