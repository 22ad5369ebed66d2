/**
 * Makes instances whose pixels are a video stream answer like all others: what the page asks the core about their
 * pictures is answered by the browser's own decoder. Files made of them come out of a canvas, so nothing that the
 * stream or its container says comes with them.
 */
import { VeilError } from "../errors.js";
import { openClip } from "./clip.js";

/** Clips that stay open; each holds a decoder. */
const OPEN = 2;
/** Pixels around a region, as in the core (`redact/region.py`). */
const MARGIN = 2;
/** What a canvas can be saved as. */
const TYPES = new Set(["image/png", "image/jpeg", "image/webp"]);

/**
 * @typedef {{left: number, top: number, right: number, bottom: number, first_frame: number, last_frame: number}} Region
 * @param {import("../types.js").Calls} calls @param {import("../types.js").Lazy} lazy @param {import("../types.js").Store} store
 * @param {(id: string | undefined) => import("../types.js").Item | undefined} others instances that are not in the list
 * @returns {import("../types.js").Calls}
 */
export function withClips(calls, lazy, store, others) {
  /** @type {Map<string, Promise<import("./readers.js").Reader>>} oldest first */
  const open = new Map();
  let queue = Promise.resolve();
  const canvas = document.createElement("canvas");

  /** @param {string} id */
  function close(id) {
    open.get(id)?.then((reader) => reader.close(), () => {});
    open.delete(id);
  }

  /** @param {import("../types.js").Item} item */
  function readerOf(item) {
    const known = open.get(item.id) ?? openClip(lazy, calls, item);
    open.delete(item.id);
    open.set(item.id, known);
    known.catch(() => open.delete(item.id));
    for (const id of open.keys()) if (open.size > OPEN) close(id);
    return known;
  }

  /** One frame on the canvas, its regions dark. @param {import("../types.js").Item} item @param {number} index @param {Region[]} [regions] */
  async function draw(item, index, regions = []) {
    const reader = await readerOf(item);
    if (!(index < reader.count)) throw new VeilError("damaged-pixels");
    const { image, width, height, close: done } = await reader.frame(index);
    canvas.width = width;
    canvas.height = height;
    const brush = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true, alpha: false }));
    brush.drawImage(image, 0, 0, width, height);
    done();
    blank(brush, item, regions.filter(({ first_frame: first, last_frame: last }) => first <= index && index <= last));
    return brush.getImageData(0, 0, width, height);
  }

  /** @param {import("../types.js").Item} item @param {string} method @param {any} params @returns {Promise<import("../types.js").Reply>} */
  async function answer(item, method, params) {
    if (method === "export_add") throw new VeilError("no-film-in-it");
    if (method === "export") {
      const type = store.get().about?.formats.find((one) => one.name === params.format)?.mime_type ?? "";
      if (!TYPES.has(type)) throw new VeilError("no-film-in-it");
      await draw(item, params.frame_index, params.regions);
      return saved(canvas, type, params);
    }
    const { width: columns, height: rows, data } = await draw(item, params.frame_index, params.regions);
    const buffers = [withoutAlpha(data)];
    if (method === "picture") return { result: { rows, columns, color: true }, buffers };
    return { result: { rows, columns, color: true, levels: 256, scale: 1, offset: 0, rescale: null, windows: [], window: null, pixel_aspect: [1, 1], notes: [], overlays: 0 }, buffers };
  }

  return {
    ...calls,
    call(method, params, options) {
      const { instance } = /** @type {{instance?: string}} */ (params);
      if (options?.batch) return calls.call(method, params, options);
      const item = store.get().items.find((one) => one.id === instance) ?? others(instance);
      if (method === "forget" && instance) close(instance);
      if (!item?.inspection?.video || !["frame", "picture", "export", "export_add"].includes(method)) return calls.call(method, params, options);
      const reply = queue.then(() => answer(item, method, params)); // one canvas, and decoders like it in order
      queue = reply.then(() => {}, () => {});
      return reply;
    },
  };
}

/** Regions count in the header's pixels, whatever the browser makes of the stream. @param {CanvasRenderingContext2D} brush @param {import("../types.js").Item} item @param {Region[]} regions */
function blank(brush, item, regions) {
  const { rows, columns } = /** @type {import("../types.js").Inspection} */ (item.inspection).instance;
  const [across, down] = [brush.canvas.width / (columns || brush.canvas.width), brush.canvas.height / (rows || brush.canvas.height)];
  brush.fillStyle = "#000";
  for (const { left, top, right, bottom } of regions) {
    const [x, y] = [Math.floor((left - MARGIN) * across), Math.floor((top - MARGIN) * down)];
    brush.fillRect(x, y, Math.ceil((right + MARGIN) * across) - x, Math.ceil((bottom + MARGIN) * down) - y);
  }
}

/** @param {Uint8ClampedArray} rgba @returns {Uint8Array<ArrayBuffer>} R, G, B of each pixel */
function withoutAlpha(rgba) {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    rgb[to] = rgba[from];
    rgb[to + 1] = rgba[from + 1];
    rgb[to + 2] = rgba[from + 2];
  }
  return rgb;
}

/** @param {HTMLCanvasElement} canvas @param {string} type @param {{options?: {quality?: number}}} params @returns {Promise<import("../types.js").Reply>} */
async function saved(canvas, type, { options }) {
  const quality = (options?.quality ?? 95) / 100;
  const blob = await new Promise((/** @type {(blob: Blob | null) => void} */ resolve) => canvas.toBlob(resolve, type, quality));
  if (blob?.type !== type) throw new VeilError("no-film-in-it"); // a browser without this encoder makes a PNG
  return { result: { extension: `.${type === "image/jpeg" ? "jpg" : type.slice(6)}`, mime_type: type }, buffers: [await blob.arrayBuffer()] };
}
