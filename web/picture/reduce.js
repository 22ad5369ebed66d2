/**
 * Pictures that are much larger than their place on the screen. A browser shows them by picking pixels, which makes
 * patterns that are not there; here every pixel counts.
 */

/** Where less than so much of a screen's pixel belongs to one of the picture. */
const SMALL = 0.75;
/** It takes a moment, so it is done once nothing has changed for so long (ms). */
const REST = 70;

/**
 * @param {HTMLCanvasElement} from @param {HTMLCanvasElement} to laid over the other; hidden while it is not needed
 */
export function createReduction(from, to) {
  let drawn = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** @param {string} what is to be seen: another picture, another size @param {number} width of it on the screen, CSS pixels @param {number} height */
  function follow(what, width, height) {
    const [w, h] = [width, height].map((side) => Math.round(side * devicePixelRatio));
    const key = `${what} ${w} ${h}`;
    if (key === drawn) return;
    drawn = key;
    stop();
    if (what === "" || w >= from.width * SMALL || w < 1 || h < 1) return;
    timer = setTimeout(() => {
      to.width = w;
      to.height = h;
      const context = /** @type {CanvasRenderingContext2D} */ (to.getContext("2d"));
      context.imageSmoothingQuality = "high";
      context.drawImage(from, 0, 0, w, h);
      to.hidden = false;
    }, REST);
  }

  function stop() {
    clearTimeout(timer);
    to.hidden = true;
  }
  return { follow, stop };
}
