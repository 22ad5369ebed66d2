/** Words of "Check the pixels": texts that were found, boxes, what becomes of them, and what nobody can promise. */
import { ordinal, plural } from "./plural.js";

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
  /** @param {number} count */
  unsearched: (count) => `${plural(count, "image was", "images were")} not searched: nothing in ${count === 1 ? "its header says that it" : "their headers says that they"} may carry text.`,
  /** @param {number} count */
  films: (count) => `${plural(count, "film", "films")} can’t be searched here: look through ${count === 1 ? "it" : "them"} yourself.`,
  /** @param {number} left @param {number} of @param {number} unsearched */
  left: (left, of, unsearched) => (left ? `${left.toLocaleString("en")} left to see of ${of.toLocaleString("en")}` : !of ? "" : unsearched ? `The queue has been seen; ${plural(unsearched, "image was", "images were")} not searched` : "Everything that was found has been seen"),
  queue: "Images, worst first",
  /** @param {number} place in the list */
  nth: (place) => `${ordinal(place)} in the list`,
  face: "Face: not removed",
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
  keepUnclear: "Keep: it is harmless",
  keepNamed: "Keep, though it identifies: the image is then not called clean",
  remove: "Remove",
  delete: "Delete this box",
  drawn: "Drawn by hand",
  copied: "Copied from another image",
  byRule: "By a rule",
  knownRule: "Known of this device",
  ownRule: "By a rule of yours",
  fixed: "While files are de-identified, boxes stay as they are",
  rules: {
    /** @param {number} count */
    title: (count) => (count ? `Rules: ${count.toLocaleString("en")}` : "Rules: bands, devices, files"),
    /** @param {number} left */
    ruling: (left) => `Rules: asking for ${plural(left, "image", "images")}…`,
    what: "What goes",
    whats: { top: "Top", bottom: "Bottom", left: "Left", right: "Right", outside: "All outside the ultrasound regions" },
    count: "Rows or columns",
    units: { rows: "rows", columns: "columns" },
    reach: "Where",
    /** @param {number} count */
    all: (count) => `all ${count.toLocaleString("en")} images`,
    add: "Add",
    remove: "Take this rule away",
    /** @param {number} count */
    fits: (count) => plural(count, "image", "images"),
    load: "Load rules…",
    loadNote: "A rule file, a script of the RSNA CTP DicomPixelAnonymizer, or a recipe of deid",
    save: "Save rules",
    saveNote: "These rules and the boxes drawn on every frame, by device and size; the command line takes the file: --clean-pixels",
    /** @param {number} rules @param {number} problems */
    loaded: (rules, problems) => `${plural(rules, "rule was", "rules were")} loaded${problems ? `; ${plural(problems, "line", "lines")} could not be taken over and ${problems === 1 ? "is" : "are"} listed beside ${rules === 1 ? "it" : "them"}` : ""}.`,
    /** @param {number} rules @param {number} left */
    saved: (rules, left) => `${plural(rules, "rule was", "rules were")} saved${left ? `; ${plural(left, "box that is", "boxes that are")} on some frames only ${left === 1 ? "is" : "are"} not among them` : ""}. The command line takes the file: --clean-pixels.`,
    notLoaded: "The rules were not loaded.",
    notSaved: "The rules were not saved.",
    notAdded: "The rule was not added.",
    /** @param {number} count */
    problems: (count) => plural(count, "line was not taken over", "lines were not taken over"),
    /** @param {(string | undefined)[]} device @param {number} columns @param {number} rows */
    drawn: (device, columns, rows) => [...device, `${columns} × ${rows}`].filter(Boolean).join(" "),
    /** @param {import("../types.js").PixelRule} rule */
    name({ rectangles = [], bands = {}, outside_regions: outside }) {
      const named = Object.entries(bands).map(([side, count]) => `${pixels.rules.whats[/** @type {import("../types.js").Side} */ (side)]} ${count} ${side === "left" || side === "right" ? "columns" : "rows"}`);
      return [rectangles.length && plural(rectangles.length, "rectangle", "rectangles"), ...named, outside && pixels.rules.whats.outside].filter(Boolean).join(", ");
    },
  },
  asks: {
    title: "Check the pixels first?",
    /** @param {number} count */
    count: (count) => `${plural(count, "picture", "pictures")} may carry text, and nobody has checked ${count === 1 ? "it" : "them"}`,
    lead: "Names and dates that are part of the picture stay when only the header is cleaned. Veil can look for them now.",
    liteLead: "Names and dates that are part of the picture stay when only the header is cleaned. This edition cannot look for them: look yourself, and draw boxes.",
    list: "Pictures that may carry text, with the reason",
    look: "Look at this picture",
    check: "Check them",
    without: "De-identify without",
    cancel: "Cancel",
  },
  /** Before anything leaves: text stays that may not. */
  staying: {
    title: "Text stays in the picture",
    /** Before a run, and after it. @param {Record<import("../types.js").Stays, number>} images */
    count: ({ identifies, unclear }) =>
      !identifies ? `In ${plural(unclear, "image", "images")} text that nobody has judged stays, as you chose.`
        : `In ${plural(identifies, "image", "images")} text that identifies stays${unclear ? ` and in ${unclear.toLocaleString("en")} text that nobody has judged` : ""}, as you chose.`,
    leads: {
      results: "It leaves with the picture, and anybody can read it. The result then says that it is there, and not that its pixels are clean.",
      pictures: "It leaves with the picture, and anybody can read it. No header goes along to say that it is there.",
      copy: "It leaves with the picture, and anybody can read it. No header goes along to say that it is there.",
    },
    list: "Images in which text stays, with its class",
    look: "Look at this image",
    back: "Go back",
    goes: { results: "De-identify so", pictures: "Export so", copy: "Copy so" },
  },
  /** What is said of an image in which text stays. */
  leaves: {
    identifies: "Text that identifies stays here, as you chose: the result says so, and not that its pixels are clean.",
    unclear: "Text that nobody has judged stays here: the result does not say that its pixels are clean. Keep a box to say that it is harmless.",
  },
  /** @param {number} first @param {number} last */
  frames: (first, last) => (first === last ? `frame ${first + 1}` : `frames ${first + 1} to ${last + 1}`),
  apply: "Remove from",
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
    ruling: "Rules are being applied…",
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
    ["k", "Keep what the box covers, or remove it; what is unclear and kept counts as harmless"],
    ["Delete", "Delete the box; what was read is kept instead"],
    ["b", "Before and after"],
  ],
};
