/** @param {number} n @param {string} one @param {string} many */
export const plural = (n, one, many) => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;

const RULES = new Intl.PluralRules("en", { type: "ordinal" });
/** @type {Record<string, string>} */
const ENDINGS = { one: "st", two: "nd", few: "rd", other: "th" };

/** @param {number} n @returns {string} 1st, 2nd, 3rd, 11th */
export const ordinal = (n) => `${n.toLocaleString("en")}${ENDINGS[RULES.select(n)]}`;
