import { bytesOf } from "../calls.js";
import { VeilError } from "../errors.js";
import { chooseCodec } from "../video/codecs.js";
import { openEncoder } from "../video/encoder.js";
import { openFallback } from "../video/fallback.js";
import { toFile } from "../video/mux.js";

/**
 * A film of frames, one after another: the core draws each, the browser encodes it.
 * @param {import("./file.js").Tools} tools @param {import("../model/exports.js").Output} output
 * @param {{name: "mp4" | "webm", hevc: boolean, params: (shot: import("../model/exports.js").Shot) => object}} how
 * @returns {Promise<Blob | null>} null when not one frame could be drawn
 */
export async function makeFilm({ ask, lazy, refuse, done, signal }, output, { name, hevc, params }) {
  /** @type {import("../video/encoder.js").Encoding | undefined} */
  let encoding;
  let first = "";
  let count = 0;
  const stop = () => encoding?.cancel();
  signal.addEventListener("abort", stop);
  try {
    for (const shot of output.shots) {
      const picture = await ask("picture", { ...params(shot), even: true }, shot.item.file).catch((error) => void refuse(shot, error));
      if (picture) {
        const { rows, columns, color } = picture.result;
        first ||= `${rows} ${columns}`;
        if (first === `${rows} ${columns}`) {
          encoding ??= await open(lazy, name, { width: columns + (columns % 2), height: rows + (rows % 2), rate: output.rate, hevc });
          await encoding.add(bytesOf(picture.buffers[0]), { rows, columns, color });
          count++;
        } else refuse(shot, new VeilError("other-size"));
      }
      signal.throwIfAborted();
      done();
    }
    if (!encoding) return null;
    const times = count === output.shots.length ? output.times : null;
    return await toFile(lazy, name, await encoding.finish(), output.rate, times);
  } finally {
    signal.removeEventListener("abort", stop);
    stop();
  }
}

/** What the WebAssembly encoder has memory for: pixels on a side. */
const LARGEST = 4096;

/**
 * A browser's encoder that holds one quantizer comes first. For H.264 few do; what only keeps to a bitrate begins every
 * key frame coarsely, whatever it is given (41 dB, and 49 some frames later, where the WebAssembly encoder holds 51).
 * @param {import("../types.js").Lazy} lazy @param {"mp4" | "webm"} name @param {{width: number, height: number, rate: number, hevc: boolean}} frames
 */
async function open(lazy, name, frames) {
  const even = await chooseCodec(name, frames, "quantizer");
  if (even) return openEncoder(even);
  if (name === "mp4" && !frames.hevc && Math.max(frames.width, frames.height) <= LARGEST) return openFallback(lazy, frames);
  const uneven = await chooseCodec(name, frames, "variable");
  if (uneven) return openEncoder(uneven);
  throw new VeilError("no-encoder");
}
