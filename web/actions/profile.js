import { troubleOf } from "../calls.js";
import { download } from "../download.js";
import { VeilError } from "../errors.js";
import { record } from "../model/history.js";
import { adjusted, sameProfile, withRules } from "../model/profile.js";
import { removals } from "../model/tags.js";
import { anotherChance } from "../store.js";
import { words } from "../words/words.js";
import { say, stillTrue } from "./say.js";

/** More than any profile or script has; a scan chosen by mistake isn't read as one. */
const LARGEST_BYTES = 4 << 20;

/**
 * Which profile, and what of it a person changes. Every change can be undone.
 * @typedef {import("../types.js").Profile} Profile
 * @param {import("../types.js").Store} store @param {import("../types.js").Calls} calls
 */
export function profileActions(store, calls) {
  /** @param {Profile} profile */
  function put(profile) {
    store.update(({ about, own, message, items }) => ({ profile, own: about?.profiles.includes(profile) ? own : profile, message: stillTrue(message), items: anotherChance(items) }));
  }

  /** @param {Profile} after */
  function chooseProfile(after) {
    const { profile: before, busy } = store.get();
    if (!before || before === after || busy?.kind === "deidentify") return;
    put(after);
    store.update(({ history }) => ({ history: record(history, { kind: "profile", before, after }) }));
  }

  /** A change that leads to one of the core's own profiles is that profile. @param {(profile: Profile) => Profile} change */
  function changeProfile(change) {
    const { profile, about } = store.get();
    if (!profile) return;
    const wanted = change(profile);
    if (sameProfile(wanted, profile)) return;
    chooseProfile(about?.profiles.find((one) => sameProfile(one, wanted)) ?? adjusted(wanted, words.profile));
  }

  /**
   * A change that only the core can judge (the argument of a method): made when it takes the profile.
   * @param {(profile: Profile) => Profile} change @returns {Promise<import("../types.js").Trouble | null>} why not
   */
  async function changeChecked(change) {
    const { profile } = store.get();
    if (!profile) return null;
    try {
      await calls.call("check_profile", { text: JSON.stringify(change(profile)), kind: "veil" });
    } catch (error) {
      return troubleOf(error);
    }
    changeProfile(change);
    return null;
  }

  function saveProfile() {
    const { profile } = store.get();
    if (!profile) return;
    download(new Blob([`${JSON.stringify(profile, null, 2)}\n`], { type: "application/json" }), "veil-profile.json");
    say(store, { tone: "good", text: words.message.profileSaved });
  }

  /** @param {File} file a profile, a CTP script or a dicom-anonymizer dictionary */
  async function loadProfile(file) {
    try {
      if (file.size > LARGEST_BYTES) throw new VeilError("profile-large");
      const text = await file.text();
      const { result } = await calls.call("check_profile", { text, kind: kindOf(text) });
      chooseProfile(result.profile);
      store.update(() => ({ problems: result.problems.length ? result.problems : null }));
      say(store, { tone: "good", text: words.message.profileLoaded(result.problems.length) });
    } catch (error) {
      const { code, sentence } = error instanceof DOMException ? { code: "file-gone", sentence: undefined } : troubleOf(error);
      say(store, { tone: "bad", text: `${words.message.profileRefused} ${words.message.error(code, sentence)}` });
    }
  }

  /** @param {string} id an instance that verification set aside */
  async function forbid(id) {
    const item = store.get().items.find((one) => one.id === id);
    const { result } = await calls.call("tags", { instance: id, profile: "basic" }, { file: item?.file });
    const rules = removals(result.rows, item?.trouble?.hits ?? []);
    if (rules.length) changeProfile((profile) => withRules(profile, rules));
    return rules.length > 0;
  }

  /** Rules for the places where something was found; what was set aside for it gets another chance. @param {string} id */
  async function removeFound(id) {
    const found = await forbid(id);
    if (!found) say(store, { tone: "bad", text: words.message.noRuleHelps, about: id });
    else store.update(({ items }) => ({ items: anotherChance(items) }));
    return found;
  }
  return { chooseProfile, changeProfile, changeChecked, saveProfile, loadProfile, put, removeFound };
}

/** @param {string} text dictionaries have tags for keys, other JSON is taken for a profile, the rest for a script */
function kindOf(text) {
  if (!text.trimStart().startsWith("{")) return "ctp";
  const first = /^\s*\{\s*"([^"]*)"/.exec(text)?.[1] ?? "";
  return /^\s*[([]/.test(first) ? "kitware" : "veil";
}
