import { fill, h, icon, set, text } from "../dom.js";
import { canChoose, nextOpen, seenOf, verdictOf } from "../model/audit.js";
import { watch } from "../watch.js";
import { words } from "../words/words.js";

const WAYS = /** @type {const} */ (["enlarge", "stop"]);

/** The spot check: what a failure does, the one that is looked at, and what a person says of it. @type {import("../types.js").Mount} */
export function mountAuditSpot(root, { store, actions }) {
  const say = words.audit;
  const method = h("details", { class: "method" }, h("summary", {}, say.how), h("p", {}, say.method));
  const seed = h("p", { class: "seed", "data-testid": "spot-seed" });
  method.append(seed);
  const bar = h("progress", { max: 1, "aria-label": words.foot.progress });
  const state = h("p", { class: "spot-state", role: "status", "data-testid": "spot-state" });
  const ways = h("fieldset", { class: "modes" }, h("legend", {}, say.failure), h("div", { class: "line two" }, ...WAYS.map((way) => h("label", {},
    h("input", { type: "radio", class: "unseen", name: "on-failure", value: way, "data-testid": `spot-${way}`, onchange: () => void actions.chooseFailure(way) }), say.failures[way]))));
  const input = h("input", { type: "file", class: "unseen", id: "veil-audit-log", "data-testid": "log-file", accept: ".json", "aria-label": say.goOn, onchange: load });
  const goOn = h("div", { class: "links" }, input, h("label", { class: "link choose-file", for: "veil-audit-log", title: say.goOnNote }, say.goOn));
  const position = h("b", { "data-testid": "spot-position" });
  const what = h("small", { class: "cut" });
  const verdict = h("span", { class: "verdict", "data-testid": "spot-verdict" });
  const outside = h("div", { class: "card" }, h("p", { "data-testid": "spot-outside" }), h("button", { type: "button", class: "plain wide", "data-testid": "spot-back", onclick: () => {
    const { audit } = store.get();
    const next = audit && (nextOpen(audit.open, null) ?? audit.numbers[0]);
    if (next !== null && next !== undefined) actions.goNumber(next);
  } }, say.back));
  const note = h("input", { class: "text", id: "veil-note", maxlength: 300, autocomplete: "off", placeholder: say.notePlace, "data-testid": "spot-note", "aria-describedby": "veil-note-rule",
    onchange: () => void actions.note(note.value),
    onkeydown: (/** @type {KeyboardEvent} */ event) => { if (event.key === "Enter" || event.key === "Escape") { event.preventDefault(); note.blur(); } } });
  const rule = h("small", { id: "veil-note-rule", "data-testid": "spot-note-rule", role: "status" });
  const pass = h("button", { type: "button", class: "plain", "data-testid": "spot-pass", title: `${say.pass} (p)`, onclick: () => void actions.judge(true) }, icon("check"), say.pass);
  const fail = h("button", { type: "button", class: "plain", "data-testid": "spot-fail", title: `${say.fail} (f)`, onclick: () => void actions.judge(false) }, icon("alert"), say.fail);
  const before = step(say.previous, -1, "←", "spot-previous");
  const next = step(say.following, 1, "→", "spot-next");
  const judged = h("div", { class: "judge" },
    h("div", { class: "judge-head" }, h("span", {}, position, what), verdict),
    h("fieldset", {}, h("legend", {}, say.verdicts), h("div", { class: "verdict-line" }, before, pass, fail, next)),
    h("label", { for: "veil-note", class: "note-label" }, say.note), note, rule);
  fill(root, [state, bar, judged, outside, ways, goOn, method]);

  function load() {
    const file = input.files?.[0];
    if (file) void actions.loadLog(file);
    input.value = "";
  }

  /** @param {string} label @param {number} delta @param {string} key @param {string} hook */
  function step(label, delta, key, hook) {
    return h("button", { type: "button", class: "plain square", "aria-label": label, title: `${label} (${key})`, "data-testid": hook, onclick: () => actions.stepSample(delta) }, icon("chevron"));
  }

  /** @param {import("../types.js").Audit} audit */
  function drawSample(audit) {
    const drawn = new Set(audit.numbers);
    const seen = seenOf(audit).filter(({ number }) => drawn.has(number));
    bar.value = drawn.size ? seen.length / drawn.size : 1;
    set(state, "data-state", audit.state);
    text(state, audit.state === "open" ? say.looked(seen.length, drawn.size) : say.states[audit.state]);
    const free = canChoose(audit);
    for (const one of ways.querySelectorAll("input")) {
      one.checked = one.value === audit.onFailure;
      one.disabled = !free;
    }
    set(ways, "title", free ? say.failureNote : null);
    goOn.hidden = seen.length > 0;
  }

  /** @param {import("../types.js").Audit} audit @param {import("../types.js").Report} report */
  function drawOne(audit, { rows }) {
    const number = audit.at ?? 0;
    const at = audit.numbers.indexOf(number);
    judged.hidden = at < 0;
    outside.hidden = at >= 0 || audit.at === null;
    text(/** @type {Element} */ (outside.firstElementChild), say.notInSample(number));
    const row = rows.find((one) => one.number === number);
    text(position, say.position(at + 1, audit.numbers.length, number));
    text(what, row ? `${say.stratum(String(row.modality ?? ""), Number(row.device ?? 0))} · ${row.file}` : "");
    set(what, "title", row?.file);
    const { passed, note: written } = verdictOf(audit, number);
    const name = passed === null ? "open" : passed ? "pass" : "fail";
    set(verdict, "data-verdict", name);
    text(verdict, say.verdict[name]);
    set(pass, "aria-pressed", String(passed === true));
    set(fail, "aria-pressed", String(passed === false));
    const beside = audit.beside?.number === number ? audit.beside : null;
    pass.disabled = !beside || Boolean(beside.trouble);
    fail.disabled = !beside;
    before.disabled = at <= 0;
    next.disabled = at === audit.numbers.length - 1;
    const refused = audit.refused?.number === number ? audit.refused : null;
    if (document.activeElement !== note && !refused) note.value = written;
    set(note, "aria-invalid", refused ? "true" : null);
    set(rule, "data-refused", Boolean(refused));
    text(rule, refused ? say.noteRefused(refused.attributes) : say.noteRule);
  }

  return watch(store, (s) => [s.audit, s.report], ({ audit, report }) => {
    if (!audit || !report) return void (note.value = "");
    text(seed, `${say.seed}: ${/** @type {any} */ (report.audit).sample.seed}`);
    drawSample(audit);
    drawOne(audit, report);
  });
}
