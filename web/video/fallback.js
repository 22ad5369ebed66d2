import { VeilError } from "../errors.js";
import { evened, toI420 } from "./yuv.js";

/** What the file says of its colours; the encoder says nothing. */
const COLORS = { matrix: "bt709", primaries: "bt709", transfer: "bt709", fullRange: false };

/**
 * H.264 where the browser has no encoder for it (encoding.js), one worker per film.
 * @param {import("../types.js").Lazy} lazy @param {{width: number, height: number, rate: number}} frames
 * @returns {Promise<import("./encoder.js").Encoding>}
 */
export async function openFallback(lazy, frames) {
  const worker = await lazy.worker("encoding.js", "h264-mp4-encoder.js");
  let count = 0;
  /** @type {(why: Error) => void} */
  let giveUp = () => {};

  /** @param {object} message @param {Transferable[]} [transfer] @returns {Promise<any>} */
  function ask(message, transfer = []) {
    return new Promise((resolve, reject) => {
      giveUp = reject;
      worker.onmessage = ({ data }) => (data.ok ? resolve(data) : reject(new VeilError("encoder-failed")));
      worker.onerror = () => reject(new VeilError("encoder-failed"));
      worker.postMessage(message, transfer);
    });
  }
  await ask({ start: frames });

  return {
    async add(pixels, size) {
      const even = evened(pixels, size);
      const planes = toI420(even.pixels, even.size, "bt709");
      await ask({ planes }, [planes.buffer]);
      count++;
    },
    async finish() {
      const { file } = await ask({ finish: true });
      worker.terminate();
      const { packets, decoder } = await unpacked(lazy, file);
      if (packets.length !== count) throw new VeilError("encoder-failed");
      return { codec: "avc", packets, decoder: { ...decoder, colorSpace: /** @type {VideoColorSpaceInit} */ (COLORS) } };
    },
    cancel() {
      worker.terminate();
      giveUp(new VeilError("cancelled"));
    },
  };
}

/** The bitstream out of the encoder's own MP4, whose clock is coarse and which names programs and dates. @param {import("../types.js").Lazy} lazy @param {Uint8Array} file */
async function unpacked(lazy, file) {
  const { BufferSource, EncodedPacketSink, Input, MP4 } = await lazy.module("mediabunny.mjs");
  const input = new Input({ formats: [MP4], source: new BufferSource(file) });
  const track = await input.getPrimaryVideoTrack();
  /** @type {import("./encoder.js").Packet[]} */
  const packets = [];
  for await (const { data, type } of new EncodedPacketSink(track).packets()) packets.push({ data, key: type === "key", index: packets.length });
  return { packets, decoder: await track.getDecoderConfig() };
}
