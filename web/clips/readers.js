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
 * When a frame is shown and how long (s). Streams need not say how long their last frame is: as long as the others.
 * @param {number[]} times @param {number} index @param {number} [end]
 */
export function spanOf(times, index, end = 0) {
  const [from, first] = [times[index], times[0]];
  const usual = times.length > 1 ? (times[times.length - 1] - first) / (times.length - 1) : 1;
  return { from, length: (times[index + 1] ?? Math.max(end, from + usual)) - from };
}

/** Times in a file are rounded. @param {{from: number, length: number}} span @param {number} time (s) */
const begins = ({ from, length }, time) => Math.abs(time - from - length / 4) <= length / 2 + 0.001;

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
      if (!value || !begins(spanOf(times, index), value.timestamp)) {
        value?.close();
        running.next = NaN; // a decoder that leaves a frame out is asked anew for each
        throw new VeilError("damaged-pixels");
      }
      const frame = value.toVideoFrame();
      value.close();
      return drawn(frame);
    },
    close: () => void running?.samples.return(undefined),
  };
}

/** A frame is on the screen a moment after the element has sought it, and never where it takes longer than this (ms). */
const PATIENCE = 10_000;
const STEP = 2;

/**
 * A film in an MP4, by a video element: for pages that are given no WebCodecs.
 * @param {import("../types.js").Lazy} lazy @param {any} track of mediabunny
 * @param {Blob} file the same film, from 0 on: what is before its first frame is left out by some browsers
 * @returns {Promise<Reader>}
 */
export async function played(lazy, track, file) {
  const [first, ...others] = await timesOf(lazy, track);
  const times = [0, ...others.map((time) => time - first)];
  const video = document.createElement("video");
  if (!("requestVideoFrameCallback" in video)) throw new VeilError("no-decoder");
  const url = URL.createObjectURL(file);
  video.muted = true;
  video.preload = "auto";
  const begun = happens(video, "loadeddata");
  video.src = url;
  await begun;
  let part = 0.4;
  return {
    count: times.length,
    frame(index) {
      const span = spanOf(times, index, video.duration);
      part = 1 - part; // to seek where it stands already would show nothing anew
      return held(video, span, span.from + span.length * part);
    },
    close() {
      video.removeAttribute("src");
      URL.revokeObjectURL(url);
    },
  };
}

/**
 * The frame of this span, at a time (s) within it. An element that has "seeked" may still hold the frame of before: it is
 * the right one once the element has presented it, or what it holds tells its time. (Firefox's tells 0, and a hidden
 * tab presents nothing until it is seen again.)
 * @param {HTMLVideoElement} video @param {{from: number, length: number}} span @param {number} at @returns {Promise<Drawn>}
 */
async function held(video, span, at) {
  let presented = false;
  /** @type {VideoFrameRequestCallback} */
  const see = (_, { mediaTime }) => {
    presented = begins(span, mediaTime);
    if (!presented) waiting = video.requestVideoFrameCallback(see);
  };
  let waiting = video.requestVideoFrameCallback(see);
  try {
    const sought = happens(video, "seeked");
    video.currentTime = at;
    await sought;
    for (let left = PATIENCE; left > 0; left -= document.hidden ? 0 : STEP) {
      const frame = current(video);
      if (frame && (presented || (frame.timestamp > 0 && begins(span, frame.timestamp / 1e6)))) return drawn(frame);
      frame?.close();
      await new Promise((resolve) => setTimeout(resolve, STEP));
    }
  } finally {
    video.cancelVideoFrameCallback(waiting);
  }
  throw new VeilError("damaged-pixels");
}

/** @param {HTMLVideoElement} video @returns {VideoFrame | null} null while it has none */
function current(video) {
  try {
    return new VideoFrame(video);
  } catch {
    return null;
  }
}

/** @param {HTMLVideoElement} video @param {string} event @returns {Promise<void>} */
function happens(video, event) {
  return new Promise((resolve, reject) => {
    const over = new AbortController();
    const { signal } = over;
    video.addEventListener(event, () => (over.abort(), resolve()), { signal });
    video.addEventListener("error", () => (over.abort(), reject(new VeilError("no-decoder"))), { signal });
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
