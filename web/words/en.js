/** Every word that a person reads, in English. Sentences say what happened and what to do; none holds a value of a file. */

import { audit, auditErrors } from "./en-audit.js";
import { exports } from "./en-exports.js";
import { identity, links, profile } from "./en-profile.js";
import { corners, tags } from "./en-tags.js";
import { pixels } from "./en-pixels.js";
import { viewer } from "./en-viewer.js";
import { leftOut, people, reading } from "./en-studies.js";
import { ordinal, plural } from "./plural.js";

/** @type {Record<string, string>} */
const errors = {
  ...auditErrors,
  "boot-failed": "Veil could not start. Reload the page; if that doesn’t help, use a current Chrome, Edge or Firefox.",
  cancelled: "Cancelled. Nothing was saved.",
  "cannot-write": "The results can’t be written there any more: the disk is full or was taken away. What is finished is kept.",
  closed: "The engine was stopped. Reload the page.",
  crashed: "This file stopped the engine twice, so it was set aside. Everything else goes on.",
  "closed-folder": "This folder or file can’t be looked into: it was taken away, or reading it isn’t allowed.",
  damaged: "This file is damaged: its header can’t be read to the end.",
  "damaged-pixels": "The picture in this file is damaged and can’t be shown.",
  directory: "This is a DICOMDIR, a table of contents without pictures. Choose the files it lists instead.",
  empty: "This file is empty.",
  "folder-used": "The folder holds results already that this run would replace. Choose an empty folder, or the one that an interrupted run of the same files and key was writing to.",
  repeated: "The same instance is in the list already.",
  "same-uid": "Another file has the same SOP Instance UID and other content.",
  "file-gone": "This file has moved or changed since you chose it. Choose it again.",
  internal: "Something unexpected went wrong with this file, so it was set aside.",
  "left-out": "There is nothing to de-identify here, so it was left out.",
  "no-pixels": "This file holds no picture. Its header can still be de-identified.",
  "encoder-failed": "The browser’s video encoder gave up. Choose another format, or export fewer pictures.",
  "no-encoder": "This browser has no encoder for that film. Choose MP4.",
  "no-film-in-it": "A film can be saved as MP4 or WebM, and its pictures as PNG, JPEG or WebP, not in this format.",
  "not-written": "The file could not be written. Choose another place, and see whether there is room.",
  "nothing-exported": "Nothing was saved: no picture could be exported.",
  "other-size": "It has another size than the pictures before it in the same file.",
  "not-dicom": "This is not a DICOM file.",
  busy: "Wait until the work in progress is done.",
  "passphrase-short": "A passphrase has at least 12 characters.",
  "profile-large": "This file is too large for a profile or a script.",
  quarantined: "Verification found something of the original in the result, so it was set aside.",
  "file-large": "This file is too large for a key or a table.",
  "key-missing": "Choose the key file.",
  "key-short": "A key file holds at least 32 bytes that nobody can guess.",
  "age-passphrase": "This is an encrypted table: type the passphrase that it was saved with.",
  "age-unopened": "The table can’t be opened: it is another passphrase’s, or the file is damaged.",
  "table-unreadable": "The table can’t be read as text in UTF-8. Save it as CSV in UTF-8 and choose it again.",
  "out-of-range": "That value is outside what this picture allows.",
  "model-damaged": "The model that reads text is not the one that was tried. Get the page again.",
  "model-failed": "The model that reads text gave up on this picture.",
  "reader-failed": "What reads text stopped twice at this picture.",
  "no-reader": "This edition cannot look for text; look yourself, then accept.",
  "film-unsearched": "Films of this kind can’t be searched for text here: look through it yourself.",
  "not-scanned": "The search was stopped before it came to this picture.",
  "no-job": "The work was interrupted. Start it again.",
  "part-missing": "A part of Veil is missing or is not the one this page was built with. Get the page again.",
  refused: "Veil can’t promise a clean result for this file, so it was set aside.",
  truncated: "This file ends too early: a part of it is missing. Copy it again from where it came.",
  unsupported: "This picture is compressed in a way that Veil can’t decode yet. Its header can still be de-identified.",
  usage: "Veil asked itself for something impossible. Reload the page and try again.",
  "worker-died": "This file stopped the engine twice, so it was set aside. Everything else goes on.",
};

/** @type {Record<string, string>} */
const actions = {
  X: "removed",
  Z: "emptied",
  D: "dummy value",
  K: "kept",
  C: "cleaned",
  U: "new UID",
};

/** @type {Record<string, string>} */
const stages = {
  unpack: "Unpacking",
  python: "Starting Python",
  core: "Loading the rules",
};

/** @type {Record<string, string>} */
const risks = {
  "burned-in-yes": "The file itself says that text is burned into its picture.",
  colour: "A colour picture of this kind is often a screen capture with text.",
  "eight-bit": "A slice in 8 bits was made from another picture: such captures often show names and dates.",
  face: "These slices may be of a head: a face can be rendered from them, and is not removed.",
  "face-photograph": "A photograph can show a face, which is not removed.",
  localizer: "Scanners often draw names, dates and lines into localizers.",
  "outside-regions": "Around the regions of an ultrasound, names and dates are often burned in.",
  page: "This looks like a page of text: a dose report, a screenshot or a summary.",
  secondary: "This is a screen capture or a derived picture; those often show names and dates.",
  "text-modality": "Pictures of this kind often have names and dates burned in.",
};

/** @param {import("../types.js").Trouble} trouble places, never values */
function trouble({ code, sentence, params, hits = [] }) {
  if (code === "no-decoder") return `This picture is a film in ${params?.codec ?? "a format"} that this browser can’t decode${globalThis.isSecureContext ? "" : " here; over https or from disk it may"}. Its header can still be de-identified.`;
  if (code !== "quarantined" || hits.length === 0) return en.message.error(code, sentence);
  const places = [...new Set(hits.map((hit) => hit.where))];
  return `Verification found something of the original in the result, at ${places.slice(0, 3).join(", ")}${places.length > 3 ? " and elsewhere" : ""}. It was not saved.`;
}

export const en = {
  language: "English",
  profile,
  identity,
  links,
  tags,
  corners,
  exports,
  pixels,
  audit,
  viewer,
  leftOut,
  people,
  reading,
  trouble,
  app: {
    name: "Veil",
    files: "Files",
    picture: "Picture",
    plan: "What will happen",
    keys: "Keys and mouse",
    theme: { system: "Theme: as the system", dark: "Theme: dark", light: "Theme: light" },
  },
  network: {
    loading: "Loading…",
    shut: "Offline: this page can no longer reach any network",
    open: "Not safe: this page could still reach a network, so it takes no files",
  },
  boot: {
    ready: "Ready",
    failed: "Not started",
    restarting: "Restarting the engine",
    /** @param {string} stage */
    stage: (stage) => `${stages[stage] ?? "Starting"}…`,
    /** @param {string} stage */
    name: (stage) => stages[stage] ?? stage,
    waiting: "Files wait until Veil is ready.",
    progress: "Start-up",
  },
  drop: {
    title: "Drop DICOM files here",
    lead: "Take the patient out of the files, not the files out of the building. Everything happens in this tab.",
    choose: "Choose files…",
    chooseMore: "Choose…",
    sample: "Try a sample",
    sampling: "Making the sample…",
    add: "Drop more",
    release: "Let go to add",
    steps: [
      ["See", "who is in the files, what identifies them, and the picture itself."],
      ["Check", "what will be removed, emptied or replaced, attribute by attribute."],
      ["Save", "de-identified DICOM files, or the picture as PNG or JPEG. Nothing is uploaded."],
    ],
    limits: "Every result is searched again before it is saved. Text burned into pictures is looked for when you check the pixels; faces are not removed.",
  },
  tree: {
    label: "Patients, studies, series and instances",
    /** @param {number} patients @param {number} count */
    summary: (patients, count) => (patients ? `${plural(patients, "patient", "patients")} · ${plural(count, "file", "files")}` : plural(count, "file", "files")),
    clear: "Clear all",
    remove: "Remove from the list",
    noName: "No name",
    noDate: "No date",
    study: "Study",
    series: "Series",
    rest: "Not read",
    restWaiting: "Waiting",
    /** @param {number} n @param {boolean} images */
    count: (n, images) => (images ? plural(n, "image", "images") : plural(n, "file", "files")),
    /** @param {number} n */
    frames: (n) => plural(n, "frame", "frames"),
    /** @param {number} number */
    instance: (number) => `Instance ${number}`,
    becomes: "becomes",
    /** @type {Record<import("../types.js").InstanceState, string>} */
    states: { queued: "waiting", reading: "reading", ready: "ready", working: "working", done: "saved", quarantined: "set aside" },
    out: "left out",
    noPicture: "no picture",
    pictureTrouble: "picture unreadable",
  },
  picture: {
    empty: "Choose an image in the list.",
    waiting: "This file waits until Veil is ready.",
    reading: "Reading the file…",
    loading: "Decoding the picture…",
    asideTitle: "Set aside",
    asideNote: "It is left out of what you save. The other files are not affected.",
    troubleTitle: "No picture to show",
    /** @param {string} modality @param {string} position @param {number} columns @param {number} rows */
    label: (modality, position, columns, rows) => `${modality || "Medical"} picture, ${position}, ${columns} by ${rows} pixels`,
    /** @param {number} at @param {number} of */
    image: (at, of) => `image ${at} of ${of}`,
    /** @param {number} at @param {number} of */
    frame: (at, of) => `frame ${at} of ${of}`,
    color: "colour: no window",
    inverted: "inverted",
    /** @param {number[]} stored */
    stored: (stored) => (stored.length > 1 ? `R ${stored[0]}  G ${stored[1]}  B ${stored[2]}` : `stored value ${round(stored[0])}`),
    /** @param {number} value @param {string} unit */
    modality: (value, unit) => `${round(value)} ${unit}`.trim(),
    /** @param {number} column @param {number} row */
    at: (column, row) => `x ${column}  y ${row}`,
    position: "Image in the series",
    frameIndex: "Frame",
  },
  window: {
    label: "Window",
    center: "Center",
    width: "Width",
    /** Where there is little room. */
    short: { center: "C", width: "W" },
    preset: "Window preset",
    own: "File",
    none: "No window",
    auto: "Automatic",
    person: "Set by hand",
    table: "Look-up table",
    presets: "CT presets",
    invert: "Invert",
    reset: "Reset window and view",
    history: "Back and forth",
    undo: "Undo",
    redo: "Redo",
    /** @type {Record<string, string>} */
    sources: { file: "file’s own window", auto: "automatic", person: "set by hand" },
    /** @param {number} center @param {number} width */
    numbers: (center, width) => `C ${round(center)}  W ${round(width)}`,
    /** @param {string} label @param {number} center @param {number} width */
    option: (label, center, width) => `${label} · ${round(width)} / ${round(center)}`,
  },
  plan: {
    /** @param {string} edition @param {number} rules */
    edition: (edition, rules) => `${edition ? `${edition} · ` : ""}${plural(rules, "rule", "rules")}`,
    here: "In this file",
    identify: "identify",
    private: "private",
    uids: "UIDs",
    privateNote: "removed",
    uidsNote: "replaced",
    identifyNote: "listed below",
    /** Headings of the three parts of the list. */
    parts: { identify: "What identifies the patient", private: "Private attributes", uids: "UIDs" },
    emptyValue: "(empty)",
    nothing: "Nothing in this header identifies the patient by the standard’s list.",
    nothingSelected: "Choose an image to see what its header gives away.",
    aside: "This file was set aside. It will not be saved.",
    waiting: "What its header gives away stands here once the file has been read.",
    /** @param {string} code */
    does: (code) => actions[code] ?? actions[code.split(/[/*]/)[0]] ?? code,
    limitsTitle: "Check the picture yourself",
    limits: "Header and comments in compressed pixels are cleaned, and searched again before anything is saved. Text in the picture goes when you check the pixels; faces stay.",
    /** @param {string} code */
    risk: (code) => risks[code] ?? "This kind of picture may show text or a face.",
    notes: "Notes",
    foundTitle: "Found again in the result",
    foundNote: "The result still held something that identifies, so it was not saved. Where it stands:",
    /** What kind of value verification found. @type {Record<string, string>} */
    found: { name: "a name", word: "a word of a name", hash: "a hash", uid: "a UID", day: "a date", "short day": "a date", time: "a time of day", "short code": "an ID", code: "an ID or number", label: "a label", identifies: "legible text that identifies", institution: "a legible institution", date: "a legible date", technical: "legible text", unknown: "legible text", place: "a place", text: "a text", blob: "data" },
    retry: "Remove these attributes too and try again",
    retryNote: "Adds rules of your own to the profile; all files are de-identified again, so that one profile holds for all.",
  },
  act: {
    /** @param {number} count @param {number} patients @param {boolean} images */
    deidentify: (count, patients, images) =>
      count ? `De-identify ${images ? plural(count, "image", "images") : plural(count, "file", "files")} of ${plural(patients, "patient", "patients")}` : "De-identify",
    /** @param {number} count @param {number} aside @param {import("../types.js").Outlet} outlet */
    deidentifyNote: (count, aside, { kind, limit, pictures }) =>
      (count === 0 ? (aside ? "No file is left" : "Add files first") : kind === "folder" ? "Writes into a folder that you choose; goes on where it was interrupted" : count === 1 ? "Saves one DICOM file" : limit ? `Saves ZIP files of DICOM${pictures ? " and pictures" : ""}, report in the last` : `Saves one ZIP of DICOM files${pictures ? ", pictures" : ""} and the report`) +
      (aside ? ` · ${aside.toLocaleString("en")} set aside` : ""),
    stillReading: "Still reading files…",
    /** @param {number} done @param {number} total */
    working: (done, total) => `De-identifying ${Math.min(done + 1, total).toLocaleString("en")} of ${total.toLocaleString("en")}`,
    /** @param {number} done @param {number} total */
    drawing: (done, total) => `Pictures ${Math.min(done + 1, total).toLocaleString("en")} of ${total.toLocaleString("en")}`,
    workingNote: "You can go on looking at pictures",
    format: "Picture format",
    /** @param {string} label */
    export: (label) => `Export ${label}`,
    exportNote: "the picture as it is on the screen, without any header",
    copy: "Copy picture",
    copyNote: "Copy the picture as it is on the screen, for a slide (Ctrl C)",
    report: "Report",
    reportFormat: "Format of the report",
    /** @type {Record<string, string>} */
    reportFormats: { json: "JSON", csv: "CSV", html: "HTML, to print and sign" },
    cancel: "Cancel",
    cancelling: "Stopping…",
    pause: "Pause",
    goOn: "Go on",
    paused: "Paused",
    outlet: "Where results go",
    outlets: { zip: "ZIP download", folder: "A folder…" },
    noFolder: "This browser can’t write into a folder; Chrome and Edge can, from disk, localhost or https",
    parts: "Size of one ZIP",
    /** Bytes of one ZIP, and what people know them by. @type {[number, string][]} */
    limits: [[0, "in one piece"], [650 << 20, "parts of 650 MB"], [2 * 1024 ** 3, "parts of 2 GB"], [4 * 1024 ** 3, "parts of 4 GB"]],
    directory: "DICOMDIR, short names (for media)",
    pictures: "Pictures too (PNG of every frame)",
  },
  foot: {
    /** @param {number} done @param {number} total */
    reading: (done, total) => `Reading ${Math.min(done + 1, total).toLocaleString("en")} of ${total.toLocaleString("en")}`,
    /** @param {number} bytes @param {number} all */
    bytes: (bytes, all) => (all < 1e9 ? `${Math.round(bytes / 1e6).toLocaleString("en")} of ${Math.round(all / 1e6).toLocaleString("en")} MB` : `${(bytes / 1e9).toFixed(1)} of ${(all / 1e9).toFixed(1)} GB`),
    /** @param {number} seconds */
    left: (seconds) => (seconds < 60 ? `${seconds} s left` : `${Math.ceil(seconds / 60)} min left`),
    sample: "Making the sample",
    /** @param {string} version */
    version: (version) => `Veil ${version}`,
    progress: "Progress",
  },
  message: {
    dismiss: "Dismiss",
    /** @param {string} code @param {string} [sentence] the core's own, where it knows more */
    error: (code, sentence) => sentence ?? errors[code] ?? errors.internal,
    profileSaved: "The profile was saved. It holds rules and no secret; the command line takes it unchanged.",
    /** @param {number} problems */
    profileLoaded: (problems) => (problems ? `The profile was loaded; ${plural(problems, "line", "lines")} could not be taken over as written. They are listed beside it.` : "The profile was loaded."),
    profileRefused: "The profile was not loaded.",
    noRuleHelps: "No rule can remove what was found there. Choose a stricter profile, or leave this file out.",
    identified: "Pseudonyms and UIDs are made anew.",
    linksSaved: "The encrypted table was saved. Keep it and its passphrase apart from the de-identified files.",
    place: "Show it",
    /** @param {number} number of the file, as they came @param {string} why */
    oneAside: (number, why) => `The ${ordinal(number)} file: ${why}`,
    /** @param {number} aside @param {number} total */
    aside: (aside, total) =>
      aside === total
        ? `${plural(aside, "file", "files")} could not be used. The list says why for each.`
        : `${aside.toLocaleString("en")} of ${plural(total, "file", "files")} could not be used. The list says why for each; the others are not affected.`,
    /** @param {number} saved @param {number} aside @param {import("../types.js").Outlet["kind"]} kind @param {number} resumed of them, by an earlier run @param {import("../studies/pictures.js").Made["told"] | null} drawn @param {Record<import("../types.js").Stays, number>} stays */
    saved: (saved, aside, kind, resumed, drawn, stays) =>
      `${saved === 1 ? "1 de-identified file was saved" : `${saved.toLocaleString("en")} de-identified files were saved${kind === "zip" ? " as ZIP" : ""}`}` +
      (resumed ? ` (${resumed.toLocaleString("en")} of them before)` : "") +
      (aside ? `; ${plural(aside, "file was", "files were")} set aside.` : ".") +
      (drawn ? ` ${plural(drawn.files, "picture is", "pictures are")} beside ${saved === 1 ? "it" : "them"}` : "") +
      (drawn?.without.length ? `; ${plural(drawn.without.length, "file has none that could be drawn", "files have none that could be drawn")}` : "") +
      (drawn?.partly ? `; of ${plural(drawn.partly.length, "file some frames are", "files some frames are")} missing` : "") +
      (drawn ? "." : "") +
      staying(stays) +
      " Header and codestream comments were searched again; burned-in text only where you checked the pixels, faces nowhere: look at the pictures before you share them.",
    slowFolder: "This folder takes long for each file: it is on a network, or the browser asks its protection service about each one (Safe Browsing, which without an answer waits). It goes on; one ZIP is written much faster.",
    /** @param {number} kept @param {Record<import("../types.js").Stays, number>} stays */
    cancelledKept: (kept, stays) => `Cancelled. ${plural(kept, "file that was finished before is", "files that were finished before are")} kept.${staying(stays)}`,
    nothingSaved: "Nothing was saved: no file could be de-identified. The list says why for each.",
    copied: "The picture is on the clipboard, without any header. Check it for burned-in text before you paste it.",
    noClipboard: "This browser does not let this page use the clipboard here. Save the picture instead.",
    offers: { png: "Save as PNG" },
    /** @param {string} label */
    exported: (label) => `The picture was saved as ${label}, without any header. Check it for burned-in text.`,
    reported: "The report was saved. It names rules and counts, no original values.",
    noFiles: "There were no files in what you dropped.",
    notTaken: "Files are not taken, because this page could still reach a network. Reload it, or use the single-file edition.",
    removed: "Removed from the list. The files themselves are untouched.",
    died: "The engine stopped and was started again. Nothing is lost.",
  },
  keys: {
    title: "Keys and mouse",
    close: "Close",
    list: [
      ["Drag on the picture", "Window: right and left width, up and down center"],
      ["Drag with the middle button, or with Shift", "Move the picture"],
      ["Wheel, ↑ ↓", "Next and previous image or frame"],
      ["Shift wheel, + −", "Zoom"],
      ["Page Up, Page Down", "Previous and next series"],
      ["Home, End", "First and last image of the series"],
      ["1 – 5", "Window presets"],
      ["i", "Invert"],
      ["r, h, v", "Turn, flip left and right, flip top and bottom"],
      ["Space", "Reset window and view"],
      ["c", "Play the frames or images as a clip, and pause"],
      ["o", "Overlays of the file"],
      ["t", "All attributes, original beside result"],
      ["Ctrl C", "Copy the picture, for a slide"],
      ["Ctrl Z, Ctrl Y", "Undo and redo changes of window, view and profile"],
      ["Delete", "Remove the file from the list"],
      ["← →", "In the list: close and open a group"],
      ["Esc", "Cancel the work, close this list"],
      ["?", "This list"],
      ...pixels.keys,
      ...audit.keys,
    ],
  },
};

/** What is to be said of text that stays, behind another sentence. @param {Record<import("../types.js").Stays, number>} images */
function staying(images) {
  return images.identifies || images.unclear ? ` ${pixels.staying.count(images)}` : "";
}

/** @param {number} value at most two decimals, no trailing zeros */
function round(value) {
  return String(Number(value.toFixed(Math.abs(value) < 1 ? 4 : 2)));
}
