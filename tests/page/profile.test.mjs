import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { adjusted, DATES, datesOf, sameProfile, withDates, withOption, withoutRule, withRules, withUnlisted } from "../../web/model/profile.js";
import { actionsFor, methodsFor, nodes, removals, splitMethod, targetOf, visible } from "../../web/model/tags.js";
import { en } from "../../web/words/en.js";

const basic = { format: 1, name: "basic", label: "Basic", description: "strict", options: [], dates: "remove", unlisted: "keep", rules: [] };
const row = (path, more = {}) => ({ path, depth: path.split("[").length - 1, tag: "(0010,0010)", keyword: path, name: path, vr: "LO", private: false, value: "v", result: "", action: "K", rule: "", method: "", ...more });

test("dates are one choice of five, whatever stood before", () => {
  for (const from of DATES) {
    for (const to of DATES) {
      const made = withDates(withDates(basic, from), to);
      assert.equal(datesOf(made), to);
      assert.ok(made.options.length <= 1 && (made.dates === "remove" || made.options.length === 0));
    }
  }
});

test("an option switched on and off leaves the profile as it was", () => {
  assert.ok(sameProfile(basic, withOption(withOption(basic, "retain_device", true), "retain_device", false)));
  assert.deepEqual(basic.options, []);
});

test("what no rule lists is kept or goes, and only where it goes some groups stay", () => {
  const bare = { ...withUnlisted(basic, "remove"), unlisted_groups: ["0018"] };
  assert.ok(!sameProfile(basic, bare) && !sameProfile(bare, { ...bare, unlisted_groups: [] }));
  assert.equal("unlisted_groups" in withUnlisted(bare, "keep"), false);
  assert.ok(sameProfile(basic, withUnlisted(bare, "keep")));
});

test("a later rule takes the place of one for the same attribute; without it the profile decides", () => {
  const one = withRules(basic, [{ attribute: "A", action: "K" }]);
  const two = withRules(one, [{ attribute: "A", action: "X" }, { attribute: "(0019,xx10)", creator: "M", action: "K" }]);
  assert.deepEqual(two.rules.map((rule) => rule.action), ["X", "K"]);
  assert.deepEqual(withoutRule(two, { attribute: "(0019,xx10)", creator: "M" }).rules.length, 1);
  assert.equal(withoutRule(two, { attribute: "(0019,xx10)", creator: "OTHER" }).rules.length, 2);
});

test("what is adjusted bears another name once, no description that may be wrong, and fits the schema", () => {
  const made = adjusted({ ...basic, name: "a".repeat(32), label: "L".repeat(64) }, en.profile);
  assert.match(made.name, /^[a-z0-9][a-z0-9-]{0,31}$/);
  assert.ok(made.label.length <= 64 && made.description !== "strict");
  assert.equal(adjusted(made, en.profile), made);
});

test("every option and profile of the core has words of its own", () => {
  const source = readFileSync(new URL("../../pycore/dicom_veil/options.py", import.meta.url), "utf8");
  const chosen = source.slice(0, source.indexOf("PIXELS = ")); // that one is no choice: it is recorded
  const options = new Set([...chosen.matchAll(/"((?:retain|clean)_[a-z_]+)"/g)].map((match) => match[1]));
  assert.equal(options.size, 10);
  for (const name of options) assert.ok(en.profile.option[name] ?? en.profile.date[name], name);
  const profiles = readFileSync(new URL("../../pycore/dicom_veil/profile.py", import.meta.url), "utf8");
  for (const name of /BUILT_IN = \(([^)]*)\)/.exec(profiles)[1].match(/[a-z-]+/g)) assert.ok(en.profile.known[name], name);
});

const tree = [
  row("A"), row("S", { vr: "SQ" }), row("S[1]", { vr: "", keyword: "Item" }), row("S[1].B", { tag: "(0008,0020)" }),
  row("G", { vr: "SQ", action: "X" }), row("G[1]", { vr: "" }), row("G[1].C"),
  row("(0019,0010)", { tag: "(0019,0010)", private: true, value: "MAKER" }), row("(0019,1023)", { tag: "(0019,1023)", private: true }),
];

test("levels, parents and what goes with its sequence", () => {
  const all = nodes(tree);
  assert.deepEqual(all.map((node) => node.level), [1, 1, 2, 3, 1, 2, 3, 1, 1]);
  assert.deepEqual(all.map((node) => node.parent), [-1, -1, 1, 2, -1, 4, 5, -1, -1]);
  assert.deepEqual(all.map((node) => node.gone), [false, false, false, false, false, true, true, false, false]);
});

test("what matches is shown with what it stands in; closed sequences hide what is in them", () => {
  const all = nodes(tree);
  const paths = (wanted) => visible(all, { query: "", privateOnly: false, touchedOnly: false, closed: new Set(), ...wanted }).map((node) => node.row.path);
  assert.deepEqual(paths({ query: "s[1].b" }), ["S", "S[1]", "S[1].B"]);
  assert.deepEqual(paths({ query: "0008 0020" }).length, 3);
  assert.deepEqual(paths({ touchedOnly: true }), ["G", "G[1]", "G[1].C"]);
  assert.deepEqual(paths({ privateOnly: true }), ["(0019,0010)", "(0019,1023)"]);
  assert.ok(!paths({ closed: new Set(["S"]) }).includes("S[1].B"));
});

test("a rule is for an attribute, for a place in every item, or for a creator's element", () => {
  const all = nodes(tree);
  const target = (path) => targetOf(all, all.find((node) => node.row.path === path));
  assert.deepEqual(target("A"), { attribute: "A" });
  assert.deepEqual(target("S[1].B"), { attribute: "S.B" });
  assert.deepEqual(target("(0019,1023)"), { attribute: "(0019,xx23)", creator: "MAKER" });
  assert.equal(target("S[1]"), null);
  assert.equal(target("(0019,0010)"), null);
  assert.ok(actionsFor(row("U", { vr: "UI" })).includes("U") && !actionsFor(row("A")).includes("U"));
});

test("places of a finding become removals, once each; what is no attribute becomes none", () => {
  const hits = [{ where: "A", kind: "name" }, { where: "A", kind: "uid" }, { where: "preamble", kind: "name" }, { where: "S[1].B", kind: "day" }];
  assert.deepEqual(removals(tree, hits), [{ attribute: "A", action: "X" }, { attribute: "S.B", action: "X" }]);
});

test("methods are those that fit the VR, and a rule's method is a name and an argument", () => {
  const methods = [{ name: "year", label: "", argument: "", vrs: ["DA"] }, { name: "code", label: "", argument: "", vrs: ["LO"] }];
  assert.deepEqual(methodsFor(methods, "DA").map((one) => one.name), ["year"]);
  assert.deepEqual(methodsFor(methods, "LO"), []);
  assert.ok(actionsFor({ vr: "DA" }, methods).includes("C") && !actionsFor({ vr: "LO" }, methods).includes("C"));
  assert.deepEqual(splitMethod("age-bracket:5"), { name: "age-bracket", rest: "5" });
  assert.deepEqual(splitMethod("year"), { name: "year", rest: "" });
  assert.deepEqual(splitMethod("set:a|b:c"), { name: "set", rest: "a|b:c" });
  assert.deepEqual(splitMethod("regex:/a|b/c/"), { name: "regex", rest: "/a|b/c/" });
  assert.deepEqual(splitMethod("age-cap:89|age-bracket:5"), { name: "age-cap:89|age-bracket:5", rest: "" });
});
