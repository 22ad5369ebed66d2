import { fill, h, text } from "../dom.js";
import { placeOf } from "../model/place.js";
import { isAge } from "../secrets.js";
import { watch } from "../watch.js";
import { words } from "../words/words.js";
import { modal } from "./modal.js";

/** How pseudonyms are made now, and the way to change it. @type {import("../types.js").Mount} */
export function mountIdentityRow(root, { store }) {
  const now = h("span", { "data-testid": "identity" });
  const change = h("button", { type: "button", class: "link", "data-testid": "identity-change", "aria-label": `${words.identity.label}: ${words.identity.change}`, onclick: () => store.update(() => ({ dialog: "identity" })) }, words.identity.change);
  const missing = h("p", { class: "missing", "data-testid": "identity-missing" });
  fill(root, [h("p", {}, h("b", {}, words.identity.label), " ", now), change, missing]);
  return watch(store, (s) => [s.identity, s.items, s.busy], ({ identity, items, busy }) => {
    text(now, words.identity.now(identity));
    change.disabled = Boolean(busy);
    const strangers = items.filter((item) => identity.patients !== null && item.planned?.identity === identity.version && item.inspection?.patient.pseudonym === "");
    const patients = new Set(strangers.map((item) => item.inspection && placeOf(item.inspection).path[0]));
    missing.hidden = patients.size === 0;
    text(missing, words.identity.missing(patients.size));
  });
}

/** Key and table, chosen together and used together. @type {import("../types.js").Mount} */
export function mountIdentity(root, { store, actions }) {
  const random = radio("random");
  const passphrase = radio("passphrase");
  const file = radio("file");
  const keyFile = h("input", { type: "file", "data-testid": "key-file", "aria-label": words.identity.keyFileChoose });
  const keyPlace = h("div", { class: "passphrases" }, keyFile);
  const [first, again] = ["first", "again"].map((which) => h("input", { type: "password", class: "text", autocomplete: "off", "data-testid": `passphrase-${which}` }));
  const pair = h("div", { class: "passphrases" }, h("label", {}, words.identity.first, first), h("label", {}, words.identity.again, again));
  const table = h("input", { type: "file", accept: ".csv,.txt,.tsv,.age", "data-testid": "patients-file", "aria-describedby": "veil-table-note", onchange: follow });
  const open = h("input", { type: "password", class: "text", autocomplete: "off", "data-testid": "table-passphrase" });
  const opening = h("div", { class: "passphrases" }, h("label", {}, words.identity.tablePassphrase, open));
  const keep = h("input", { type: "checkbox", "data-testid": "patients-keep" });
  const keepLabel = h("label", { class: "keep" }, keep, words.identity.keep);
  const trouble = h("p", { class: "trouble", role: "alert", "data-testid": "identity-error" });
  const bar = h("progress", { max: 1, "aria-label": words.identity.working });
  const apply = h("button", { type: "submit", class: "go", "data-testid": "identity-apply" }, words.identity.apply);
  const form = h("form", { onsubmit: submit },
    h("p", { class: "lead-in" }, words.identity.lead),
    h("fieldset", {}, choice(random, words.identity.random, words.identity.randomNote), choice(passphrase, words.identity.passphrase, words.identity.passphraseNote), pair, choice(file, words.identity.keyFile, words.identity.keyFileNote), keyPlace),
    h("fieldset", {}, h("label", { class: "table" }, h("b", {}, words.identity.own), h("small", { id: "veil-table-note" }, words.identity.ownNote), table), opening, keepLabel),
    trouble, h("div", { class: "modal-foot" }, bar, apply));
  const { dialog, show } = modal({ title: words.identity.title, hook: "identity-dialog", close: words.identity.close, onclose: closed }, form);
  fill(root, [dialog]);

  function closed() {
    first.value = again.value = table.value = keyFile.value = open.value = "";
    text(trouble, "");
    store.update(({ dialog: now }) => ({ dialog: now === "identity" ? null : now }));
  }

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    if (apply.disabled) return;
    if (passphrase.checked && first.value !== again.value) return text(trouble, words.identity.differ);
    text(trouble, "");
    const why = await actions.identify({
      key: passphrase.checked ? "passphrase" : file.checked ? "file" : "random", passphrase: first.value, keyFile: keyFile.files?.[0] ?? null,
      table: table.files?.[0] ?? null, tablePassphrase: open.value, keepTable: keep.checked,
    });
    if (why) text(trouble, words.trouble(why));
    else show(false);
  }
  function follow() {
    pair.hidden = !passphrase.checked;
    keyPlace.hidden = !file.checked;
    const chosen = table.files?.[0];
    opening.hidden = true;
    if (chosen) void isAge(chosen).then((age) => { opening.hidden = !age || table.files?.[0] !== chosen; }, () => {});
  }
  for (const one of [random, passphrase, file]) one.addEventListener("change", follow);

  return watch(store, (s) => [s.dialog === "identity", s.stretching], ({ dialog: shown, stretching, identity }) => {
    if (shown === "identity" && !dialog.open) {
      ({ random, passphrase, file })[identity.key].checked = true;
      keepLabel.hidden = identity.patients === null;
      keep.checked = identity.patients !== null;
      follow();
    }
    show(shown === "identity");
    bar.hidden = stretching === null;
    bar.value = stretching ?? 0;
    apply.disabled = stretching !== null;
  });
}

/** @param {string} value */
function radio(value) {
  return h("input", { type: "radio", name: "identity", value, "data-testid": `identity-${value}` });
}

/** @param {HTMLInputElement} input @param {string} label @param {string} note */
function choice(input, label, note) {
  return h("label", { class: "choice" }, input, h("span", {}, h("b", {}, label), h("small", {}, note)));
}
