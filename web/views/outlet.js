import { fill, h } from "../dom.js";
import { canExport } from "../model/exports.js";
import { canChoose } from "../studies/folder.js";
import { watch } from "../watch.js";
import { words } from "../words/words.js";

/** Where results go. @type {import("../types.js").Mount} */
export function mountOutlet(root, { store, actions }) {
  const folder = h("option", { value: "folder", disabled: !canChoose() }, words.act.outlets.folder);
  const kind = h("select", { "data-testid": "outlet", "aria-label": words.act.outlet, title: canChoose() ? words.act.outlet : words.act.noFolder,
    onchange: () => actions.wishOutlet({ kind: /** @type {import("../types.js").Outlet["kind"]} */ (kind.value) }) },
    h("option", { value: "zip" }, words.act.outlets.zip), folder);
  const limit = h("select", { "data-testid": "outlet-limit", "aria-label": words.act.parts, title: words.act.parts, onchange: () => actions.wishOutlet({ limit: Number(limit.value) }) },
    ...words.act.limits.map(([bytes, label]) => h("option", { value: bytes }, label)));
  const box = h("input", { type: "checkbox", "data-testid": "outlet-dicomdir", onchange: () => actions.wishOutlet({ directory: box.checked }) });
  const directory = h("label", { class: "check" }, box, words.act.directory);
  const too = h("input", { type: "checkbox", "data-testid": "outlet-pictures", onchange: () => actions.wishOutlet({ pictures: too.checked }) });
  const pictures = h("label", { class: "check" }, too, words.act.pictures);
  fill(root, [h("div", { class: "pair" }, kind, limit), directory, pictures]);
  return watch(store, (s) => [s.outlet, s.busy, s.items], ({ outlet, busy, items }) => {
    kind.value = outlet.kind;
    limit.value = String(outlet.limit);
    box.checked = outlet.directory;
    too.checked = outlet.pictures;
    kind.disabled = limit.disabled = box.disabled = too.disabled = busy?.kind === "deidentify";
    limit.hidden = outlet.kind !== "zip";
    directory.hidden = outlet.kind !== "folder";
    pictures.hidden = !items.some(canExport);
    root.hidden = items.length < 2;
  });
}
