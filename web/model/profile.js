/**
 * What a person may change in a profile. Pure: a profile is replaced, never changed.
 * @typedef {import("../types.js").Profile} Profile
 * @typedef {import("../types.js").OwnRule} OwnRule
 */

export const FULL_DATES = "retain_long_full_dates";
export const MOVED_DATES = "retain_long_modified_dates";
const ADJUSTED = "-adjusted";
const LONGEST = 32; // data/profile.schema.json

/** What can become of dates: three cuts and two options of the standard, of which only one can hold (PS3.15 E.3.6). */
export const DATES = /** @type {const} */ (["remove", "year", "month", MOVED_DATES, FULL_DATES]);
/** @typedef {typeof DATES[number]} Dates */

/** @param {Profile} profile @returns {Dates} */
export function datesOf({ options, dates }) {
  return options.includes(FULL_DATES) ? FULL_DATES : options.includes(MOVED_DATES) ? MOVED_DATES : dates;
}

/** @param {Profile} profile @param {Dates} choice @returns {Profile} */
export function withDates(profile, choice) {
  const options = profile.options.filter((name) => name !== FULL_DATES && name !== MOVED_DATES);
  const isOption = choice === FULL_DATES || choice === MOVED_DATES;
  return { ...profile, options: isOption ? [...options, choice] : options, dates: isOption ? "remove" : choice };
}

/** @param {Profile} profile @param {string} option @param {boolean} on @returns {Profile} */
export function withOption(profile, option, on) {
  const options = profile.options.filter((name) => name !== option);
  return { ...profile, options: on ? [...options, option] : options };
}

/** @param {Profile} profile @param {Profile["unlisted"]} unlisted @returns {Profile} */
export function withUnlisted(profile, unlisted) {
  const { unlisted_groups: groups, ...rest } = profile;
  return { ...rest, unlisted, ...(groups && unlisted === "remove" && { unlisted_groups: groups }) };
}

/** @param {Pick<OwnRule, "attribute" | "creator">} a @param {Pick<OwnRule, "attribute" | "creator">} b */
export function sameTarget(a, b) {
  return a.attribute === b.attribute && (a.creator ?? "") === (b.creator ?? "");
}

/**
 * Rules of one's own in the place of those for the same attributes. The last rule wins, so they come last.
 * @param {Profile} profile @param {readonly OwnRule[]} rules @returns {Profile}
 */
export function withRules(profile, rules) {
  const others = profile.rules.filter((one) => !rules.some((rule) => sameTarget(one, rule)));
  return { ...profile, rules: [...others, ...rules] };
}

/** @param {Profile} profile @param {Pick<OwnRule, "attribute" | "creator">} target back to what the profile says without it @returns {Profile} */
export function withoutRule(profile, target) {
  return { ...profile, rules: profile.rules.filter((one) => !sameTarget(one, target)) };
}

/**
 * A profile that differs from its origin bears another name and no description that may be wrong by now.
 * @param {Profile} profile @param {{adjusted: (label: string) => string, adjustedNote: (label: string) => string}} words @returns {Profile}
 */
export function adjusted(profile, words) {
  if (profile.name.endsWith(ADJUSTED)) return profile;
  const name = profile.name.slice(0, LONGEST - ADJUSTED.length) + ADJUSTED;
  return { ...profile, name, label: words.adjusted(profile.label).slice(0, 64), description: words.adjustedNote(profile.label) };
}

/** @param {Profile} a @param {Profile} b whether they do the same */
export function sameProfile(a, b) {
  const what = (/** @type {Profile} */ one) => JSON.stringify([[...one.options].sort(), one.dates, one.unlisted, one.unlisted_groups ?? [], one.rules]);
  return what(a) === what(b);
}

/**
 * How a profile goes over the wire: the core's own by name, others whole.
 * @param {{about: import("../types.js").About | null, profile: Profile | null}} state
 */
export function wired({ about, profile }) {
  return profile && !about?.profiles.includes(profile) ? profile : profile?.name ?? "basic";
}
