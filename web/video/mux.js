/** A stream of packets as a file that says how it is to be shown and nothing else. */
import { blankMp4, blankWebm } from "./blank.js";

/**
 * @param {import("../types.js").Lazy} lazy @param {"mp4" | "webm"} name @param {import("./encoder.js").Stream} stream
 * @param {number} rate frames per second
 * @param {readonly number[] | null} [times] when each frame begins, and when the last ends, in seconds; null: by the rate
 * @returns {Promise<Blob>}
 */
export async function toFile(lazy, name, { codec, packets, decoder }, rate, times = null) {
  const { BufferTarget, EncodedPacket, EncodedVideoPacketSource, Mp4OutputFormat, Output, WebMOutputFormat } = await lazy.module("mediabunny.mjs");
  const target = new BufferTarget();
  const format = name === "webm" ? new WebMOutputFormat() : new Mp4OutputFormat({ fastStart: "in-memory" });
  const output = new Output({ format, target });
  const source = new EncodedVideoPacketSource(codec);
  output.addVideoTrack(source, times ? {} : { frameRate: rate });
  await output.start();
  const begins = (/** @type {number} */ index) => times?.[index] ?? index / rate;
  for (const { data, key, index } of packets) {
    await source.add(new EncodedPacket(data, key ? "key" : "delta", begins(index), begins(index + 1) - begins(index)), { decoderConfig: decoder });
  }
  await output.finalize();
  const file = new Uint8Array(target.buffer);
  return name === "webm" ? new Blob([blankWebm(file)], { type: "video/webm" }) : new Blob([blankMp4(file)], { type: "video/mp4" });
}
