/** Words of whole studies: what is left out, who is who, and the audit. */

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

export const audit = {
  label: "Audit",
  open: "Audit and spot check",
  close: "Back to the pictures",
  lead: "Seven steps to a result that somebody else can say yes to.",
  steps: ["Originals", "De-identify", "What was flagged", "Private attributes", "Pixels", "Spot check", "The log"],
  /** @type {Record<string, string>} */
  states: { done: "done", now: "to do", later: "not yet", failed: "failed" },
  notYet: "This step follows once the files have been de-identified.",
  counts: { patients: "Patients", studies: "Studies", series: "Series", instances: "Instances", devices: "Devices" },
  before: "Originals",
  after: "Results",
  baseline: "Counted from the headers of the originals. They stay in the memory of this tab and go with it.",
  baselineWait: "Counted once all headers are read.",
  /** @param {number} done @param {number} aside @param {number} out */
  ran: (done, aside, out) => `${plural(done, "instance was", "instances were")} de-identified, searched again and written; ${n(aside)} set aside, ${n(out)} left out.`,
  run: "Every result was searched for every identifying value of its original before it was written. What did not pass was not written.",
  flagged: "What was flagged: not written, where something of the original was found again, and what to know about what was written.",
  noFlags: "Nothing was flagged: no instance was set aside, and no note was made.",
  asideTitle: "Set aside",
  notesTitle: "Notes",
  where: "Where",
  why: "Why",
  instances: "Instances",
  instance: "Instance",
  privateLead: "Private attributes that stay, because a rule that is known to be safe, or one of your own, keeps them. All others were removed.",
  noPrivate: "No private attribute stays in any result.",
  attribute: "Attribute",
  pixelsLead: "Text burned into pictures and faces are not looked for yet. These results may show them: look at each yourself.",
  noPixels: "No result has a reason to be looked at beyond the spot check.",
  look: "Look",
  looked: "Looked at",
  /** @param {number} done @param {number} total */
  lookedCount: (done, total) => `${n(done)} of ${n(total)} looked at`,
  spot: {
    /** @param {number} done @param {number} total */
    progress: (done, total) => `${n(done)} of ${n(total)} looked at`,
    before: "Original",
    after: "Result",
    noPicture: "No picture",
    making: "Making the result again…",
    proved: "Made again for this check: its SHA-256 is that of the file that was written.",
    unproved: "Made again, it is not the file that was written: do not pass it.",
    pass: "Pass",
    fail: "Fail",
    note: "Note (goes into the log: no names)",
    back: "Previous",
    next: "Next",
    onFailure: "If one fails",
    /** @type {Record<string, string>} */
    rules: { enlarge: "look at twice as many", stop: "stop the release" },
    stopped: "Stopped: do not release these results. Something failed, so the run has to be made again with a stricter profile or without these files.",
    passed: "Passed: the whole sample was looked at.",
    enlarged: "Something failed, so the sample was enlarged.",
    changed: "Changed",
    only: "Only what changed",
    /** @param {number} number */
    instance: (number) => `Instance ${n(number)}`,
    columns: { attribute: "Attribute", value: "Original", result: "Result", action: "Done" },
    keys: "p passes, f fails, ← → go back and forth",
    gone: "gone",
    empty: "empty",
  },
  log: {
    lead: "What was done, how it was checked and by whom, with the SHA-256 of every file. It holds numbers, rules and pseudonyms, no original value.",
    reviewer: "Reviewer",
    date: "Date",
    tool: "Tool",
    build: "Build",
    profile: "Profile",
    sample: "Sample",
    seed: "Seed",
    failures: "Failures",
    questions: "Questions answered",
    manifest: "Files in the manifest",
    save: "Save the log as",
    unfinished: "The spot check is not finished: the log says so.",
    saved: "The log was saved. It names rules, counts and SHA-256, no original values.",
    result: "Result",
    /** @type {Record<string, string>} */
    results: { open: "not finished", passed: "passed", stopped: "stopped" },
  },
};
