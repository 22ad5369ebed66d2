/**
 * Ways to get frames of a film from the browser. Each gives `frame(index)`: something that a canvas can draw, and how
 * large it is; `index` counts in order of showing. Frames that are asked for in order are decoded once.
 * @typedef {{image: CanvasImageSource, width: number, height: number, close(): void}} Drawn
 * @typedef {{count: number, frame(index: number): Promise<Drawn>, close(): void}} Reader
 */
import { VeilError } from "../errors.js";
import { accessUnits, codecOf } from "./annexb.js";

/** @param {VideoFrame} frame @returns {Drawn} */
const drawn = (frame) => ({ image: frame, width: frame.displayWidth, height: frame.displayHeight, close: () => frame.close() });

/** @param {import("../types.js").Lazy} lazy @param {any} track of mediabunny @returns {Promise<number[]>} when each frame begins, in seconds */
async function timesOf(lazy, track) {
  const { EncodedPacketSink } = await lazy.module("mediabunny.mjs");
  const times = [];
  for await (const packet of new EncodedPacketSink(track).packets(undefined, undefined, { metadataOnly: true })) times.push(packet.timestamp);
  return times.sort((a, b) => a - b);
}

/**
 * A film in a container, by WebCodecs.
 * @param {import("../types.js").Lazy} lazy @param {any} track of mediabunny @returns {Promise<Reader>}
 */
export async function decoded(lazy, track) {
  const { VideoSampleSink } = await lazy.module("mediabunny.mjs");
  const times = await timesOf(lazy, track);
  const sink = new VideoSampleSink(track);
  /** @type {{next: number, samples: AsyncGenerator<any>} | null} */
  let running = null;
  return {
    count: times.length,
    async frame(index) {
      if (running?.next !== index) {
        await running?.samples.return(undefined);
        running = { next: index, samples: sink.samples(times[index]) };
      }
      const { value } = await running.samples.next();
      running.next++;
      if (!value) throw new VeilError("damaged-pixels");
      const frame = value.toVideoFrame();
      value.close();
      return drawn(frame);
    },
    close: () => void running?.samples.return(undefined),
  };
}

/**
 * A film in an MP4, by a video element: for pages that are given no WebCodecs.
 * @param {import("../types.js").Lazy} lazy @param {any} track of mediabunny @param {Blob} file the same film @returns {Promise<Reader>}
 */
export async function played(lazy, track, file) {
  const times = await timesOf(lazy, track);
  const video = document.createElement("video");
  const url = URL.createObjectURL(file);
  video.muted = true;
  video.preload = "auto";
  const begun = happens(video, "loadeddata");
  video.src = url;
  await begun;
  return {
    count: times.length,
    async frame(index) {
      const from = times[index];
      const there = happens(video, "seeked");
      video.currentTime = from + ((times[index + 1] ?? video.duration) - from) / 2;
      await there;
      return { image: video, width: video.videoWidth, height: video.videoHeight, close() {} };
    },
    close() {
      video.removeAttribute("src");
      URL.revokeObjectURL(url);
    },
  };
}

/** @param {HTMLVideoElement} video @param {string} event @returns {Promise<void>} */
function happens(video, event) {
  return new Promise((resolve, reject) => {
    video.addEventListener(event, () => resolve(), { once: true });
    video.addEventListener("error", () => reject(new VeilError("no-decoder")), { once: true });
  });
}

/**
 * H.264 without a container, by WebCodecs. Pictures come out in order of showing, whatever the order of decoding is.
 * @param {Uint8Array<ArrayBuffer>} stream @param {string} usual its codec, if it does not say @returns {Promise<Reader>}
 */
export async function decodedBare(stream, usual) {
  const config = { codec: codecOf(stream, usual) };
  if (typeof VideoDecoder === "undefined" || !(await VideoDecoder.isConfigSupported(config)).supported) throw new VeilError("no-decoder");
  const units = accessUnits(stream);
  /** @type {VideoFrame[]} */
  let ready = [];
  let fed = 0;
  let next = 0;
  let failed = false;
  /** @type {VideoDecoder | null} */
  let decoder = null;

  function restart() {
    stop();
    failed = false;
    fed = next = 0;
    decoder = new VideoDecoder({ output: (frame) => ready.push(frame), error: () => (failed = true) });
    decoder.configure(config);
  }

  function stop() {
    for (const frame of ready) frame.close();
    ready = [];
    if (decoder && decoder.state !== "closed") decoder.close();
  }

  /** @returns {Promise<VideoFrame>} the next one */
  async function shift() {
    while (ready.length === 0 && !failed && decoder) {
      if (fed < units.length) {
        const { start, end, key } = units[fed];
        decoder.decode(new EncodedVideoChunk({ type: key ? "key" : "delta", timestamp: fed++, data: stream.subarray(start, end) }));
        if (decoder.decodeQueueSize > 4 || fed % 8 === 0) await new Promise((resolve) => setTimeout(resolve));
      } else {
        await decoder.flush().catch(() => (failed = true));
        if (ready.length === 0) failed = true;
      }
    }
    const frame = ready.shift();
    if (!frame) throw new VeilError("damaged-pixels");
    next++;
    return frame;
  }

  return {
    count: units.length,
    async frame(index) {
      if (!decoder || failed || index < next) restart();
      while (next < index) (await shift()).close();
      return drawn(await shift());
    },
    close: stop,
  };
}
