import { fill, h, set, text } from "../dom.js";
import { methodsFor, splitMethod } from "../model/tags.js";
import { words } from "../words/words.js";

/**
 * The method of a rule that cleans: one of those that fit the VR, with its argument. Used as soon as it is whole.
 * @typedef {import("../types.js").Method} Method
 * @param {(method: string) => Promise<import("../types.js").Trouble | null>} apply
 */
export function mountTagMethod(apply) {
  const choose = h("select", { "data-testid": "tag-method", "aria-label": words.tags.method, onchange: pick });
  const argument = h("input", { type: "text", class: "text", autocomplete: "off", spellcheck: "false", "data-testid": "tag-argument", onchange: wish });
  const trouble = h("small", { class: "trouble", role: "alert", "data-testid": "tag-method-error" });
  const element = h("div", { class: "tag-method" }, choose, argument, trouble);
  /** @type {Method[]} */ let fitting = [];
  let whole = ""; // several methods in a row, which only a file can say
  let drawn = "";

  const chosen = () => fitting.find((one) => one.name === choose.value);

  function showArgument() {
    const kind = chosen()?.argument ?? "";
    argument.hidden = !kind;
    set(argument, "placeholder", kind);
    set(argument, "aria-label", `${words.tags.argument}: ${kind}`);
  }

  function pick() {
    argument.value = "";
    text(trouble, "");
    showArgument();
    if (!chosen()?.argument) void wish();
    else argument.focus();
  }

  async function wish() {
    const method = chosen();
    if (!method || (method.argument && !argument.value && method.name !== "set")) return;
    const why = await apply(method.argument ? `${method.name}:${argument.value}` : method.name);
    text(trouble, why ? words.trouble(why) : "");
  }

  /** @param {{vr: string, path: string}} row @param {readonly Method[]} all @param {string} method what the rule has now @param {boolean} disabled */
  function draw({ vr, path }, all, method, disabled) {
    choose.disabled = argument.disabled = disabled;
    if (drawn === `${path}\n${vr}\n${method}`) return; // what is half typed stays
    drawn = `${path}\n${vr}\n${method}`;
    fitting = methodsFor(all, vr);
    const { name, rest } = splitMethod(method);
    whole = fitting.some((one) => one.name === name) ? "" : method;
    fill(choose, [h("option", { value: whole }, whole || words.tags.chooseMethod), ...fitting.map((one) => h("option", { value: one.name }, one.label))]);
    choose.value = whole || name;
    argument.value = rest;
    text(trouble, "");
    showArgument();
  }
  return { element, draw, focus: () => choose.focus(), forget: () => { drawn = ""; } };
}
