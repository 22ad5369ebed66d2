import { fill, h, icon } from "../dom.js";
import { watch } from "../watch.js";
import { words } from "../words/words.js";

const FORMS = /** @type {const} */ (["json", "csv", "html"]);

/** Who looked through it, and where the log goes. @type {import("../types.js").Mount} */
export function mountAuditLog(root, { store, actions }) {
  const say = words.audit;
  const reviewer = h("input", { class: "text", id: "veil-reviewer", maxlength: 120, autocomplete: "off", "data-testid": "audit-reviewer", "aria-describedby": "veil-reviewer-note", oninput: () => actions.tellAudit({ reviewer: reviewer.value }) });
  const forms = FORMS.map((form) => h("button", { type: "button", class: "plain wide", "data-testid": `audit-save-${form}`, onclick: () => void actions.saveLog(form) }, icon("download"), say.forms[form]));
  const put = h("button", { type: "button", class: "go wide", "data-testid": "audit-put", onclick: () => void actions.putLog() }, say.putIn);
  const putNote = h("small", {});
  fill(root, [
    h("label", { for: "veil-reviewer" }, say.reviewer), reviewer, h("small", { id: "veil-reviewer-note" }, say.reviewerNote),
    h("h3", {}, say.export), put, putNote, ...forms,
  ]);
  return watch(store, (s) => [s.audit, s.busy], ({ audit, busy }) => {
    if (document.activeElement !== reviewer) reviewer.value = audit?.reviewer ?? "";
    put.hidden = audit?.place !== "folder";
    put.disabled = Boolean(busy);
    putNote.hidden = audit?.place === "file";
    putNote.textContent = audit?.place === "folder" ? say.putNote : say.zipNote;
  });
}
