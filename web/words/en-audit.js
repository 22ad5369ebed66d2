/** Words of the audit: seven steps, the spot check, the log. */
import { plural } from "./plural.js";

const n = (/** @type {number} */ value) => value.toLocaleString("en");

/** @type {Record<import("../types.js").AuditStep, {name: string, title: string, lead: string}>} */
const steps = {
  baseline: { name: "Baseline", title: "1 · Originals and results", lead: "What came in, against what was written. The originals’ headers are kept in memory only, for this audit, and are gone with the tab." },
  run: { name: "Run", title: "2 · The run", lead: "What was done, with what, and what was not written." },
  tags: { name: "Attributes", title: "3 · Attributes that were flagged", lead: "Every attribute that was not kept as it was, and what was done to it. What is cleaned or replaced leaves something: look at some of those first." },
  private: { name: "Private attributes", title: "4 · Private attributes that stay", lead: "Only its maker knows what a private attribute holds. These are in the results, since a rule keeps them." },
  pixels: { name: "Pixels", title: "5 · Pictures that need eyes", lead: "Why pictures of this run may show text or a face, and how many nobody has looked at." },
  spot: { name: "Spot check", title: "6 · Spot check", lead: "" },
  log: { name: "Log", title: "7 · The log", lead: "What leaves with the results: no value of an original stands in it." },
};

/** What a keyword means to people, where it is said often. @type {Record<string, string>} */
const places = { PatientName: "the patient’s name", PatientID: "the patient’s ID", PatientBirthDate: "the date of birth", InstitutionName: "the institution" };

export const audit = {
  title: "Audit",
  close: "Close the audit",
  steps,
  stepsLabel: "The seven steps",
  /** @param {number} seen @param {number} of @param {import("../types.js").Audit["state"]} state */
  open: (seen, of, state) => (state === "passed" ? "Audit · passed" : state === "stopped" ? "Audit · stopped" : `Audit · ${n(seen)} of ${n(of)}`),
  openNote: "Seven steps after the run: attributes, pixels, a spot check, the log",
  /** @param {number} seen @param {number} of */
  looked: (seen, of) => `${n(seen)} of ${plural(of, "result", "results")} looked at`,
  done: "done",
  /** @param {number} written @param {number} aside */
  ran: (written, aside) => `${n(written)} written${aside ? `, ${n(aside)} not` : ""}`,
  toCheck: "to look through",
  checked: "looked through",
  nonePrivate: "none stay",
  /** @param {number} count */
  somePrivate: (count) => `${n(count)} stay`,
  /** @param {number} left */
  pixelsLeft: (left) => (left ? `${n(left)} to see` : "none left"),
  /** @param {number} seen @param {number} of @param {number} failed */
  spotted: (seen, of, failed) => `${n(seen)} of ${n(of)}${failed ? `, ${n(failed)} failed` : ""}`,
  saved: "saved",
  unsaved: "not saved yet",
  check: { tags: "I have looked through the attributes", private: "I have looked through what stays" },
  next: "Next step",
  counts: { what: "", before: "Originals", after: "Results" },
  /** @type {Record<string, string>} */
  things: { patients: "Patients", studies: "Studies", series: "Series", instances: "Instances", devices: "Devices" },
  facts: { date: "Date", tool: "Tool", build: "Build", profile: "Profile", standard: "Standard", written: "Written", aside: "Set aside", out: "Left out", sample: "Spot check", pixels: "Pictures still to be looked at", manifest: "Manifest" },
  /** @param {string} version */
  tool: (version) => `Veil ${version}`,
  /** @param {number} count */
  manifest: (count) => `SHA-256 of ${plural(count, "file", "files")}`,
  refused: { number: "Number", reason: "Why it was not written", where: "Found at" },
  refusedTitle: "Not written",
  failed: { number: "Number", note: "Note", look: "" },
  failedTitle: "Failed",
  touched: { attribute: "Attribute", action: "What was done", rule: "Rule", count: "Results", look: "" },
  kept: { attribute: "Attribute", count: "Results", look: "" },
  reasons: { reason: "Reason", count: "Results" },
  look: "Look at one",
  /** @param {string} what */
  lookAt: (what) => `Look at one result with ${what}`,
  /** @param {number} more */
  more: (more) => `Show ${n(more)} more`,
  noPrivate: "No private attribute stays in any result.",
  noFlags: "Nothing in this run is of a kind that often shows text or a face.",
  toPixels: "Check the pixels…",
  /** @param {number} left */
  eyes: (left) => (left ? `${plural(left, "picture has", "pictures have")} not been looked at for text.` : "Every picture that needs eyes has been looked at."),
  /** @param {number} changed */
  pixelsChanged: (changed) => `Of ${plural(changed, "picture", "pictures")} something else was decided after the run. De-identify again: these results do not have it.`,
  method: "A tenth of the results, at least 30 and at least one of each device and modality, or all if fewer: drawn by a seed, so that anybody can draw the same ones again.",
  how: "How the sample is drawn",
  seed: "Seed",
  failure: "After a failure",
  failures: { enlarge: "enlarge the sample", stop: "stop the release" },
  failureNote: "Chosen before the first failure.",
  /** @param {number} at @param {number} of @param {number} number */
  position: (at, of, number) => `${n(at)} of ${n(of)} · number ${n(number)}`,
  /** @param {string} modality @param {number} device */
  stratum: (modality, device) => [modality, `device ${n(device)}`].filter(Boolean).join(", "),
  /** @param {number} number */
  notInSample: (number) => `Number ${n(number)} is not in the sample: it is only to be looked at.`,
  back: "Back to the sample",
  pass: "Pass",
  fail: "Fail",
  verdict: { pass: "passed", fail: "failed", open: "not judged yet" },
  verdicts: "Is anything of the patient left?",
  note: "Note for the log",
  notePlace: "Where and what, without names",
  noteRule: "Goes into the log: no value of the original is taken.",
  /** @param {readonly string[]} attributes keywords */
  noteRefused: (attributes) => `Not taken: it holds ${attributes.map((one) => places[one] ?? one).join(", ")} as the original has it. Say it without.`,
  previous: "Previous of the sample",
  following: "Next of the sample",
  original: "Original",
  result: "Result",
  from: { folder: "as it lies in the folder, SHA-256 checked", again: "made again, the same to the bit by SHA-256" },
  /** @param {string} which @param {string} position */
  picture: (which, position) => `${which}, ${position}`,
  loading: "Reading the result…",
  noPicture: "No picture in this instance.",
  frame: "Frame",
  attributes: "Attributes, original beside result",
  columns: { attribute: "Attribute", before: "Original", after: "Result" },
  filter: { all: "All", changed: "Not as they were" },
  gone: "gone",
  item: "Item",
  goOn: "Go on with a saved log…",
  goOnNote: "A log (JSON) of the same results: what was judged then is taken over",
  reviewer: "Reviewed by",
  reviewerNote: "Stands in the log and nowhere else; it is not stored.",
  export: "Save the log",
  forms: { json: "JSON", csv: "CSV", html: "HTML, to print and sign" },
  putIn: "Put all three into the folder",
  putNote: "In the place of the run’s report; SHA256SUMS is made anew.",
  zipNote: "The ZIP is finished: the log is saved beside it.",
  states: { open: "Spot check not finished", passed: "Spot check passed", stopped: "Release stopped: do not give these results out. Put right what failed, and de-identify again." },
  /** @param {number} count */
  passed: (count) => `The spot check is passed: ${plural(count, "instance was", "instances were")} looked at.`,
  stopped: "The release is stopped. Do not give these results out; put right what failed, and de-identify again.",
  /** @param {number} more @param {number} of */
  enlarged: (more, of) => `A failure: the sample grew by ${n(more)} to ${n(of)}.`,
  /** @param {string} form */
  savedAs: (form) => `The log was saved as ${form}. It holds no value of an original.`,
  put: "The log is in the folder as JSON, CSV and HTML, and SHA256SUMS is made anew.",
  /** @param {number} count */
  taken: (count) => `${plural(count, "verdict", "verdicts")} taken over; the results are the same.`,
  /** @type {[string, string][]} */
  keys: [
    ["p, f", "In the spot check: pass, fail, and on to the next"],
    ["n", "Write a note"],
    ["← →", "Previous and next of the sample"],
  ],
};

export const auditErrors = {
  "result-gone": "The result, or its original, is not where it was: it can’t be looked at.",
  "result-changed": "The file in the folder is not the one that this run wrote.",
  "result-other": "The result can’t be made again as it was: the original or the key has changed since the run.",
  "log-other": "This is no log of these results: they were made with another key, or from other files.",
};
