/** Words about profiles, options and identity: what each keeps and what that risks. */
import { plural } from "./plural.js";

export const profile = {
  label: "Profile",
  /** @param {string} label */
  adjusted: (label) => `${label}, adjusted`,
  /** @param {string} label */
  adjustedNote: (label) => `Made from ${label} by changing options or rules.`,
  /** What it keeps, and what that risks; by the name of the profile. @type {Record<string, {keeps: string, risks: string}>} */
  known: {
    basic: { keeps: "Keeps the picture and what is needed to show it, little else.", risks: "The least risk; intervals between studies, ages and descriptions are lost." },
    "safe-harbor": { keeps: "Keeps years, sex, size and weight, ages to 89, three digits of a ZIP code.", risks: "A rare condition in a known year can still point to someone." },
    research: { keeps: "Keeps intervals to the day (dates are moved), body, device, known safe private attributes, cleaned texts.", risks: "Body, device and rhythm of visits together can point to someone: share under an agreement." },
    gdpr: { keeps: "Keeps intervals (dates are moved), ages in steps of five years, cleaned texts.", risks: "Still personal data: whoever holds the key or the table can go back." },
    teaching: { keeps: "Keeps sex, ages in steps of ten years, cleaned texts: the case can be told.", risks: "A memorable case can be recognised by those who know it." },
  },
  ownNote: "Made or loaded in this tab.",
  /** @param {string} dates @param {readonly string[]} options */
  ownKeeps: (dates, options) => `Dates: ${dates.toLowerCase()}. ${options.length ? `Kept or cleaned: ${options.join(", ")}.` : "No options."}`,
  /** @param {number} n */
  rules: (n) => plural(n, "rule of your own", "rules of your own"),
  adjust: "Adjust",
  /** @param {number} n */
  adjustNote: (n) => (n ? `${plural(n, "option", "options")} on` : "no options"),
  options: "Options of the standard",
  keeps: "Keeps",
  risks: "Risks",
  /** Options of PS3.15 E.3, each with what it keeps and what that risks. @type {Record<string, {label: string, keeps: string, risks: string}>} */
  option: {
    retain_safe_private: { label: "Safe private attributes", keeps: "private attributes that the standard lists as safe, such as diffusion values.", risks: "a maker may have put something else there; they are searched like all others." },
    retain_uids: { label: "Original UIDs", keeps: "all UIDs as they are, so that the files still fit the archive.", risks: "whoever can look into the archive finds the patient." },
    retain_device: { label: "Device", keeps: "maker, model, serial numbers and names of the scanner.", risks: "one serial number names the hospital." },
    retain_institution: { label: "Institution", keeps: "name, address and department of the hospital.", risks: "it narrows the search to its patients." },
    retain_patient_chars: { label: "Patient characteristics", keeps: "age, sex, size, weight, smoking, pregnancy; what is text is cleaned.", risks: "unusual ones single a person out." },
    clean_descriptors: { label: "Descriptions, cleaned", keeps: "words of descriptions and comments that are on a list of medical terms.", risks: "a name that is also a term stays where the header does not hold it as a name." },
    clean_structured_content: { label: "Reports, cleaned", keeps: "coded content and cleaned words of structured reports.", risks: "as with descriptions; what was measured can be recognised." },
    clean_graphics: { label: "Graphics without text", keeps: "shapes that were drawn; overlays and texts go.", risks: "handwriting drawn as a shape." },
  },
  dates: "Dates",
  datesReason: "One of the five: real dates beside moved ones would give away by how much they were moved (PS3.15 E.3.6).",
  /** @type {Record<import("../model/profile.js").Dates, {label: string, keeps: string, risks: string}>} */
  date: {
    remove: { label: "Removed", keeps: "no date or time.", risks: "none from dates." },
    year: { label: "Year only", keeps: "the year of the study; every date becomes 1 January.", risks: "little." },
    month: { label: "Month only", keeps: "year and month; every date becomes the first.", risks: "a rare event in a month can be looked up." },
    retain_long_modified_dates: { label: "Moved", keeps: "intervals to the day: all dates of a patient go back by the same secret number of days.", risks: "a known rhythm of visits can be recognised." },
    retain_long_full_dates: { label: "As they are", keeps: "all dates and times of the studies.", risks: "day and hour of a scan find the patient in any schedule." },
  },
  unlisted: "Attributes that no rule lists",
  /** @type {Record<import("../types.js").Profile["unlisted"], {label: string, keeps: string, risks: string}>} */
  unlistedChoice: {
    keep: { label: "Kept", keeps: "everything that neither the standard’s table nor a rule of yours names, such as settings of the scanner.", risks: "text in an unusual place stays where nothing identifying is found in it." },
    remove: { label: "Removed", keeps: "only what the kind of object requires and what the picture needs.", risks: "least; settings of the scanner are lost." },
  },
  /** @param {readonly string[]} groups */
  unlistedGroups: (groups) => `The profile keeps groups ${groups.join(", ")} all the same.`,
  save: "Save profile…",
  load: "Load profile or script…",
  loadNote: "A Veil profile (JSON), an RSNA CTP anonymizer script, or a dicom-anonymizer dictionary",
  /** @param {number} n */
  problems: (n) => `${plural(n, "line", "lines")} of the script could not be taken over as written`,
  /** @param {number} n */
  line: (n) => `line ${n}`,
  /** @type {Record<string, string>} */
  problem: { unmapped: "not taken over", changed: "done differently", looser: "keeps more than Basic" },
  remove: "Remove this rule",
  ownRules: "Rules of your own",
};

export const identity = {
  label: "Pseudonyms",
  /** @param {import("../types.js").IdentityState} state */
  now: ({ key, patients }) => (patients !== null ? `from your table (${plural(patients, "patient", "patients")})` : { random: "random, gone with this tab", passphrase: "from your passphrase, repeatable", file: "from your key file, repeatable" }[key]),
  change: "Change…",
  title: "Where pseudonyms and UIDs come from",
  lead: "A project key makes the pseudonyms, the new UIDs and the days by which dates are moved. The same key gives the same result.",
  random: "Random key",
  randomNote: "Made for this tab and gone with it. Files that are de-identified another day will not match these.",
  passphrase: "Passphrase",
  passphraseNote: "The same passphrase gives the same result in another year, at another site and on the command line. Whoever guesses it can find the patients: use four or five random words.",
  keyFile: "Key file",
  keyFileNote: "The same file gives the same result, here and on the command line (--key-file). At least 32 bytes that nobody can guess; it is read in this tab and goes nowhere.",
  keyFileChoose: "Choose the key file",
  own: "Own table of pseudonyms",
  ownNote: "A CSV file with two columns: PatientID and the pseudonym for it; or the re-identification table of an earlier session (.age), so that its patients keep their pseudonyms. Patients that it does not name are set aside.",
  tablePassphrase: "Passphrase of the re-identification table",
  keep: "Keep the table that is in use",
  first: "Passphrase (at least 12 characters)",
  again: "The same again",
  differ: "The two are not the same.",
  apply: "Use these",
  close: "Cancel",
  working: "Working on the passphrase…",
  /** @param {number} n */
  missing: (n) => `${plural(n, "patient is", "patients are")} not in your table of pseudonyms and will be set aside.`,
  notInTable: "not in your table",
};

export const links = {
  open: "Re-identification table…",
  title: "Re-identification table",
  lead: "It says which patient and study became which pseudonym and UID. It leaves this tab only encrypted; the age command opens it:",
  command: "age --decrypt veil-reidentification.csv.age",
  warning: "Keep file and passphrase apart, and away from the de-identified files. Nobody can open it without the passphrase.",
  save: "Encrypt and save",
};
