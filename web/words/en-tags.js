/** Words of the tag viewer: what is done to an attribute, by which rule, and why. */
import { plural } from "./plural.js";

/**
 * Rules by what the core calls them, or by how that begins: clause of PS3.15 and one sentence why.
 * @type {readonly (readonly [start: string, clause: string, why: string])[]}
 */
const RULES = [
  ["E.1-1 retain_", "PS3.15 Table E.1-1", "An option of the profile keeps or cleans it."],
  ["E.1-1 clean_descriptors", "PS3.15 E.3.5", "Free text: only words that are medical terms and name nobody stay."],
  ["E.1-1 clean_graphics", "PS3.15 E.3.3", "Drawn over the picture: shapes may stay, text may not."],
  ["E.1-1 clean_structured_content", "PS3.15 E.3.4", "Content of a report: what is coded stays, what is text is cleaned."],
  ["E.1-1 overlay", "PS3.15 Table E.1-1", "An overlay can show any text as a picture."],
  ["E.1-1 curve", "PS3.15 Table E.1-1", "A curve can hold what nobody can check."],
  ["E.1-1", "PS3.15 Table E.1-1", "The standard lists it as something that can identify the patient, the staff or the place."],
  ["E.3.10", "PS3.15 E.3.10", "The standard’s list of safe private attributes names it."],
  ["private", "PS3.15 Table E.1-1", "A private attribute: only its maker knows what it holds."],
  ["creator", "PS3.15 E.3.10", "Names the maker of private attributes that are kept."],
  ["person, added", "your own rule", "The original does not have it; it is worked out from other attributes."],
  ["person", "your own rule", "You decided it."],
  ["supplement", "Veil’s own list", "Not in the standard’s table, but it can identify all the same."],
  ["dates to the", "this profile", "The profile keeps no more of a date than this."],
  ["group", "PS3.15 E.1.1", "It is made new when the file is written, or has no place in it."],
  ["unknown", "PS3.15 E.1.1", "No edition of the standard knows it, so nobody can say what it holds."],
  ["unlisted", "this profile", "No rule lists it, neither the kind of object nor the picture needs it, and the profile removes such attributes."],
  ["VR UI", "PS3.15 E.3.9", "Not in the table, but a UID: it could be looked up in an archive."],
  ["VR PN", "PS3.15 E.3", "Not in the table, but a name of a person."],
  ["VR UR", "PS3.15 E.3", "Not in the table, but an address: it names a host, and often the study."],
  ["other pixels", "PS3.15 E.2", "Pixels beside those that are shown: nobody looks into them."],
  ["VR", "PS3.15 E.3.6", "Not in the table, but a date or time of this patient."],
  ["no value of its VR", "PS3.5 6.2", "It would stay, but is no number, choice or UID as its kind of value must be: a text that nobody has checked."],
  ["PS3.16", "PS3.16", "The meaning of a code of the standard is written as the standard has it."],
  ["code", "PS3.15 E.3.5", "A code that is not the standard’s: only terms stay."],
  ["content", "PS3.15 E.3.4", "Content of a report is treated by its kind."],
  ["added", "PS3.15 E.1.1", "The result says by it what was done."],
];

export const tags = {
  open: "All attributes",
  back: "Back to the picture",
  label: "All attributes, original beside result",
  search: "Search names, tags, values",
  privateOnly: "Private",
  touchedOnly: "Touched",
  /** @param {number} shown @param {number} all */
  count: (shown, all) => (shown === all ? plural(all, "row", "rows") : `${shown.toLocaleString("en")} of ${plural(all, "row", "rows")}`),
  columns: { attribute: "Attribute", original: "Original", result: "Result", action: "What is done" },
  nothing: "No attribute matches.",
  waiting: "Reading all attributes…",
  item: "Item",
  gone: "goes with what it stands in",
  /** @type {Record<string, string>} */
  actions: { K: "kept", X: "removed", Z: "emptied", D: "dummy value", U: "new UID", C: "cleaned" },
  /** What cleaning means, where a word says it better. @type {Record<string, string>} */
  methods: { shift: "date moved", year: "only the year", month: "only the month", text: "words cleaned", "age-cap": "age cut", ae: "stand-in" },
  /** @type {Record<string, string>} */
  choose: { "": "As the profile says", K: "Keep", X: "Remove", Z: "Empty", D: "Dummy value", U: "New UID", C: "Clean" },
  choice: "What to do with it",
  method: "How to clean it",
  chooseMethod: "Choose how…",
  argument: "Argument of the method",
  rule: "Rule",
  ownRule: "your own rule",
  yours: "yours",
  keptWhy: "No rule is about it: it says nothing about the patient, or is needed to show the picture.",
  keptOwn: "You decided to keep it. Verification still searches it for what identifies.",
  goneWhy: "What it stands in is removed or emptied, and it goes too.",
  noRule: "No rule can be made for this row.",
  everywhere: "Your rule holds for this attribute wherever it stands.",
  inside: "Your rule holds for this place, in every item.",
  byCreator: "Your rule holds for this private attribute by its creator.",
  pick: "Choose a row to see its whole values, its rule, and to decide otherwise.",
  undo: "Undo",
  redo: "Redo",
  /** @param {string} rule @returns {{clause: string, why: string}} */
  why(rule) {
    const [, clause, why] = RULES.find(([start]) => rule.startsWith(start)) ?? ["", rule, ""];
    return { clause, why };
  },
};

export const corners = {
  label: "Header values in the corners",
  original: "Original",
  result: "Result",
  originalNote: "The header’s values in the corners, as they are now",
  resultNote: "The header’s values in the corners, as they will be",
};
