/**
 * A worker that encodes H.264 without WebCodecs: npm's h264-mp4-encoder (minih264 as WebAssembly) stands behind this
 * text in the same script and makes the global `HME`. It blocks while it works, hence a worker of its own.
 *
 * The package was built by an embind that makes its functions from text, which the page's policy refuses. It makes
 * three kinds of them; `made` gives the same functions without evaluating anything. Any other text fails.
 *
 * in   {start: {width, height, rate}} | {planes} | {finish: true}
 * out  {ok: true, file?} | {ok: false}
 * Not in strict mode, for the package's sake.
 */

/** H.264's scale: 10 is the finest that the encoder takes, about 53 dB. */
const QUANTIZER = 12;
const KEY_EVERY = 24;

/** @typedef {(...values: any[]) => any} Any */

self.Function = /** @type {FunctionConstructor} */ (new Proxy(Function, {
  apply: (_target, _object, texts) => made(texts.slice(0, -1), texts.at(-1)),
  construct: (_target, texts) => made(texts.slice(0, -1), texts.at(-1)),
}));

/** @param {string[]} names of the parameters @param {string} text @returns {Any} */
function made(names, text) {
  if (names[0] === "body") {
    return (body) => applied(body);
  }
  if (names[0] === "dynCall") return (dynCall, raw) => /** @type {Any} */ ((...given) => dynCall(raw, ...given));
  if (names[0] === "throwBindingError") return (...values) => invoker(Object.fromEntries(names.map((name, i) => [name, values[i]])), text);
  throw new Error("unknown");
}

/** @param {Any} body @returns {Any} */
function applied(body) {
  /** @this {unknown} @param {unknown[]} given */
  return function (...given) { return body.apply(this, given); };
}

/** A method of a class: wires its arguments, calls it, unwires what it gives. @param {Record<string, any>} at @param {string} text @returns {Any} */
function invoker(at, text) {
  const types = Object.keys(at).filter((name) => /^argType\d+$/.test(name)).map((name) => at[name]);
  const usesStack = text.includes("var destructors = []");
  const returns = text.includes("var ret =");
  /** @this {unknown} @param {unknown[]} given */
  return function (...given) {
    const stack = usesStack ? [] : null;
    const object = at.classParam.toWireType(stack, this);
    const wired = types.map((type, i) => type.toWireType(stack, given[i]));
    const result = at.invoker(at.fn, object, ...wired);
    if (stack) at.runDestructors(stack);
    else wired.forEach((value, i) => at[`arg${i}Wired_dtor`]?.(value));
    return returns ? at.retType.fromWireType(result) : undefined;
  };
}

/** @type {any} */
let encoder;
let messages = Promise.resolve();
self.onmessage = ({ data }) => {
  messages = messages.then(() => answer(data)).catch(() => self.postMessage({ ok: false }));
};

/** @param {{start?: {width: number, height: number, rate: number}, planes?: Uint8Array, finish?: boolean}} message */
async function answer({ start, planes, finish }) {
  if (start) {
    encoder = await /** @type {any} */ (self).HME.createH264MP4Encoder();
    Object.assign(encoder, { width: start.width, height: start.height, frameRate: start.rate, quantizationParameter: QUANTIZER, groupOfPictures: KEY_EVERY, speed: 2 });
    encoder.initialize();
  }
  if (planes) encoder.addFrameYuv(planes);
  if (!finish) return self.postMessage({ ok: true });
  encoder.finalize();
  const file = encoder.FS.readFile(encoder.outputFilename);
  encoder.delete();
  self.postMessage({ ok: true, file }, { transfer: [file.buffer] });
}
