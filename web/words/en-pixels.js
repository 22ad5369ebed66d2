/** Words of "Check the pixels": texts that were found, boxes, what becomes of them, and what nobody can promise. */
import { plural } from "./plural.js";

/** @type {Record<import("../types.js").Kind, string>} */
const kinds = { identifies: "Identifies", institution: "Institution", date: "Date or time", unknown: "Unclear", technical: "Technical" };

/** What a text matches, as people say it. @type {Record<string, string>} */
const names = {
  PatientName: "the patient’s name", PatientID: "the patient’s ID", PatientBirthDate: "the date of birth", AccessionNumber: "the accession number",
  InstitutionName: "the institution", ReferringPhysicianName: "the referring physician", OperatorsName: "an operator", PerformingPhysicianName: "a physician",
  StudyDate: "the study’s date", SeriesDate: "the series’ date", AcquisitionDate: "the date of acquisition", ContentDate: "the date of the picture",
};

export const pixels = {
  title: "Check the pixels",
  open: "Check the pixels…",
  /** @param {number} left */
  openLeft: (left) => `Check the pixels · ${left.toLocaleString("en")} to see`,
  close: "Back to what will happen",
  kinds,
  /** @param {readonly string[]} matches keywords */
  matches: (matches) => `like ${matches.map((one) => names[one] ?? one).join(", ")}`,
  lite: "This edition cannot look for text in pixels. Draw boxes by hand, or use veil.html, which can.",
  modes: {
    label: "What goes",
    default: ["All but technical", "120 kV, MI 0.8 and L stay; what is unclear goes."],
    strict: ["All text", "Whatever was found goes, technical or not."],
    own: ["My choice", "These classes go; each box can be decided otherwise."],
  },
  ownKinds: "Classes that go",
  /** @param {number} count */
  scanRisky: (count) => `Look for text in ${plural(count, "image at risk", "images at risk")}`,
  /** @param {number} count */
  scanAll: (count) => (count === 1 ? "Look into the other image too" : `Look into all ${count.toLocaleString("en")} others too`),
  /** @param {number} done @param {number} total @param {{done: number, total: number} | null} frames */
  scanning: (done, total, frames) => `Looking for text: ${Math.min(done + 1, total).toLocaleString("en")} of ${plural(total, "image", "images")}${frames && frames.total > 1 ? `, frame ${Math.min(frames.done + 1, frames.total)} of ${frames.total}` : ""}`,
  stop: "Stop",
  noRisk: "Nothing here is of a kind that often shows text.",
  /** @param {number} left @param {number} of */
  left: (left, of) => (left ? `${left.toLocaleString("en")} left to see of ${of.toLocaleString("en")}` : of ? "Everything that was found has been seen" : ""),
  queue: "Images, worst first",
  /** @param {number} more */
  more: (more) => `and ${more.toLocaleString("en")} more`,
  accept: "Accept, next",
  acceptLast: "Accept",
  previous: "Previous image",
  next: "Next image",
  seen: "seen",
  status: { none: "not looked into", waiting: "waiting", scanning: "looking…", scanned: "no text found", missing: "not looked into" },
  /** @param {string} why */
  missing: (why) => `Nobody has looked for text here: it is not known to be clean. ${why}`,
  notScanned: "This image was not looked into. That does not mean that it is clean.",
  nothingFound: "No text was found in this image.",
  boxes: "Boxes on this frame",
  /** @param {number} elsewhere */
  elsewhere: (elsewhere) => `${plural(elsewhere, "box", "boxes")} on other frames`,
  draw: "Draw a box",
  drawNote: "Drag on the picture, or press d and move it with the arrow keys",
  before: "Before",
  after: "After",
  afterNote: "Shows what goes in black (b)",
  goes: "goes",
  stays: "stays",
  keep: "Keep",
  remove: "Remove",
  delete: "Delete this box",
  drawn: "Drawn by hand",
  copied: "Copied from another image",
  /** @param {number} first @param {number} last */
  frames: (first, last) => (first === last ? `frame ${first + 1}` : `frames ${first + 1} to ${last + 1}`),
  apply: "Remove this box from",
  reach: {
    frame: () => "this frame only",
    /** @param {number} frames */
    clip: (frames) => (frames > 1 ? `all ${frames} frames of this clip` : "this image"),
    /** @param {number} count */
    series: (count) => `all ${count.toLocaleString("en")} images of this series`,
    /** @param {number} count */
    device: (count) => `all ${count.toLocaleString("en")} images of this device and size`,
  },
  applyGo: "Apply",
  film: "Frames with text",
  /** @param {number} frame @param {number} of @param {number} shown frames that show text */
  filmAt: (frame, of, shown) => `frame ${frame} of ${of}; text on ${plural(shown, "frame", "frames")}`,
  /** @param {import("../types.js").Mark} mark @param {boolean} goes */
  box: ({ kind, text, source, matches }, goes) => [source === "drawn" ? "Box drawn by hand" : source === "rule" ? "Box from a rule" : kinds[kind], text && `“${text}”`, matches.length ? pixels.matches(matches) : "", goes ? "goes" : "stays"].filter(Boolean).join(", "),
  honest: "No software finds every text, and faces, logos and handwriting can stay: look at what leaves.",
  note: {
    working: "Still looking for text…",
    /** @param {number} count */
    unchecked: (count) => `text in ${plural(count, "image", "images")} not looked for`,
    /** @param {number} count */
    left: (count) => `${count.toLocaleString("en")} not seen yet`,
  },
  /** @type {[string, string][]} */
  keys: [
    ["x", "Check the pixels, and back; there:"],
    ["Enter, a", "Accept, and go to what needs eyes next"],
    ["n, p", "Next and previous image of the queue"],
    [". ,", "Next and previous box"],
    ["d, or drag on the picture", "Draw a box"],
    ["Arrows, with Shift", "Move the box in hand; resize it"],
    ["k", "Keep what the box covers, or remove it"],
    ["Delete", "Delete the box; what was read is kept instead"],
    ["b", "Before and after"],
  ],
};
