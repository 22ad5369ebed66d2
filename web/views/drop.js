import { fill, h, icon, set, text } from "../dom.js";
import { canChooseFolder } from "../intake.js";
import { watch } from "../watch.js";
import { words } from "../words/words.js";

/**
 * Where files come in: large while there are none, small above the list afterwards.
 * Files may be dropped anywhere on the page; this is the place that says so.
 * @type {import("../types.js").Mount}
 */
export function mountDrop(root, { store, actions }) {
  const input = h("input", { type: "file", multiple: true, class: "unseen", id: "veil-files", "data-testid": "file-input", onchange: take });
  const choose = h("label", { class: "go choose", for: "veil-files" });
  const whole = h("input", { type: "file", webkitdirectory: true, class: "unseen", id: "veil-folder", "data-testid": "folder-input", onchange: takeFolder, onclick: openFolder });
  const folder = h("label", { class: "plain choose folder", for: "veil-folder" });
  const leftOut = h("button", { type: "button", class: "link", "data-testid": "left-out", "aria-haspopup": "dialog", onclick: () => store.update(() => ({ dialog: "leftOut" })) });
  const sample = h("button", { type: "button", class: "plain", "data-testid": "sample", onclick: actions.addSample }, words.drop.sample);
  const invite = h("p", { class: "invite" });
  const zone = h("div", { class: "drop", "data-testid": "drop-zone" },
    h("span", { class: "drop-mark", "aria-hidden": "true" }, icon("add")),
    invite,
    h("div", { class: "drop-actions" }, input, choose, whole, folder, sample));
  const welcome = h("div", { class: "welcome" }, h("p", { class: "lead" }, words.drop.lead));
  const steps = h("ol", { class: "steps" }, ...words.drop.steps.map(([title, rest]) => h("li", {}, h("b", {}, title), ` ${rest}`)));
  const limits = h("p", { class: "limits" }, icon("alert"), words.drop.limits);
  fill(root, [welcome, zone, leftOut, h("div", { class: "welcome" }, steps, limits)]);

  function take() {
    actions.addFiles(input.files ?? []);
    input.value = "";
  }
  function takeFolder() {
    actions.addFiles(whole.files ?? []);
    whole.value = "";
  }
  /** @param {Event} event the browser's own dialog makes thousands of files at one go, while the page waits */
  function openFolder(event) {
    if (!canChooseFolder()) return;
    event.preventDefault();
    void actions.addFolder();
  }
  const stopCount = watch(store, (s) => [s.leftOut.length], ({ leftOut: { length } }) => {
    leftOut.hidden = length === 0;
    text(leftOut, words.leftOut.open(length));
  });
  const stop = watch(store, (s) => [s.items.length === 0, s.dropping, s.busy, s.network], ({ items, dropping, busy, network }) => {
    set(zone, "data-over", dropping);
    text(choose, items.length ? words.drop.chooseMore : words.drop.choose);
    text(invite, dropping ? words.drop.release : items.length ? words.drop.add : words.drop.title);
    text(sample, busy?.kind === "sample" ? words.drop.sampling : words.drop.sample);
    sample.disabled = Boolean(busy) || network === "open";
    text(folder, items.length ? words.reading.folderMore : words.reading.folder);
    input.disabled = whole.disabled = network === "open";
  });
  if (input.files?.length) take();
  return () => [stop, stopCount].forEach((leave) => leave());
}

/**
 * Takes drops on the whole page. Only files count; a dragged text or link is left alone.
 * @param {import("../types.js").Context} context
 */
export function acceptDrops({ store, actions }) {
  const aborter = new AbortController();
  const { signal } = aborter;
  const hasFiles = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files");
  const dropping = (/** @type {boolean} */ on) => store.update(() => ({ dropping: on }));
  document.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    dropping(true);
  }, { signal });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) dropping(false); }, { signal });
  document.addEventListener("drop", (event) => {
    if (!hasFiles(event) || !event.dataTransfer) return;
    event.preventDefault();
    dropping(false);
    void actions.addDrop(event.dataTransfer);
  }, { signal });
  return () => aborter.abort();
}
