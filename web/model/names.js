/**
 * Names of downloads. They hold a number and nothing else: no value of a header, no name of an input.
 * @param {number} number from 1
 */
export function imageName(number) {
  return `IMG-${String(number).padStart(5, "0")}`;
}

/** @param {number} number @param {number} frameIndex from 0; people count from 1 @param {string} extension */
export function pictureName(number, frameIndex, extension) {
  return `veil-${imageName(number)}-frame-${frameIndex + 1}.${extension.replace(/^\./, "")}`;
}

/** Where pictures stand beside results. */
export const PICTURES = "PICTURES";

/** The picture beside a result of the frame at a place of its own order, by the command line's rule (`batch/pictures.py`). @param {string} name of the result @param {number} frames @param {number} at from 0 */
export function besideName(name, frames, at) {
  const whole = `${PICTURES}/${name.replace(/\.dcm$/, "")}`;
  return frames === 1 ? `${whole}.png` : `${whole}-frame-${String(at + 1).padStart(String(frames).length, "0")}.png`;
}
