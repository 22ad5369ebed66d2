/** The language in use. Another language is another table of the same shape. */
export { en as words } from "./en.js";
