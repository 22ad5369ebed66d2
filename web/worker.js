/**
 * Python's end of the wire: boots Pyodide from parts in memory, then answers one message at a time.
 * Wiring only; what is done with a file is decided in Python (`boot.py`, `dicom_veil.tab`).
 *
 * A classic worker from a Blob URL, so that it inherits the page's Content Security Policy. It says
 * nothing on the console: Python's warnings may quote a value of a file.
 *
 * in   {id, method, params, file?, pieces?}, the first one {id, method: "boot", params: what `init` takes, parts, module?}
 * out  {id, ok: true, result, buffers} | {id, ok: false, error: {code, message, params}}
 *      `params` and `result` are JSON texts: what is said of ten thousand instances becomes no objects on the way
 *      {event: "boot", stage, done, total} | {event: "module", module} | {event: "died", params}
 *
 * @typedef {{name: string, file_name: string, imports: string[]}} Package an entry of the lock
 * @typedef {{start: number, bytes: Uint8Array<ArrayBuffer>}} Piece of a file, read ahead by the page
 * @typedef {{size: number}} Held stands for a file that is all in its pieces
 * @typedef {{id: number, method: string, params: string, file?: Blob | Held, pieces?: Piece[]}} Call
 * @typedef {{id: number, params: string, parts: Map<string, Blob>, module?: WebAssembly.Module}} Boot
 */
"use strict";

const FIRST = ["dicom-veil", "pydicom"]; // packages of the lock that Ready needs; the rest comes after
const GONE = ["NotFoundError", "NotReadableError"]; // a File that was moved, deleted or changed
const NOWHERE = "https://veil.invalid/"; // Pyodide wants addresses; each file is a part

for (const level of /** @type {const} */ (["debug", "log", "info", "warn", "error"])) console[level] = () => {};

/** @type {Map<string, Blob>} */
let parts = new Map();
/** @type {any} Pyodide's API */
let python;
/** @type {any} boot.py */
let entry;
/** @type {Package[]} what is not unpacked yet */
let packed = [];

let queue = Promise.resolve();
self.onmessage = ({ data }) => {
  queue = queue.then(() => (data.method === "boot" ? boot(data) : answer(data))).catch(die);
};

/** @param {any} error whatever Python did not catch: this interpreter is not to be used again */
function die(error) {
  const kind = error?.pyodide_fatal_error ? "fatal" : String(error?.type ?? error?.name ?? "unknown");
  self.postMessage({ event: "died", params: { kind } });
  self.close();
}

/** @param {Boot} message */
async function boot(message) {
  const { id, params, module } = message;
  parts = message.parts;
  tell("unpack", 0);
  await assertNoNetwork();
  tell("python", 1);
  python = await startPython(module);
  tell("core", 2);
  const lock = JSON.parse(await (await open("pyodide-lock.json")).text());
  const packages = /** @type {Package[]} */ (Object.values(lock.packages));
  packed = packages.filter(({ name }) => !FIRST.includes(name));
  await install(packages.filter(({ name }) => FIRST.includes(name)));
  answer({ id, method: "init", params });
  setTimeout(warm);
}

/** @param {string} stage @param {number} done */
function tell(stage, done) {
  self.postMessage({ event: "boot", stage, done, total: 3 });
}

/** Refuses to start where a connection is possible. Tries a Blob URL, so that nothing could leave. */
async function assertNoNetwork() {
  const url = URL.createObjectURL(new Blob(["probe"]));
  const isOpen = await fetch(url).then(Boolean, () => false);
  URL.revokeObjectURL(url);
  if (isOpen) throw Object.assign(new Error(), { name: "NetworkOpen" });
}

/**
 * Pyodide asks for its files by `fetch`, which the policy refuses: while it boots, `fetch` answers
 * from the parts, and what an earlier worker compiled is not compiled again.
 * @param {WebAssembly.Module} [compiled]
 */
async function startPython(compiled) {
  const { fetch } = self;
  const { instantiateStreaming } = WebAssembly;
  /** @type {(error: unknown) => void} Pyodide would wait for ever for a part that cannot be read. */
  let fail = () => {};
  const failed = new Promise((_, reject) => (fail = reject));
  self.fetch = (url) => open(String(url).replace(NOWHERE, ""));
  WebAssembly.instantiateStreaming = async (source, imports) => {
    try {
      const module = compiled ?? (await WebAssembly.compileStreaming(source));
      if (!compiled) self.postMessage({ event: "module", module });
      return { module, instance: await WebAssembly.instantiate(module, imports) };
    } catch (error) {
      fail(error);
      throw error;
    }
  };
  try {
    const [{ loadPyodide }, { default: createPyodideModule }, lock] = await Promise.all([
      load("pyodide.mjs"),
      load("pyodide.asm.mjs"),
      open("pyodide-lock.json"),
    ]);
    const started = loadPyodide({
      indexURL: NOWHERE,
      packageBaseUrl: NOWHERE,
      lockFileContents: await lock.text(),
      createPyodideModule,
      stdout: () => {},
      stderr: () => {},
    });
    return await Promise.race([started, failed]);
  } finally {
    self.fetch = fetch;
    WebAssembly.instantiateStreaming = instantiateStreaming;
  }
}

/** @param {Package[]} first imported from their archives as they are: unpacking would take longer */
async function install(first) {
  python.FS.mkdirTree("/lib/veil");
  const files = first.map(({ file_name: file }) => file);
  for (const file of ["boot.py", "later.py", ...files]) python.FS.writeFile(`/lib/veil/${file}`, await bytes(file));
  const path = python.pyimport("sys").path;
  path.append("/lib/veil");
  for (const file of files) path.append(`/lib/veil/${file}`);
  path.destroy();
  entry = python.pyimport("boot");
  const names = python.toPy(packed.flatMap(({ imports }) => imports));
  entry.install(names, () => {
    while (packed.length) unpackOne();
  });
  names.destroy();
}

/** Unpacks one package of those that came late. Synchronous, since an `import` may be waiting. */
function unpackOne() {
  const next = packed.shift();
  const part = next && parts.get(next.file_name);
  if (part) python.unpackArchive(new FileReaderSync().readAsArrayBuffer(part), "wheel");
}

/** After Ready, in steps between which calls get their turn: unpack, then import what pictures need. */
function warm() {
  queue = queue.then(() => {
    if (packed.length) unpackOne();
    else if (!entry.warm_step()) return;
    setTimeout(warm);
  }).catch(die);
}

/** @param {Call} message */
function answer({ id, method, params, file, pieces }) {
  const source = file && fileSource(file, pieces);
  if (source) tellOpened();
  const reply = entry.call(method, params, source);
  const [ok, text, views] = reply;
  const buffers = Array.from({ length: views.length }, (_, index) => takeBuffer(views.get(index)));
  views.destroy();
  reply.destroy();
  const message = ok ? { id, ok, result: text, buffers } : { id, ok, error: JSON.parse(text) };
  self.postMessage(message, { transfer: buffers });
}

/** @param {any} view proxy of a memoryview @returns {ArrayBuffer} a copy outside Python's memory */
function takeBuffer(view) {
  const buffer = view.getBuffer("u8");
  try {
    return buffer.data.slice().buffer;
  } finally {
    buffer.release();
    view.destroy();
  }
}

/**
 * What Python sees of a File: its size and slices of it, which may end early where a piece does.
 * @param {Blob | Held} file @param {Piece[]} [pieces] what is no Blob is all in its pieces
 */
function fileSource(file, pieces = []) {
  const source = { size: file.size, gone: false, read };
  /** @param {number} start @param {number} end */
  function read(start, end) {
    const piece = pieces.find((one) => start >= one.start && start < one.start + one.bytes.length);
    if (piece) return piece.bytes.subarray(start - piece.start, end - piece.start);
    if (!(file instanceof Blob)) return new Uint8Array();
    try {
      return new Uint8Array(new FileReaderSync().readAsArrayBuffer(file.slice(start, end)));
    } catch (error) {
      source.gone ||= GONE.includes(/** @type {DOMException} */ (error).name);
      throw error;
    }
  }
  // A File whose file is gone may say that it is empty; reading tells.
  if (!file.size && file instanceof Blob) source.gone = isGone(file);
  return source;
}

let opened = 0;
/** @type {ArrayBuffer[]} */
let claims = [];

/** As `claims.js`: a File takes 8 KB of another process, of which this collector does not know. */
function tellOpened() {
  opened += 1;
  if (opened % 512 === 0) claims = [...claims.slice(-1), new ArrayBuffer(64 << 20)];
}

/** @param {Blob} file of which the browser says that it is empty */
function isGone(file) {
  try {
    return new FileReaderSync().readAsArrayBuffer(file).byteLength > 0;
  } catch {
    return true;
  }
}

/** @param {string} name of a part @returns {Promise<Response>} its content, as it is inflated */
async function open(name) {
  const part = parts.get(name);
  if (!part) throw Object.assign(new Error(), { name: "PartMissing" });
  const type = name.endsWith(".wasm") ? "application/wasm" : "application/octet-stream";
  const content = part.stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(content, { headers: { "content-type": type } });
}

/** @param {string} name @returns {Promise<Uint8Array>} */
async function bytes(name) {
  return new Uint8Array(await (await open(name)).arrayBuffer());
}

/** @param {string} name @returns {Promise<any>} the part as a module */
async function load(name) {
  const text = await (await open(name)).arrayBuffer();
  const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  try {
    return await import(url);
  } finally {
    URL.revokeObjectURL(url);
  }
}
