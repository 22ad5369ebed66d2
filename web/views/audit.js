import { fill, h, icon, set, text } from "../dom.js";
import { STEPS, pixelsOf, privateOf, seenOf } from "../model/audit.js";
import { watch } from "../watch.js";
import { words } from "../words/words.js";
import { mountAuditLog } from "./auditlog.js";
import { mountAuditSpot } from "./auditspot.js";

/**
 * The seven steps, how far each is, and what is to be done in the one that is open.
 * @typedef {import("../types.js").State & {audit: import("../types.js").Audit, report: import("../types.js").Report}} Audited
 * @type {import("../types.js").Mount}
 */
export function mountAudit(root, context) {
  const { store, actions } = context;
  const say = words.audit;
  const close = h("button", { type: "button", class: "ghost square", "data-testid": "audit-close", "aria-label": say.close, title: `${say.close} (Esc)`, onclick: actions.openAudit }, icon("close"));
  const buttons = STEPS.map((step, i) => {
    const sign = h("span", { class: "step-sign", "aria-hidden": "true" });
    const state = h("small", {});
    const button = h("button", { type: "button", class: "step", "data-testid": `audit-${step}`, onclick: () => actions.goStep(step) }, sign, h("span", { class: "cut" }, say.steps[step].name), state);
    return { step, i, sign, state, button };
  });
  const check = h("input", { type: "checkbox", "data-testid": "audit-checked", onchange: () => {
    const { audit } = store.get();
    if (audit?.step === "tags" || audit?.step === "private") actions.tellAudit({ checked: { ...audit.checked, [audit.step]: check.checked } });
  } });
  const checkText = h("span", {});
  const checkLine = h("label", { class: "check" }, check, checkText);
  const pixels = h("button", { type: "button", class: "plain wide", "data-testid": "audit-pixels-open", onclick: actions.openPixels }, say.toPixels);
  const spot = h("div", { class: "audit-spot" });
  const log = h("div", { class: "audit-log" });
  const next = h("button", { type: "button", class: "plain wide", "data-testid": "audit-next", onclick: () => {
    const { audit } = store.get();
    if (audit) actions.goStep(STEPS[STEPS.indexOf(audit.step) + 1]);
  } }, say.next);
  fill(root, [
    h("div", { class: "bar-head" }, h("h2", {}, say.title), close),
    h("nav", { "aria-label": say.stepsLabel }, h("ol", { class: "audit-steps" }, ...buttons.map(({ button }) => h("li", {}, button)))),
    h("div", { class: "audit-do" }, checkLine, pixels, spot, log, next),
  ]);

  /** @param {Audited} state */
  function draw(state) {
    const { step, checked } = state.audit;
    for (const { step: one, i, sign, state: told, button } of buttons) {
      const { done, said, bad } = progress(state, one);
      set(button, "aria-current", one === step ? "step" : null);
      set(button, "data-done", bad ? "bad" : done ? "yes" : null);
      fill(sign, [bad ? icon("alert") : done ? icon("check") : String(i + 1)]);
      text(told, said);
    }
    const isCheck = step === "tags" || step === "private";
    checkLine.hidden = !isCheck;
    if (isCheck) {
      check.checked = checked[step];
      text(checkText, say.check[step]);
    }
    pixels.hidden = step !== "pixels";
    spot.hidden = step !== "spot";
    log.hidden = step !== "log";
    next.hidden = step === "log" || step === "spot";
  }

  const leave = [
    mountAuditSpot(spot, context),
    mountAuditLog(log, context),
    watch(store, (s) => [s.audit, s.report, s.pixels.of, s.pixels.mode, s.pixels.kinds, s.items], (state) => { if (state.audit && state.report) draw(/** @type {Audited} */ (state)); }),
    watch(store, (s) => [s.view === "audit"], ({ view }) => {
      if (view === "audit") buttons.find(({ step }) => step === store.get().audit?.step)?.button.focus();
    }),
    watch(store, (s) => [s.audit === null], ({ audit, view }) => { if (!audit && view === "audit") store.update(() => ({ view: "picture" })); }),
  ];
  return () => leave.forEach((one) => one());
}

/** How far a step is. @param {Audited} state @param {import("../types.js").AuditStep} step @returns {{done: boolean, said: string, bad?: boolean}} */
function progress(state, step) {
  const say = words.audit;
  const { audit, report } = state;
  if (step === "baseline") return { done: true, said: say.done };
  if (step === "run") return { done: true, said: say.ran(report.rows.length, report.refused.length) };
  if (step === "tags") return { done: audit.checked.tags, said: audit.checked.tags ? say.checked : say.toCheck };
  if (step === "private") {
    const kept = privateOf(report.rows).length;
    return { done: !kept || audit.checked.private, said: !kept ? say.nonePrivate : audit.checked.private ? say.checked : say.somePrivate(kept) };
  }
  if (step === "pixels") {
    const { left, changed } = pixelsOf(state);
    return { done: left === 0 && changed === 0, said: say.pixelsLeft(left), bad: changed > 0 };
  }
  if (step === "log") return { done: audit.saved, said: audit.saved ? say.saved : say.unsaved };
  const drawn = new Set(audit.numbers);
  const seen = seenOf(audit).filter(({ number }) => drawn.has(number));
  return { done: audit.state === "passed", bad: audit.state === "stopped", said: say.spotted(seen.length, drawn.size, seen.filter(({ passed }) => !passed).length) };
}
