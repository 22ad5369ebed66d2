/** Words of whole studies: what is left out and who is who. */

import { plural } from "./plural.js";

const n = (/** @type {number} */ value) => value.toLocaleString("en");

export const leftOut = {
  title: "Left out",
  close: "Close",
  lead: "These are no instances that could be de-identified. Nothing is done to them.",
  clear: "Clear this list",
  columns: { name: "File", why: "Why" },
  /** @param {number} count */
  open: (count) => `${n(count)} left out`,
  /** @param {number} count */
  nothing: (count) => `None of ${plural(count, "file", "files")} is a DICOM instance. The list says why for each.`,
  /** @param {number} missing @param {number} named */
  missing: (missing, named) => `A DICOMDIR names ${plural(named, "file", "files")}, of which ${n(missing)} ${missing === 1 ? "is" : "are"} not here. Drop its whole folder.`,
  /** @param {number} count */
  repeats: (count) => `${plural(count, "file was", "files were")} there twice, identical to the byte. Each is taken once.`,
  /** @param {number} named @param {number} missing */
  directory: (named, missing) => `A DICOMDIR was followed and is not copied: it names ${plural(named, "file", "files")}, ${missing ? `${n(missing)} of them not here` : "all of them here"}.`,
  name: "Name of the file, for your eyes only",
};

/** @type {Record<import("../types.js").Question["kind"], {title: (sides: number) => string, text: string, choices: Record<string, string>}>} */
const asked = {
  names: {
    title: (sides) => `One Patient ID, ${n(sides)} names`,
    text: "Is it one person whose name was written or changed, or are they different people?",
    choices: { same: "The same person", different: "Different people", out: "Leave all of them out" },
  },
  ids: {
    title: (sides) => `One name and birth date, ${n(sides)} Patient IDs`,
    text: "Is it one person under several IDs, or are they different people?",
    choices: { same: "The same person", different: "Different people", out: "Leave all of them out" },
  },
  studies: {
    title: (sides) => `One study, ${n(sides)} patients`,
    text: "A study belongs to one person. Who is this?",
    choices: { same: "The same person", different: "Different people: each keeps their own part", out: "Leave the study out" },
  },
  uid: {
    title: (sides) => `${n(sides)} files, one SOP Instance UID`,
    text: "They differ, and the files do not tell which is right. Look at both, and keep one.",
    choices: { out: "Leave all of them out" },
  },
};

export const people = {
  label: "Questions of who is who",
  /** @param {number} count */
  open: (count) => `${plural(count, "question", "questions")} for you`,
  answered: "Who is who: answered",
  lead: "Nothing is saved before they are answered. Each answer can be undone, and goes into the report without names.",
  /** @param {import("../types.js").Question["kind"]} kind */
  of: (kind) => asked[kind],
  /** @param {number} at */
  keep: (at) => `Keep file ${at}`,
  /** @param {number} at */
  side: (at) => String.fromCharCode(64 + at),
  /** @param {number} count */
  count: (count) => plural(count, "file", "files"),
  look: "Look at it",
  noName: "No name",
  checking: "Looking for what does not fit together…",
  again: "It could not be checked whether all fits together: press to try again",
  /** @param {number} count */
  first: (count) => `Answer ${plural(count, "question", "questions")} first`,
};

export const reading = {
  stop: "Stop reading",
  /** @param {number} count */
  stopped: (count) => `Stopped: ${plural(count, "file that had not been read has", "files that had not been read have")} left the list.`,
  folder: "Choose a folder…",
  folderMore: "Folder…",
};
