// Runs a Python script in the tab's Pyodide, in Node, with the machine's files below /machine.
// usage: node run.mjs RUNTIME CORE ROOT SCRIPT.py ARGUMENTS...   exit 70: the interpreter died
import { readFileSync, readdirSync } from "node:fs";
import process from "node:process";
import { pathToFileURL } from "node:url";

const FATAL = 70;
const ENTER = `
import os, runpy, sys
sys.dont_write_bytecode = True
core, root, script, *rest = settings
sys.path[:0] = ["/machine" + core, "/machine" + root]
sys.argv = [script, *rest]
runpy.run_path("/machine" + script, run_name="__main__")
`;
const [runtime, ...settings] = process.argv.slice(2);

async function main() {
  const { loadPyodide } = await import(pathToFileURL(`${runtime}/pyodide.mjs`).href);
  const python = await loadPyodide({ indexURL: `${runtime}/`, packageBaseUrl: `${runtime}/` });
  for (const wheel of readdirSync(runtime).filter((name) => name.endsWith(".whl"))) {
    python.unpackArchive(new Uint8Array(readFileSync(`${runtime}/${wheel}`)), "wheel");
  }
  python.FS.mkdirTree("/machine");
  python.FS.mount(python.FS.filesystems.NODEFS, { root: "/" }, "/machine");
  python.globals.set("settings", python.toPy(settings));
  python.runPython(ENTER);
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(String(error?.message ?? error), error?.errno ?? "");
    process.exit(error?.pyodide_fatal_error || error instanceof WebAssembly.RuntimeError ? FATAL : 1);
  },
);
