import { fill, h, icon, text } from "../dom.js";
import { DATES, datesOf, withDates, withOption, withoutRule, withUnlisted } from "../model/profile.js";
import { watch } from "../watch.js";
import { words } from "../words/words.js";

const UNLISTED = /** @type {const} */ (["keep", "remove"]);

/** Options of the standard as switches, dates as one choice of five, rules of one's own. @type {import("../types.js").Mount} */
export function mountOptions(root, { store, actions }) {
  const note = h("small", {});
  const switches = Object.entries(words.profile.option).map(([name, says]) => choice({
    type: "checkbox", role: "switch", hook: `option-${name}`, says,
    onchange: (on) => actions.changeProfile((profile) => withOption(profile, name, on)),
    isOn: (profile) => profile.options.includes(name),
  }));
  const dates = DATES.map((name) => choice({
    type: "radio", name: "dates", hook: name.startsWith("retain") ? `option-${name}` : `dates-${name}`, says: words.profile.date[name],
    onchange: () => actions.changeProfile((profile) => withDates(profile, name)),
    isOn: (profile) => datesOf(profile) === name,
  }));
  const unlisted = UNLISTED.map((name) => choice({
    type: "radio", name: "unlisted", hook: `unlisted-${name}`, says: words.profile.unlistedChoice[name],
    onchange: () => actions.changeProfile((profile) => withUnlisted(profile, name)),
    isOn: (profile) => profile.unlisted === name,
  }));
  const groups = h("p", { class: "hint", "data-testid": "unlisted-groups" });
  const rules = h("div", { class: "own-rules" });
  fill(root, [
    h("summary", {}, words.profile.adjust, " ", note),
    h("fieldset", {}, h("legend", {}, words.profile.dates), h("p", { class: "hint" }, words.profile.datesReason), ...dates.map((one) => one.element)),
    h("fieldset", {}, h("legend", {}, words.profile.options), ...switches.map((one) => one.element)),
    h("fieldset", {}, h("legend", {}, words.profile.unlisted), ...unlisted.map((one) => one.element), groups),
    rules,
  ]);
  return watch(store, (s) => [s.profile, s.busy], ({ profile, busy }) => {
    if (!profile) return;
    text(note, words.profile.adjustNote(profile.options.length));
    for (const one of [...switches, ...dates, ...unlisted]) one.draw(profile, busy?.kind === "deidentify");
    text(groups, profile.unlisted_groups?.length ? words.profile.unlistedGroups(profile.unlisted_groups) : "");
    groups.hidden = !profile.unlisted_groups?.length;
    fill(rules, profile.rules.length ? [h("h3", {}, words.profile.ownRules), h("ul", {}, ...profile.rules.map(ownRule))] : []);
  });

  /** @param {import("../types.js").OwnRule} rule */
  function ownRule(rule) {
    const { attribute, creator, action, method } = rule;
    const does = [words.tags.actions[action] ?? action, method].filter(Boolean).join(": ");
    return h("li", {}, h("span", {}, attribute, creator ? h("small", {}, ` ${creator}`) : null), h("small", {}, does),
      h("button", { type: "button", class: "ghost small", "aria-label": `${words.profile.remove}: ${attribute}`, title: words.profile.remove, disabled: store.get().busy?.kind === "deidentify",
        onclick: () => actions.changeProfile((profile) => withoutRule(profile, rule)) }, icon("close")));
  }
}

/**
 * @param {{type: string, role?: string, name?: string, hook: string, says: {label: string, keeps: string, risks: string},
 *   onchange: (on: boolean) => void, isOn: (profile: import("../types.js").Profile) => boolean}} what
 */
function choice({ type, role, name, hook, says, onchange, isOn }) {
  const input = h("input", { type, role, name, class: role ?? null, "data-testid": hook, onchange: () => onchange(input.checked) });
  const element = h("label", { class: "choice" }, input,
    h("span", {}, h("b", {}, says.label), h("small", {}, `${words.profile.keeps} ${says.keeps}`), h("small", {}, `${words.profile.risks}: ${says.risks}`)));
  return {
    element,
    /** @param {import("../types.js").Profile} profile @param {boolean} disabled */
    draw(profile, disabled) {
      input.checked = isOn(profile);
      input.disabled = disabled;
    },
  };
}
