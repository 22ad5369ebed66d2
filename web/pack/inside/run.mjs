// Runs one Python script inside Pyodide in Node, so that the build uses the tab's own CPython.
// usage: node run.mjs PYODIDE_FOLDER WORK_FOLDER SCRIPT.py   (the work folder is /work in Python)
import { readFile } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";

const [pyodideFolder, workFolder, script] = process.argv.slice(2).map((name) => path.resolve(name));
const { loadPyodide } = await import(pathToFileURL(path.join(pyodideFolder, "pyodide.mjs")).href);

const python = await loadPyodide({
  indexURL: pyodideFolder + path.sep,
  packageBaseUrl: pyodideFolder + path.sep, // wheels too: nothing comes from a network
  env: { PYTHONHASHSEED: "0", HOME: "/home/pyodide" }, // the order of sets is part of compiled code
});
python.FS.mkdirTree("/work");
python.FS.mount(python.FS.filesystems.NODEFS, { root: workFolder }, "/work");
await python.loadPackage("micropip", { messageCallback: () => {} });
python.runPython(await readFile(script, "utf8"), { filename: path.basename(script) });
await python.globals.get("main")();
process.exit(0); // Pyodide keeps handles open
