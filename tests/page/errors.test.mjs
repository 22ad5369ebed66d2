import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { en } from "../../web/words/en.js";

const web = new URL("../../web/", import.meta.url);

test("every error code of the core has a sentence of its own", () => {
  const source = readFileSync(new URL("../../pycore/dicom_veil/errors.py", import.meta.url), "utf8");
  const codes = [...source.matchAll(/code\s*(?::\s*\w+(?:\[\w+\])?)?\s*=\s*"([a-z-]+)"/g)].map((match) => match[1]);
  assert.ok(codes.length >= 10, "the codes were found");
  const fallback = en.message.error("no such code");
  for (const code of codes.filter((one) => one !== "internal")) assert.notEqual(en.message.error(code), fallback, code);
});

test("every risk of the core has a sentence of its own", () => {
  const source = readFileSync(new URL("../../pycore/dicom_veil/risk.py", import.meta.url), "utf8");
  const codes = [...source.matchAll(/"code": "([a-z-]+)"/g)].map((match) => match[1]);
  assert.ok(codes.length >= 4);
  const fallback = en.plan.risk("no such code");
  for (const code of codes) assert.notEqual(en.plan.risk(code), fallback, code);
});

test("the page stores nothing, logs nothing and builds no markup from text", () => {
  const files = readdirSync(web, { recursive: true }).filter((name) => name.endsWith(".js") && !name.startsWith("npm") && !name.includes("worker") && !name.includes("pack"));
  assert.ok(files.length > 20);
  for (const name of files) {
    const text = readFileSync(new URL(name, web), "utf8");
    assert.doesNotMatch(text, /localStorage|sessionStorage|indexedDB|console\.|innerHTML|insertAdjacentHTML|document\.title|document\.write/, name);
  }
});
