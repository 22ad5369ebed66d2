import { deidentifyActions } from "./deidentify.js";
import { exportAction } from "./export.js";
import { fileActions } from "./files.js";
import { lookActions } from "./look.js";
import { say } from "./say.js";
import { selectActions } from "./select.js";

/**
 * Everything that a person can do, in one object. Views and keys call nothing else.
 * @param {import("../types.js").Store} store @param {import("../types.js").Calls} calls
 * @param {(id: string) => void} onGone told of every instance that leaves the list
 * @returns {import("../types.js").Actions}
 */
export function createActions(store, calls, onGone) {
  return {
    ...fileActions(store, calls, onGone),
    ...selectActions(store),
    ...lookActions(store),
    ...deidentifyActions(store, calls),
    exportPicture: exportAction(store, calls),
    say: (message) => say(store, message),
  };
}
