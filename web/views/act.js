import { fill, h, icon, set, text } from "../dom.js";
import { seenOf } from "../model/audit.js";
import { canExport } from "../model/exports.js";
import { needsEyes, unchecked, unconfirmed, unsearched } from "../model/boxes.js";
import { openQuestions } from "../model/people.js";
import { canDeidentify, census } from "../model/tree.js";
import { watch } from "../watch.js";
import { words } from "../words/words.js";
import { mountOutlet } from "./outlet.js";

/** What nobody has looked at. @param {readonly import("../types.js").Item[]} items @param {import("../types.js").Sights} sights */
function eyes(items, sights) {
  const open = unsearched(items.filter(canDeidentify), sights);
  const left = items.filter(({ id }) => needsEyes(sights[id]) && sights[id].status === "scanned").length;
  return [open.length && words.pixels.note.unchecked(open.length), left && words.pixels.note.left(left)].filter((one) => one !== 0);
}

/** The buttons that make something, each saying what. @type {import("../types.js").Mount} */
export function mountAct(root, { store, actions }) {
  const main = h("span", {});
  const note = h("small", {});
  const go = h("button", { type: "button", class: "go", "data-testid": "deidentify", onclick: () => void (store.get().people.failed ? actions.askAgain() : actions.deidentify()) }, main, note);
  const cancel = h("button", { type: "button", class: "plain wide", "data-testid": "cancel", onclick: actions.cancel }, words.act.cancel);
  const pause = h("button", { type: "button", class: "plain wide", "data-testid": "pause", onclick: actions.pause }, words.act.pause);
  const ending = h("div", { class: "ending" }, pause, cancel);
  const format = h("select", { "data-testid": "export-format", "aria-label": words.act.format, title: words.act.format, onchange: () => store.update(() => ({ format: format.value })) });
  const save = h("button", { type: "button", class: "plain", "data-testid": "export", title: words.act.exportNote, onclick: () => void actions.exportPicture() });
  const copy = h("button", { type: "button", class: "plain square", "data-testid": "copy", "aria-label": words.act.copy, title: words.act.copyNote, onclick: () => void actions.copyPicture() }, icon("copy"));
  const more = h("button", { type: "button", class: "plain", "data-testid": "export-more", "aria-haspopup": "dialog", title: words.exports.openNote, onclick: () => void actions.openExport() }, words.exports.open);
  const exporting = h("div", { class: "quick" }, format, save, copy, more);
  const form = h("select", { "data-testid": "report-format", "aria-label": words.act.reportFormat, title: words.act.reportFormat,
    onchange: () => store.update(() => ({ reportFormat: /** @type {import("../types.js").State["reportFormat"]} */ (form.value) })) },
    ...Object.entries(words.act.reportFormats).map(([value, label]) => h("option", { value }, label)));
  const audit = h("button", { type: "button", class: "plain", "data-testid": "audit-open", title: words.audit.openNote, onclick: actions.openAudit });
  const report = h("div", { class: "pair reports" }, audit, form, h("button", { type: "button", class: "plain", "data-testid": "download-report", onclick: () => void actions.downloadReport() }, icon("download"), words.act.report));
  const links = h("button", { type: "button", class: "plain wide", "data-testid": "links-open", onclick: () => store.update(() => ({ dialog: "links" })) }, icon("lock"), words.links.open);
  const outlet = h("div", { class: "outlet" });
  const stopOutlet = mountOutlet(outlet, { store, actions });
  fill(root, [go, ending, outlet, exporting, report, links]);

  const leave = [
    watch(store, (s) => [s.about, s.format], (state) => {
      const formats = (state.about?.formats ?? []).filter(({ scope, made_by: maker }) => scope !== "series" && maker === "core");
      if (format.options.length !== formats.length) fill(format, formats.map((one) => h("option", { value: one.name }, one.label)));
      format.value = state.format;
      exporting.hidden = formats.length === 0;
      text(save, words.act.export(formats.find((one) => one.name === state.format)?.label ?? ""));
    }),
    watch(store, (s) => [s.items, s.busy, s.boot.ready, s.outlet, s.people, s.pixels.of, s.pixels.waived, s.pixels.confirmed, s.pixels.mode, s.pixels.kinds, Boolean(s.pixels.work), s.pixels.ruling > 0], ({ items, busy, boot, outlet: way, people, pixels }) => {
      const asked = openQuestions({ people }).length;
      const { count, patients, images } = census(items);
      const working = busy?.kind === "deidentify" ? busy : null;
      const exports = busy?.kind === "export" && busy.total > 1;
      const reading = items.some((item) => item.state === "queued" || item.state === "reading");
      const aside = items.filter((item) => item.state === "quarantined").length;
      const open = unchecked(items.filter(canDeidentify), pixels.of);
      set(go, "aria-haspopup", open.some(({ id }) => !pixels.waived.has(id)) || unconfirmed(items.filter(canDeidentify), pixels).length ? "dialog" : null);
      go.disabled = Boolean(busy) || Boolean(pixels.work) || pixels.ruling > 0 || reading || count === 0 || !boot.ready || !people.failed && (asked > 0 || !people.checked);
      text(main, working ? (working.pictures ? words.act.drawing : words.act.working)(working.done, working.total) : words.act.deidentify(count, patients, images));
      text(note, working ? words.act.workingNote : reading ? words.act.stillReading : people.failed ? words.people.again : asked ? words.people.first(asked) : !people.checked && count ? words.people.checking : pixels.work ? words.pixels.note.working : pixels.ruling ? words.pixels.note.ruling
        : [words.act.deidentifyNote(count, aside, way), ...eyes(items, pixels.of)].join(" · "));
      set(go, "aria-busy", working ? "true" : null);
      cancel.hidden = !working && !exports;
      ending.hidden = cancel.hidden;
      pause.hidden = !working || working.cancelling;
      text(pause, working?.pausedAt ? words.act.goOn : words.act.pause);
      cancel.disabled = Boolean(working?.cancelling);
      text(cancel, working?.cancelling ? words.act.cancelling : words.act.cancel);
    }),
    watch(store, (s) => [s.items, s.boot.ready], ({ items, boot }) => { more.disabled = !boot.ready || !items.some(canExport); }),
    watch(store, (s) => [s.shown, s.busy, s.pixels.of, s.pixels.confirmed, s.pixels.mode, s.pixels.kinds], ({ shown, busy, pixels }) => {
      const asks = shown && unconfirmed([shown], pixels, shown.frameIndex).length ? "dialog" : null;
      set(save, "aria-haspopup", asks);
      set(copy, "aria-haspopup", asks);
      save.disabled = format.disabled = !shown?.frame || Boolean(busy);
      copy.disabled = !shown?.frame;
    }),
    watch(store, (s) => [s.report, s.links, s.busy, s.audit], (state) => {
      const drawn = new Set(state.audit?.numbers);
      if (state.audit) text(audit, words.audit.open(seenOf(state.audit).filter(({ number }) => drawn.has(number)).length, drawn.size, state.audit.state));
      report.hidden = state.report === null || Boolean(state.busy);
      audit.hidden = !state.audit;
      links.hidden = report.hidden || state.links.length === 0;
    }),
  ];
  return () => [stopOutlet, ...leave].forEach((stop) => stop());
}
