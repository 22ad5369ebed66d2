import { bytesOf, codeOf } from "../calls.js";
import { download } from "../download.js";
import { pictureName } from "../model/names.js";
import { order } from "../model/tree.js";
import { words } from "../words/words.js";
import { say, sayError } from "./say.js";

/**
 * The picture on the screen as a file. Python renders it anew from the same table, so both agree to the bit.
 * @param {import("../types.js").Store} store @param {import("../types.js").Calls} calls
 */
export function exportAction(store, calls) {
  return async function exportPicture() {
    const { shown, items, format, about, busy } = store.get();
    const item = items.find((one) => one.id === shown?.id);
    const chosen = about?.formats.find((one) => one.name === format);
    if (!shown?.frame || !item || !chosen || busy) return;
    const { frameIndex, window = null, look } = shown;
    const params = { instance: item.id, frame_index: frameIndex, window, invert: look?.invert ?? false, format };
    store.update(() => ({ message: null, busy: { kind: "export", done: 0, total: 1, startedAt: Date.now(), cancelling: false } }));
    try {
      const { result, buffers } = await calls.call("export", params, { file: item.file });
      const number = order(items).indexOf(item) + 1;
      download(new Blob([bytesOf(buffers[0])], { type: result.mime_type }), pictureName(number, frameIndex, result.extension));
      say(store, { tone: "good", text: words.message.exported(chosen.label) });
    } catch (error) {
      sayError(store, codeOf(error));
    } finally {
      store.update(() => ({ busy: null }));
    }
  };
}
