/**
 * Runs the models that find and read text: what Python asks for, one tensor at a time. Knows neither file nor picture.
 *
 * A classic worker from a Blob URL, so that it inherits the page's Content Security Policy; its runtime and models are
 * parts that the page hands it. It says nothing on the console.
 *
 * in   {id, parts: {ort, wasm, detect, read}} first: Blobs, gzipped; then {id, model, shape, tensor: Uint8Array}
 * out  {id, ok: true, shape, tensor: Float32Array} or {id, ok: false, code}
 *
 * @typedef {"detect" | "read"} Model
 * @typedef {{id: number, parts: Record<"ort" | "wasm" | Model, Blob>}} Start
 * @typedef {{id: number, model: Model, shape: number[], tensor: Uint8Array}} Ask
 */
"use strict";

/** What the models are, to the bit: a scan by another model is not the scan that was tried. */
const DIGESTS = {
  detect: "8998d99860be33ce02d83742bd8f69af5d977d368d4f09b681362c8d3e98b2a3",
  read: "334adf1e2c05a6179e959759df1f53258beb52b9092ff4a6cc1629a6b6fdfc5d",
};
const SMALLEST = { detect: [1, 1, 64, 64], read: [1, 1, 48, 320] };
const MOST_THREADS = 4;

for (const level of /** @type {const} */ (["debug", "log", "info", "warn", "error"])) console[level] = () => {};

/** @type {any} the runtime */
let ort;
/** @type {Record<string, Blob>} */
let models = {};
/** @type {Map<Model, Promise<any>>} made when first asked for */
const sessions = new Map();

const IDLE_MS = 50;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let idle;
let turns = Promise.resolve();
self.onmessage = ({ data }) => {
  clearTimeout(idle);
  turns = turns.then(() => reply(data)).then(rest);
};

/** A model's first run takes several times as long as those after it: it is made while nothing is asked for. */
function rest() {
  clearTimeout(idle);
  idle = setTimeout(() => {
    for (const model of /** @type {Model[]} */ (Object.keys(SMALLEST)))
      if (!sessions.has(model)) turns = turns.then(() => run(smallest(model))).then(() => {}, () => {}); // whoever asks for it is told why it fails
  }, IDLE_MS);
}

/** @param {Model} model */
function smallest(model) {
  const shape = SMALLEST[model];
  return { model, shape, tensor: new Uint8Array(shape.reduce((product, side) => product * side, 1)) };
}

/** @param {Start | Ask} message */
async function reply(message) {
  const { id } = message;
  try {
    if ("parts" in message) {
      await start(message);
      self.postMessage({ id, ok: true });
    } else {
      const { shape, tensor } = await run(message);
      self.postMessage({ id, ok: true, shape, tensor }, { transfer: [tensor.buffer] });
    }
  } catch (error) {
    self.postMessage({ id, ok: false, code: /** @type {any} */ (error)?.code ?? "model-failed" });
  }
}

/** @param {Start} message */
async function start(message) {
  models = message.parts;
  const url = URL.createObjectURL(new Blob([await content(models.ort)], { type: "text/javascript" }));
  try {
    ort = await import(url);
  } finally {
    URL.revokeObjectURL(url);
  }
  ort.env.wasm.numThreads = self.crossOriginIsolated ? Math.min(MOST_THREADS, navigator.hardwareConcurrency) : 1;
  ort.env.wasm.wasmBinary = await content(models.wasm);
  ort.env.logLevel = "fatal";
}

/** @param {Omit<Ask, "id">} ask @returns {Promise<{shape: number[], tensor: Float32Array}>} */
async function run({ model, shape, tensor }) {
  const ready = await sessionOf(model);
  const input = new ort.Tensor("uint8", tensor, shape);
  const { [ready.outputNames[0]]: output } = await ready.run({ [ready.inputNames[0]]: input });
  return { shape: [...output.dims], tensor: output.data.slice() };
}

/** @param {Model} model @returns {Promise<any>} */
function sessionOf(model) {
  const session = sessions.get(model) ?? loaded(model);
  sessions.set(model, session);
  return session;
}

/** @param {Model} model */
async function loaded(model) {
  const bytes = await content(models[model]);
  // On plain http there is no digest to be had; there the browser has checked each part as it came (integrity).
  if (self.crypto.subtle && (await digestOf(bytes)) !== DIGESTS[model]) throw Object.assign(new Error(), { code: "model-damaged" });
  return ort.InferenceSession.create(new Uint8Array(bytes));
}

/** @param {Blob} part @returns {Promise<ArrayBuffer>} */
async function content(part) {
  return new Response(part.stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}

/** @param {ArrayBuffer} bytes @returns {Promise<string>} */
async function digestOf(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
