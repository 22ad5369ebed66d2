import { VeilError } from "../errors.js";
import { evened, toI420 } from "./yuv.js";

/** Frames that may wait for the encoder. */
const WAITING = 4;
/** So that one can jump about in a clip, and a damaged frame heals. */
const KEY_EVERY = 24;

/**
 * The browser's own encoder. Frames come one at a time, in order, and each comes out exactly once.
 * @typedef {{data: Uint8Array<ArrayBuffer>, key: boolean, index: number}} Packet in order of decoding; `index`: of the frame, in order of showing
 * @typedef {{codec: string, packets: Packet[], decoder: VideoDecoderConfig}} Stream
 * @typedef {{add(pixels: Uint8Array, size: import("./yuv.js").Size): Promise<void>, finish(): Promise<Stream>, cancel(): void}} Encoding
 * @param {import("./codecs.js").Choice} choice @returns {Encoding}
 */
export function openEncoder({ codec, config, options, matrix, warmUp }) {
  /** @type {Packet[]} */
  const packets = [];
  /** @type {VideoDecoderConfig | undefined} */
  let decoder;
  /** @type {unknown} */
  let broken;
  let count = 0;
  // Microseconds on the encoder's clock. The times in the file are the muxer's, which has finer ones.
  const step = Math.round(1e6 / (config.framerate ?? 25));
  const encoder = new VideoEncoder({ output: receive, error: (error) => (broken ??= error) });
  encoder.configure(config);

  /** @param {EncodedVideoChunk} chunk @param {EncodedVideoChunkMetadata} [meta] */
  function receive(chunk, meta) {
    decoder = meta?.decoderConfig ?? decoder;
    const index = Math.round(chunk.timestamp / step) - warmUp;
    if (index < 0) return; // a frame that only warmed the encoder up
    const data = new Uint8Array(chunk.byteLength);
    chunk.copyTo(data);
    packets.push({ data, key: chunk.type === "key", index });
  }

  /** @param {Uint8Array<ArrayBuffer>} planes @param {import("./yuv.js").Size} size @param {number} at @param {boolean} key */
  function encode(planes, size, at, key) {
    const frame = new VideoFrame(planes, {
      format: "I420", codedWidth: size.columns, codedHeight: size.rows, timestamp: at * step, duration: step,
      colorSpace: { matrix, primaries: "bt709", transfer: "bt709", fullRange: false },
    });
    encoder.encode(frame, { ...options, keyFrame: key });
    frame.close();
  }

  async function room() {
    while (encoder.encodeQueueSize > WAITING && !broken) await new Promise((resolve) => setTimeout(resolve, 2));
    if (broken) throw new VeilError("encoder-failed");
  }

  return {
    async add(pixels, size) {
      const even = evened(pixels, size);
      const planes = toI420(even.pixels, even.size, matrix);
      for (let i = 0; count === 0 && i < warmUp; i++) {
        encode(planes, even.size, i, i === 0);
        await room();
      }
      encode(planes, even.size, warmUp + count, count % KEY_EVERY === 0);
      count++;
      await room();
    },
    async finish() {
      try {
        await encoder.flush();
      } catch (error) {
        broken ??= error;
      } finally {
        if (encoder.state !== "closed") encoder.close();
      }
      const there = new Set(packets.map(({ index }) => index));
      if (broken || !decoder || packets.length !== count || there.size !== count) throw new VeilError("encoder-failed");
      return { codec, packets, decoder };
    },
    cancel() {
      if (encoder.state !== "closed") encoder.close();
    },
  };
}
