/** @param {number} n @param {string} one @param {string} many */
export const plural = (n, one, many) => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;
