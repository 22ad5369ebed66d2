/**
 * Which encoder makes which file. A constant quantizer is wanted, so that every frame comes near its source; where an
 * encoder takes only a bitrate, it gets more than it can use.
 * @typedef {{
 *   codec: "avc" | "hevc" | "vp9" | "vp8", config: VideoEncoderConfig, options: VideoEncoderEncodeOptions,
 *   matrix: import("./yuv.js").Matrix, warmUp: number,
 * }} Choice
 */

/** Bits per pixel and frame: about twice what the quantizers below come to on noise. */
const BITS = 4;
/** Frames after which a controller of the rate has left its first, coarse guess behind. */
const WARM_UP = 8;

/** H.264 levels by macroblocks in a frame (ITU-T H.264 table A-1); the rate is checked by the encoder. */
const AVC_LEVELS = /** @type {const} */ ([[1620, "1e"], [3600, "1f"], [8192, "28"], [22080, "32"], [36864, "33"], [139264, "3c"]]);

/** @param {string} name of the format @param {number} width @param {number} height @param {boolean} hevc @returns {{codec: Choice["codec"], string: string, matrix: Choice["matrix"], quantizer: VideoEncoderEncodeOptions}[]} in order of preference */
function candidates(name, width, height, hevc) {
  const blocks = Math.ceil(width / 16) * Math.ceil(height / 16);
  const level = (AVC_LEVELS.find(([most]) => blocks <= most) ?? ["", "3c"])[1];
  const bt709 = /** @type {const} */ ("bt709");
  if (name === "webm") {
    return [
      { codec: "vp9", string: "vp09.00.51.08.01.01.01.01.00", matrix: bt709, quantizer: /** @type {any} */ ({ vp9: { quantizer: 8 } }) },
      { codec: "vp8", string: "vp8", matrix: "smpte170m", quantizer: {} }, // says nothing of colour: players take BT.601
    ];
  }
  if (hevc) return [{ codec: "hevc", string: "hvc1.1.6.L153.B0", matrix: bt709, quantizer: /** @type {any} */ ({ hevc: { quantizer: 12 } }) }];
  return ["6400", "4d00", "42e0"].map((profile) => ({ codec: /** @type {const} */ ("avc"), string: `avc1.${profile}${level}`, matrix: bt709, quantizer: { avc: { quantizer: 12 } } }));
}

/**
 * What this browser can encode for this format and size; null: nothing (also where it has no encoders at all, as
 * outside of secure contexts).
 * @param {string} name "mp4" or "webm" @param {{width: number, height: number, rate: number, hevc?: boolean}} frames
 * @param {"quantizer" | "variable"} mode @returns {Promise<Choice | null>}
 */
export async function chooseCodec(name, { width, height, rate, hevc = false }, mode) {
  if (!("VideoEncoder" in globalThis)) return null;
  const constant = mode === "quantizer";
  for (const { codec, string, matrix, quantizer } of candidates(name, width, height, hevc)) {
    if (constant && Object.keys(quantizer).length === 0) continue;
    /** @type {VideoEncoderConfig} */
    const config = {
      codec: string, width, height, framerate: rate, latencyMode: "quality", bitrateMode: mode,
      ...(!constant && { bitrate: Math.min(2e8, Math.round(width * height * rate * BITS)) }),
      ...(codec === "avc" && { avc: { format: "avc" } }), ...(codec === "hevc" && { hevc: { format: "hevc" } }),
    };
    if ((await isSupported(config)) && (!constant || (await holds(config, codec)))) return { codec, config, matrix, options: constant ? quantizer : {}, warmUp: constant ? 0 : WARM_UP };
  }
  return null;
}

const PROBE = { width: 128, height: 128 };
const FINE = 4;
const COARSE = 48;

/**
 * Whether an encoder does what it says: there are some that take a quantizer and never look at it. The same noise is
 * encoded finely and coarsely, which must show in the size.
 * @param {VideoEncoderConfig} config @param {Choice["codec"]} codec
 */
async function holds(config, codec) {
  /** @type {number[]} */
  const sizes = [];
  let seed = 1;
  const noise = Uint8Array.from({ length: (PROBE.width * PROBE.height * 3) / 2 }, () => 60 + ((seed = (seed * 16807) % 2147483647) % 120));
  const encoder = new VideoEncoder({ output: (chunk) => sizes.push(chunk.byteLength), error: () => {} });
  try {
    encoder.configure({ ...config, ...PROBE });
    for (const [at, quantizer] of [FINE, COARSE].entries()) {
      const frame = new VideoFrame(noise, { format: "I420", codedWidth: PROBE.width, codedHeight: PROBE.height, timestamp: at * 40_000 });
      encoder.encode(frame, /** @type {any} */ ({ keyFrame: true, [codec]: { quantizer } }));
      frame.close();
    }
    await encoder.flush();
  } catch {
    return false;
  } finally {
    if (encoder.state !== "closed") encoder.close();
  }
  return sizes.length === 2 && sizes[0] > 1.5 * sizes[1];
}

/** @param {VideoEncoderConfig} config */
async function isSupported(config) {
  try {
    return Boolean((await VideoEncoder.isConfigSupported(config)).supported);
  } catch {
    return false; // a browser that does not know a value of it
  }
}
