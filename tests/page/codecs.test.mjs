// Which encoder is asked for which film, by a browser that can encode what is said here. (None at hand encodes HEVC.)
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { chooseCodec } from "../../web/video/codecs.js";

const FILM = { width: 512, height: 256, rate: 25 };

/** @param {(config: any) => boolean} able @param {boolean} [heeds] whether a coarse quantizer makes small frames */
function browser(able, heeds = true) {
  const asked = [];
  globalThis.VideoFrame = /** @type {any} */ (class { close() {} });
  globalThis.VideoEncoder = /** @type {any} */ (class {
    static async isConfigSupported(config) {
      asked.push(config);
      return { supported: able(config) };
    }
    constructor({ output }) {
      this.output = output;
      this.state = "configured";
    }
    configure(config) {
      this.config = config;
    }
    encode(_frame, options) {
      const quantizer = options.hevc?.quantizer ?? options.avc?.quantizer ?? options.vp9?.quantizer;
      this.output({ byteLength: heeds ? 10_000 / quantizer : 5000 });
    }
    async flush() {}
    close() {
      this.state = "closed";
    }
  });
  return asked;
}

afterEach(() => {
  delete globalThis.VideoEncoder;
  delete globalThis.VideoFrame;
});

test("HEVC is chosen where it is wanted and there is an encoder, with its own options", async () => {
  const asked = browser(({ codec }) => codec.startsWith("hvc1"));
  const found = await chooseCodec("mp4", { ...FILM, hevc: true }, "quantizer");
  assert.equal(found?.codec, "hevc");
  assert.deepEqual(found?.options, { hevc: { quantizer: 12 } });
  const { codec, hevc, avc, width, height, framerate, bitrateMode, bitrate } = found?.config;
  assert.match(codec, /^hvc1\.1\.6\.L\d+\.B0$/);
  assert.deepEqual([hevc, avc, width, height, framerate, bitrateMode, bitrate], [{ format: "hevc" }, undefined, 512, 256, 25, "quantizer", undefined]);
  assert.equal(asked.length, 1);
});

test("one that takes a quantizer and never looks at it is asked for a rate", async () => {
  browser(({ codec }) => codec.startsWith("hvc1"), false);
  assert.equal(await chooseCodec("mp4", { ...FILM, hevc: true }, "quantizer"), null);
  const found = await chooseCodec("mp4", { ...FILM, hevc: true }, "variable");
  assert.deepEqual([found?.codec, found?.config.bitrate, found?.options], ["hevc", 512 * 256 * 25 * 4, {}]);
  assert.ok(found && found.warmUp > 0);
});

test("a film is never HEVC unasked, nor another when HEVC was asked for", async () => {
  const asked = browser(({ codec }) => codec.startsWith("avc1"));
  assert.equal(await chooseCodec("mp4", { ...FILM, hevc: true }, "variable"), null);
  assert.ok(asked.every(({ codec }) => codec.startsWith("hvc1")));
  assert.equal((await chooseCodec("mp4", FILM, "variable"))?.codec, "avc");
});

test("without encoders there is no choice", async () => {
  for (const name of ["mp4", "webm"]) assert.equal(await chooseCodec(name, FILM, "quantizer"), null);
});
