import { h, set } from "../dom.js";
import { watch } from "../watch.js";
import { words } from "../words/words.js";
import { mountAct } from "./act.js";
import { mountAudit } from "./audit.js";
import { mountAuditPlace } from "./auditplace.js";
import { mountDrop } from "./drop.js";
import { mountFooter } from "./footer.js";
import { mountHeader } from "./header.js";
import { mountIdentity } from "./identity.js";
import { mountKeys } from "./keys.js";
import { mountExports } from "./exports.js";
import { mountLeftOut } from "./leftout.js";
import { mountLinks } from "./links.js";
import { mountMessage } from "./message.js";
import { mountFilmstrip } from "./filmstrip.js";
import { mountPixels } from "./pixels.js";
import { mountPlan } from "./plan.js";
import { mountStrip } from "./strip.js";
import { mountTags } from "./tags.js";
import { mountTools } from "./tools.js";
import { mountStaying } from "./staying.js";
import { mountUnchecked } from "./unchecked.js";
import { mountTree } from "./tree.js";
import { mountViewer } from "./viewer.js";

/** The places of the page: files, picture, what will happen. @type {import("../types.js").Mount} */
export function layOut(root, context) {
  const place = {
    header: h("header", { class: "header" }),
    drop: h("div", { class: "intake" }),
    tree: h("div", { class: "list" }),
    tools: h("div", { class: "tools", role: "group", "aria-label": words.window.label }),
    viewer: h("div", { class: "view" }),
    tags: h("div", { class: "tags" }),
    film: h("div", { class: "film" }),
    strip: h("div", { class: "strip" }),
    plan: h("div", { class: "what", tabindex: 0, role: "group", "aria-label": words.app.plan, "data-scrolls": true }),
    pixels: h("div", { class: "what pixels", tabindex: 0, role: "group", "aria-label": words.pixels.title, "data-scrolls": true }),
    audit: h("div", { class: "what audit", tabindex: 0, role: "group", "aria-label": words.audit.title, "data-scrolls": true }),
    auditPlace: h("div", { class: "audit-place" }),
    act: h("div", { class: "act" }),
    footer: h("footer", { class: "footer" }),
    message: h("div", { class: "message" }),
    keys: h("div", {}),
    identity: h("div", {}),
    links: h("div", {}),
    exports: h("div", {}),
    leftOut: h("div", {}),
    unchecked: h("div", {}),
    staying: h("div", {}),
  };
  const main = h("main", { class: "places" },
    h("section", { class: "files", "aria-label": words.app.files }, place.drop, place.tree),
    h("section", { class: "picture-place", "aria-label": words.app.picture }, place.tools, place.viewer, place.tags, place.auditPlace, place.film, place.strip),
    h("section", { class: "plan", "aria-label": words.app.plan }, place.plan, place.pixels, place.audit, place.act));
  root.append(place.header, main, place.message, place.footer, place.keys, place.identity, place.links, place.exports, place.leftOut, place.unchecked, place.staying);
  const leave = [
    mountHeader(place.header, context), mountDrop(place.drop, context), mountTree(place.tree, context), mountTools(place.tools, context),
    mountViewer(place.viewer, context), mountStrip(place.strip, context), mountPlan(place.plan, context), mountPixels(place.pixels, context), mountAudit(place.audit, context), mountAuditPlace(place.auditPlace, context), mountFilmstrip(place.film, context), mountAct(place.act, context),
    mountFooter(place.footer, context), mountMessage(place.message, context), mountKeys(place.keys, context),
    mountTags(place.tags, context), mountIdentity(place.identity, context), mountLinks(place.links, context), mountExports(place.exports, context), mountLeftOut(place.leftOut, context), mountUnchecked(place.unchecked, context), mountStaying(place.staying, context),
    watch(context.store, (s) => [s.view], ({ view }) => { place.viewer.hidden = view === "tags" || view === "audit"; place.plan.hidden = view === "pixels" || view === "audit"; place.pixels.hidden = view !== "pixels"; place.audit.hidden = view !== "audit"; set(root, "data-view", view); }),
    watch(context.store, (s) => [s.audit?.step], ({ audit }) => set(root, "data-audit", audit?.step)),
    watch(context.store, (s) => [s.items.length === 0], ({ items }) => set(root, "data-empty", items.length === 0)),
    watch(context.store, (s) => [s.dropping], ({ dropping }) => set(root, "data-dropping", dropping)),
  ];
  return () => leave.forEach((stop) => stop());
}
