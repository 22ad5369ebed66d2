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
