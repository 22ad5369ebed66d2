import { fill, h, icon, set, text } from "../dom.js";
import { datesOf } from "../model/profile.js";
import { watch } from "../watch.js";
import { words } from "../words/words.js";
import { mountIdentityRow } from "./identity.js";
import { mountOptions } from "./options.js";

/**
 * Which profile: one of the core's, or the person's own. The chosen one says what it keeps and what that risks.
 * @typedef {import("../types.js").Profile} Profile
 * @type {import("../types.js").Mount}
 */
export function mountProfile(root, context) {
  const { store, actions } = context;
  const list = h("div", { class: "profiles", role: "radiogroup", "aria-label": words.profile.label });
  const input = h("input", { type: "file", class: "unseen", id: "veil-profile", "data-testid": "profile-file", accept: ".json,.script,.xml,.properties,.txt", "aria-label": words.profile.load, onchange: load });
  const files = h("div", { class: "links" }, input,
    h("label", { class: "link choose-file", for: "veil-profile", title: words.profile.loadNote }, words.profile.load),
    h("button", { type: "button", class: "link", "data-testid": "save-profile", onclick: actions.saveProfile }, words.profile.save));
  const problems = h("div", {});
  const options = h("details", { class: "adjust", "data-testid": "adjust" });
  const identity = h("div", { class: "identity-row" });
  fill(root, [list, files, problems, options, identity]);

  function load() {
    const file = input.files?.[0];
    if (file) void actions.loadProfile(file);
    input.value = "";
  }

  /** @type {Map<string, ReturnType<typeof card>>} by hook; elements stay, so that the focus does */
  const cards = new Map();

  /** @param {import("../types.js").State} state */
  function draw({ about, profile, own, busy }) {
    if (!profile) return;
    const all = [...(about?.profiles ?? []), ...(own ? [own] : [])];
    const shown = all.map((one) => {
      const hook = one === own ? "own" : one.name;
      const known = cards.get(hook) ?? card(hook, () => actions.chooseProfile(hook === "own" ? store.get().own ?? one : one));
      cards.set(hook, known);
      known.draw(one, one === profile, busy?.kind === "deidentify");
      return known.element;
    });
    if (list.children.length !== shown.length) fill(list, shown);
  }

  const leave = [
    watch(store, (s) => [s.about, s.profile, s.own, s.busy], draw),
    watch(store, (s) => [s.problems, s.profile], (state) => fill(problems, [state.problems && state.profile === state.own ? remarks(state.problems) : null])),
    mountOptions(options, context),
    mountIdentityRow(identity, context),
  ];
  return () => leave.forEach((stop) => stop());
}

/** @param {string} hook @param {() => void} chosen */
function card(hook, chosen) {
  const input = h("input", { type: "radio", name: "profile", "data-testid": `profile-${hook}`, onchange: chosen });
  const label = h("b", {});
  const says = h("span", { class: "says" });
  const element = h("label", { class: "profile" }, input, h("span", {}, label, says));
  return {
    element,
    /** @param {Profile} profile @param {boolean} isChosen @param {boolean} disabled */
    draw(profile, isChosen, disabled) {
      input.checked = isChosen;
      input.disabled = disabled;
      set(element, "data-chosen", isChosen);
      text(label, profile.label);
      const known = words.profile.known[hook];
      says.hidden = !isChosen;
      fill(says, known ? [h("span", {}, known.keeps), h("span", {}, h("i", {}, `${words.profile.risks}: `), known.risks)]
        : [h("span", {}, profile.description || words.profile.ownNote), h("span", {}, ownKeeps(profile))]);
    },
  };
}

/** What a profile of one's own keeps follows from its options. @param {Profile} profile */
function ownKeeps(profile) {
  const options = profile.options.flatMap((name) => words.profile.option[name]?.label ?? []);
  const rules = profile.rules.length ? `${words.profile.rules(profile.rules.length)}.` : "";
  return `${words.profile.ownKeeps(words.profile.date[datesOf(profile)].label, options)} ${rules}`.trim();
}

/** @param {readonly import("../types.js").Problem[]} problems */
function remarks(problems) {
  return h("details", { class: "remarks", open: problems.length <= 5, "data-testid": "profile-problems" },
    h("summary", {}, icon("alert"), words.profile.problems(problems.length)),
    h("ul", {}, ...problems.map(({ line, attribute, kind, reason }) => h("li", { "data-kind": kind },
      h("span", {}, h("b", {}, [words.profile.line(line), attribute].filter(Boolean).join(" · ")), ` ${words.profile.problem[kind] ?? kind}`),
      h("small", {}, reason)))));
}
