import { contentOf } from "../packed.js";
import { VeilError } from "../errors.js";
import { toFile } from "../video/mux.js";
import { decoded, decodedBare, played, spanOf } from "./readers.js";

/**
 * The film of an instance whose transfer syntax is one of video: Python says where it lies, the browser decodes it.
 * @param {import("../types.js").Lazy} lazy @param {import("../types.js").Calls} calls @param {import("../types.js").Item} item
 * @returns {Promise<import("./readers.js").Reader>} VeilError "no-decoder" names what this browser can't decode
 */
export async function openClip(lazy, calls, item) {
  const content = await contentOf(item.file);
  const { result } = await calls.call("video", { instance: item.id }, { file: content });
  const { codec, codec_string: usual, container, parts } = result;
  const film = new Blob(parts.map((/** @type {{start: number, end: number}} */ { start, end }) => content.slice(start, end)));
  try {
    if (container === "elementary" && codec === "H.264") return await decodedBare(new Uint8Array(await film.arrayBuffer()), usual);
    if (container === "mp4" || container === "mpeg-ts") return await contained(lazy, film);
    throw new VeilError("no-decoder");
  } catch (error) {
    const code = error instanceof VeilError ? error.code : "no-decoder";
    throw new VeilError(code, { codec });
  }
}

/** @param {import("../types.js").Lazy} lazy @param {Blob} film */
async function contained(lazy, film) {
  const { BlobSource, Input, MP4, MPEG_TS, QTFF } = await lazy.module("mediabunny.mjs");
  const input = new Input({ formats: [MP4, QTFF, MPEG_TS], source: new BlobSource(film) });
  const track = await input.getPrimaryVideoTrack();
  if (!track) throw new VeilError("damaged-pixels");
  if (typeof VideoDecoder === "undefined") return played(lazy, track, await remuxed(lazy, track));
  if (!(await track.canDecode())) throw new VeilError("no-decoder");
  return decoded(lazy, track);
}

/** The same packets in an MP4 that every browser with this codec plays, from 0 on. @param {import("../types.js").Lazy} lazy @param {any} track */
async function remuxed(lazy, track) {
  const { EncodedPacketSink } = await lazy.module("mediabunny.mjs");
  const found = [];
  for await (const packet of new EncodedPacketSink(track).packets()) found.push(packet);
  const first = found.reduce((least, { timestamp }) => Math.min(least, timestamp), Infinity);
  const times = found.map((packet) => packet.timestamp - first).sort((a, b) => a - b);
  const packets = found.map(({ data, type, timestamp }) => ({ data, key: type === "key", index: times.indexOf(timestamp - first) }));
  const { from, length } = spanOf(times, times.length - 1, found.reduce((end, packet) => Math.max(end, packet.timestamp - first + packet.duration), 0));
  return toFile(lazy, "mp4", { codec: await track.getCodec(), packets, decoder: await track.getDecoderConfig() }, 1, [...times, from + length]);
}
