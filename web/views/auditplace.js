import { fill, h, icon, text } from "../dom.js";
import { pixelsOf, privateOf, seenOf, touchedOf } from "../model/audit.js";
import { watch } from "../watch.js";
import { words } from "../words/words.js";
import { mountBeside } from "./beside.js";

/** Rows that are listed at once. */
const LISTED = 300;

/**
 * What each step of the audit shows.
 * @typedef {import("./audit.js").Audited} Audited
 * @type {import("../types.js").Mount}
 */
export function mountAuditPlace(root, context) {
  const { store, actions } = context;
  const say = words.audit;
  const title = h("h2", { "data-testid": "audit-title" });
  const lead = h("p", { class: "lead-in" });
  const content = h("div", { class: "audit-content", tabindex: 0, role: "region", "aria-label": say.title, "data-scrolls": true, "data-testid": "audit-content" });
  const beside = h("div", { class: "beside" });
  const head = h("div", { class: "audit-head" }, title, lead);
  fill(root, [head, content, beside]);
  let listed = LISTED;

  /** @param {Record<string, string>} columns @param {(string | number | Node)[][]} rows @param {string} hook */
  function table(columns, rows, hook) {
    const names = Object.values(columns);
    const isFigure = names.map((_, i) => rows.every((row) => typeof row[i] === "number"));
    const cell = (/** @type {string | number | Node} */ one, /** @type {number} */ i) => h("td", { class: isFigure[i] ? "figure" : null }, typeof one === "number" ? one.toLocaleString("en") : one);
    const more = rows.length > listed && h("button", { type: "button", class: "plain small", onclick: () => { listed += LISTED; draw(store.get()); } }, say.more(Math.min(LISTED, rows.length - listed)));
    return [h("table", { class: "list-table", "data-testid": hook },
      h("thead", {}, h("tr", {}, ...names.map((name, i) => h(name ? "th" : "td", { scope: name ? "col" : null, class: isFigure[i] && rows.length ? "figure" : null }, name)))),
      h("tbody", {}, ...rows.slice(0, listed).map((row) => h("tr", {}, ...row.map(cell))))), more];
  }

  /** @param {number} number @param {string} what */
  const look = (number, what) => h("button", { type: "button", class: "link", "aria-label": say.lookAt(what), onclick: () => actions.lookBeside(number) }, say.look);

  /** @type {Record<string, (state: Audited) => (Node | string | false | null)[]>} */
  const contents = {
    baseline({ report }) {
      const { before, after } = /** @type {any} */ (report.audit).baseline;
      return table(say.counts, Object.keys(before).map((thing) => [say.things[thing] ?? thing, before[thing], after[thing]]), "audit-counts");
    },
    run(state) {
      const { report } = state;
      const refused = report.refused.map(({ number, reason, hits = [] }) => [number, reason, [...new Set(hits.map(({ where }) => where))].join(", ")]);
      return [facts(state), ...(refused.length ? [h("h3", {}, say.refusedTitle), ...table(say.refused, refused, "audit-refused")] : [])];
    },
    tags({ report }) {
      return table(say.touched, touchedOf(report).map((one) => [
        h("span", {}, one.keyword || one.path, h("small", {}, ` ${one.tag}`)), words.tags.actions[one.action] ?? one.action, one.rule, one.count, look(one.first, one.keyword || one.tag)]), "audit-touched");
    },
    private({ report }) {
      const kept = privateOf(report.rows);
      return kept.length ? table(say.kept, kept.map((one) => [one.path, one.count, look(one.first, one.path)]), "audit-private-kept") : [h("p", { class: "hint" }, say.noPrivate)];
    },
    pixels(state) {
      const flagged = Object.entries(/** @type {any} */ (state.report.audit).flagged);
      const { left, changed } = pixelsOf(state);
      return [
        changed > 0 && h("p", { class: "card warning", "data-risk": true, "data-testid": "audit-pixels-changed" }, icon("alert"), say.pixelsChanged(changed)),
        h("p", { class: "audit-eyes", "data-testid": "audit-pixels-left" }, say.eyes(left)),
        ...(flagged.length ? table(say.reasons, flagged.map(([code, count]) => [words.plan.risk(code), count]), "audit-flagged") : [h("p", { class: "hint" }, say.noFlags)]),
        h("p", { class: "hint" }, words.pixels.honest),
      ];
    },
    log(state) {
      const failed = seenOf(state.audit).filter(({ passed }) => !passed).map(({ number, note }) => [number, note, look(number, String(number))]);
      return [facts(state), ...(failed.length ? [h("h3", {}, say.failedTitle), ...table(say.failed, failed, "audit-failed")] : [])];
    },
  };

  /** @param {import("../types.js").State} state */
  function draw(state) {
    const { audit, report } = state;
    const step = audit?.step ?? "baseline";
    const isSpot = step === "spot";
    beside.hidden = !isSpot;
    head.hidden = content.hidden = isSpot;
    if (isSpot || !audit || !report || state.view !== "audit") return fill(content, []);
    text(title, say.steps[step].title);
    text(lead, say.steps[step].lead);
    fill(content, contents[step](/** @type {Audited} */ (state)));
  }

  const leave = [
    mountBeside(beside, context),
    watch(store, (s) => [s.view, s.audit?.step, s.report, s.audit?.state, s.audit?.verdicts, s.pixels, s.items], draw),
    watch(store, (s) => [s.audit?.step, s.view], () => { listed = LISTED; content.scrollTop = 0; }),
    watch(store, (s) => [s.view], ({ view }) => { root.hidden = view !== "audit"; }),
  ];
  return () => leave.forEach((one) => one());
}

/** The run in a few lines. @param {Audited} state */
function facts(state) {
  const { audit, report, about, items, leftOut } = state;
  const say = words.audit;
  const set = new Set([...items].filter(({ state: one }) => one === "quarantined").map(({ id }) => id));
  const out = new Set(leftOut.map(({ id }) => id));
  const among = (/** @type {Set<string>} */ ids) => report.refused.filter(({ number }) => ids.has(audit.ids.get(number) ?? "")).length;
  const build = document.querySelector("meta[name=veil-build]")?.getAttribute("content") ?? "";
  const profile = typeof report.profile === "string" ? about?.profiles.find(({ name }) => name === report.profile) : report.profile;
  const seen = Object.values(audit.verdicts).filter(({ passed }) => passed !== null);
  const lines = {
    date: /** @type {any} */ (report.audit).date,
    tool: say.tool(about?.version ?? ""),
    build,
    profile: profile?.label ?? "",
    standard: about?.edition ?? "",
    written: report.rows.length.toLocaleString("en"),
    aside: among(set).toLocaleString("en"),
    out: among(out).toLocaleString("en"),
    ...(audit.step === "log" && {
      sample: `${say.spotted(seen.length, audit.numbers.length, seen.filter(({ passed }) => !passed).length)} · ${say.states[audit.state]}`,
      pixels: say.pixelsLeft(pixelsOf(state).left),
      manifest: say.manifest(report.rows.length),
    }),
  };
  return h("dl", { class: "audit-facts", "data-testid": "audit-facts" }, ...Object.entries(lines).flatMap(([name, value]) => [h("dt", {}, say.facts[/** @type {keyof typeof say.facts} */ (name)]), h("dd", {}, value)]));
}
