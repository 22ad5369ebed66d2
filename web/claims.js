/** So many files are opened before the browser is told. */
const AT_ONCE = 512;
/** Bytes: a collection is due. */
const MUCH = 64 << 20;
let opened = 0;
/** @type {ArrayBuffer[]} not touched by anybody, so it takes addresses and no memory; held until it counts as old */
let claims = [];

/**
 * A `File` or a handle was made, which takes some 8 KB, most of it in another process of the browser. The collector of
 * the page sees some bytes only, and would let ten thousand of them be. It is told by a claim that it does see.
 */
export function tellOpened() {
  opened += 1;
  if (opened % AT_ONCE) return;
  claims = [...claims.slice(-1), new ArrayBuffer(MUCH)];
}
