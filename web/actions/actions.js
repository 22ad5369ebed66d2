import { auditActions } from "./audit.js";
import { deidentifyActions } from "./deidentify.js";
import { pictureActions } from "./export.js";
import { exportActions } from "./exports.js";
import { fileActions } from "./files.js";
import { identityActions } from "./identity.js";
import { lookActions } from "./look.js";
import { peopleActions } from "./people.js";
import { pixelActions } from "./pixels.js";
import { ruleActions } from "./pixelrules.js";
import { profileActions } from "./profile.js";
import { reportActions } from "./report.js";
import { say } from "./say.js";
import { selectActions } from "./select.js";
import { stayingActions } from "./staying.js";

/**
 * Everything that a person can do, in one object. Views and keys call nothing else.
 * @param {import("../types.js").Store} store @param {import("../types.js").Calls} calls
 * @param {(id: string) => void} onGone told of every instance that leaves the list
 * @param {string} key this tab's own project key
 * @param {import("../types.js").Lazy} lazy
 * @param {ReturnType<typeof import("../studies/results.js").createResults>} results of the last run
 * @returns {import("../types.js").Actions}
 */
export function createActions(store, calls, onGone, key, lazy, results) {
  const { put, removeFound, ...profile } = profileActions(store, calls);
  const { heed, ...identity } = identityActions(store, calls, key);
  const { putChoices, ...people } = peopleActions(store, calls, heed);
  const { pixels, putPixels, prove } = pixelActions(store, calls, lazy);
  const { audit, beginAudit } = auditActions(store, calls, results);
  const { asksFirst, letStay } = stayingActions(store);
  const work = deidentifyActions(store, calls, prove, beginAudit, asksFirst);
  const { cancelExport, ...exporting } = exportActions(store, calls, lazy, asksFirst);
  return {
    ...fileActions(store, calls, onGone),
    ...selectActions(store),
    ...lookActions(store, put, putPixels, putChoices),
    ...pixels,
    ...ruleActions(store, calls),
    ...profile,
    ...identity,
    ...people,
    ...work,
    ...audit,
    ...reportActions(store, calls),
    async removeAndRetry(id) {
      if (!store.get().busy && (await removeFound(id))) await work.deidentify();
    },
    draw: (change) => store.update(({ drawing }) => ({ drawing: { ...drawing, ...change } })),
    play: (change) => store.update(({ cine }) => ({ cine: { ...cine, ...change } })),
    ...pictureActions(store, calls, asksFirst),
    letStay,
    ...exporting,
    cancel() {
      work.cancel();
      cancelExport();
    },
    say: (message) => say(store, message),
  };
}
