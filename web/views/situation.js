import { itemOf } from "../model/items.js";
import { words } from "../words/words.js";

/**
 * What stands in the picture's place, if anything. Pure.
 * @param {import("../types.js").State} state
 * @returns {{kind: "quiet" | "loading" | "trouble", text: string, title?: string, note?: string} | null}
 */
export function situation({ items, selected, frameIndex, shown, boot }) {
  const item = itemOf(items, selected);
  if (!item) return quiet(words.picture.empty);
  if (item.trouble) return { kind: "trouble", title: words.picture.asideTitle, text: words.trouble(item.trouble), note: words.picture.asideNote };
  if (!item.inspection) return quiet(boot.ready ? words.picture.reading : words.picture.waiting);
  if (item.pictureTrouble) return { kind: "trouble", title: words.picture.troubleTitle, text: words.trouble(item.pictureTrouble) };
  if (!item.inspection.instance.has_pixels) return { ...quiet(words.message.error("no-pixels")), title: words.picture.troubleTitle };
  if (shown?.id !== item.id || shown.frameIndex !== frameIndex) return { kind: "loading", text: words.picture.loading };
  return null;
}

/** @param {string} text @returns {{kind: "quiet", text: string}} */
function quiet(text) {
  return { kind: "quiet", text };
}
