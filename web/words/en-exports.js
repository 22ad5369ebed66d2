/** Words of the export dialog, in English. */
import { plural } from "./plural.js";

/** @type {Record<string, string>} */
const kinds = {
  png16: "16-bit PNG file", gif: "GIF", mp4: "MP4 film", webm: "WebM film", "contact-sheet": "contact sheet", tiff16: "TIFF file of values", npy: "NumPy file",
};
const MOVING = ["gif", "mp4", "webm"];

export const exports = {
  title: "Export pictures",
  open: "More…",
  openNote: "Whole series, films, contact sheets, values for research",
  close: "Close",
  lead: "Pixels only: nothing of a header goes into any of these files. What is written in the picture itself does, unless it is removed: check the pixels first.",
  what: "What",
  format: "Format",
  window: "Window",
  options: "Options",
  /** @type {Record<import("../types.js").ExportWish["what"], string>} */
  whats: { frame: "This picture", instance: "This instance", series: "This series", all: "Everything in the list" },
  /** @param {number} n */
  count: (n) => plural(n, "picture", "pictures"),
  groups: { pictures: "Pictures", moving: "Moving pictures", documents: "Documents", research: "For researchers" },
  windows: { screen: "As on the screen", own: "The file’s own", presets: "CT presets" },
  presetNote: "Only CT is windowed by a preset; other pictures keep their own window.",
  valuesNote: "Holds values, so no window applies.",
  /** Options by name; one that is not named here shows its own name. @type {Record<string, string>} */
  option: {
    quality: "Quality", rate: "Rate", square: "Square pixels", overlays: "Draw overlays", columns: "Columns", tile: "Tile (pixels)",
    captions: "Number each picture", compression: "Compression", values: "Values", file: "File", codec: "Codec", together: "All in one file",
  },
  /** Choices by option and name. @type {Record<string, string>} */
  choice: {
    "values-stored": "as stored", "values-modality": "rescaled (HU, …)", "compression-fast": "fast", "compression-small": "small",
    "file-png": "PNG", "file-pdf": "PDF", "codec-h264": "H.264, plays everywhere", "codec-hevc": "HEVC, smaller",
  },
  /** @param {number} rate @param {string | null} source */
  ownRate: (rate, source) => (source ? `${number(rate)}/s, the file’s own (${source})` : `${number(rate)}/s, usual for a series`),
  /** @param {number} rate */
  rate: (rate) => `${rate}/s`,
  mixedRates: "each file’s own, else 8/s",
  needsMore: "needs more than one picture",
  noWebm: "this browser can’t make it here",
  /**
   * What exactly will be saved.
   * @param {{files: number, pictures: number, format: import("../types.js").Format, bytes: number | null, seconds: number | null}} what
   */
  will({ files: count, pictures, format, bytes, seconds }) {
    const kind = kinds[format.name] ?? `${format.label} file`;
    const many = plural(count, kind, kind.replace(/^(.*?(file|film|sheet|GIF))/, "$1s"));
    const of = pictures > count ? ` of ${MOVING.includes(format.name) ? plural(pictures, "frame", "frames") : plural(pictures, "picture", "pictures")}` : "";
    const zip = count > 1 ? " in one ZIP" : "";
    const long = seconds === null ? "" : `, ${number(seconds)} s long`;
    return `${many}${of}${zip}${long}${bytes === null ? "" : `, about ${size(bytes)}`}`;
  },
  nothing: "There is no picture to save.",
  save: "Save",
  cancel: "Cancel",
  /** @param {number} done @param {number} total */
  working: (done, total) => `Exporting ${Math.min(done + 1, total).toLocaleString("en")} of ${total.toLocaleString("en")}`,
  progress: "Progress of the export",
  /** @param {number} files @param {number} pictures @param {number} refused */
  done: (files, pictures, refused) =>
    files === 0
      ? `Nothing was saved: ${refused === 1 ? "the picture could not" : "none of the pictures could"} be exported.`
      : `${plural(pictures, "picture was", "pictures were")} saved in ${files === 1 ? "one file" : `${files.toLocaleString("en")} files`}${refused ? `; ${refused.toLocaleString("en")} could not be.` : "."} Check for burned-in text before you share.`,
  refused: "Not exported",
  /** @param {readonly string[]} labels @param {string} reason */
  reason: (labels, reason) => {
    const named = labels.slice(0, 3).map((label) => label.replaceAll("-", " ").replace("IMG", "Image")).join(", ");
    return `${named}${labels.length > 3 ? ` and ${(labels.length - 3).toLocaleString("en")} more` : ""}: ${reason}`;
  },
};

/** @param {number} value */
function number(value) {
  return String(Number(value.toFixed(value < 10 ? 1 : 0)));
}

/** @param {number} bytes */
function size(bytes) {
  if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1e3))} kB`;
  return bytes < 1e9 ? `${number(bytes / 1e6)} MB` : `${number(bytes / 1e9)} GB`;
}
