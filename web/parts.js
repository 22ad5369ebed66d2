/**
 * The parts that Python in the tab is made of, by name, each still gzipped: the worker inflates
 * what it needs when it needs it. In `veil.html` a part is base64 text in
 * `<script type="text/plain" data-part="NAME">`; in the hosted edition
 * `<link rel="veil-part" data-part="NAME" href="parts/NAME.HASH" integrity="sha256-…">`.
 */
import { VeilError } from "./errors.js";

/**
 * @param {(progress: {done: number, total: number}) => void} [onProgress]
 * @returns {Promise<Map<string, Blob>>}
 */
export async function loadParts(onProgress = () => {}) {
  await parsed();
  const places = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-part]")]);
  let done = 0;
  const entries = await Promise.all(
    places.map(async (place) => {
      const blob = place instanceof HTMLLinkElement ? await download(place) : decode(place);
      onProgress({ done: ++done, total: places.length });
      return /** @type {[string, Blob]} */ ([place.dataset.part, blob]);
    }),
  );
  return new Map(entries);
}

/**
 * @param {Blob} part as in the map of `loadParts`
 * @param {string} [type] MIME type of the result
 * @returns {Promise<Blob>} the part's content
 */
export async function inflate(part, type = "") {
  const stream = part.stream().pipeThrough(new DecompressionStream("gzip"));
  return new Blob([await new Response(stream).arrayBuffer()], { type });
}

/** The parts stand at the end of the page: the page is shown, and works, before they are there. */
function parsed() {
  if (document.readyState !== "loading") return;
  return new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve, { once: true }));
}

/** @param {HTMLElement} place @returns {Blob} */
function decode(place) {
  const text = place.textContent ?? "";
  place.remove(); // a second copy of 20 MB is of no use
  if ("fromBase64" in Uint8Array) return new Blob([/** @type {any} */ (Uint8Array).fromBase64(text)]);
  return new Blob([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))]);
}

/** @param {HTMLLinkElement} place @returns {Promise<Blob>} */
async function download(place) {
  try {
    const answer = await fetch(place.href, { integrity: place.integrity, credentials: "omit" });
    if (answer.ok) return await answer.blob();
  } catch {
    // not reachable, or not the file that the page was built with: one answer for both
  }
  throw new VeilError("part-missing", { part: place.dataset.part ?? "" });
}
