import { bytesOf, codeOf } from "../calls.js";
import { download } from "../download.js";
import { encrypted } from "../secrets.js";
import { logOf } from "../model/audit.js";
import { wiredReport } from "../model/rows.js";
import { words } from "../words/words.js";
import { today } from "./audit.js";
import { say, sayError } from "./say.js";

const MIME = { json: "application/json", csv: "text/csv", html: "text/html" };

/**
 * What is said of a run afterwards: the report, and the way back, which leaves only encrypted.
 * @param {import("../types.js").Store} store @param {import("../types.js").Calls} calls
 */
export function reportActions(store, calls) {
  async function downloadReport() {
    const { report, reportFormat: format } = store.get();
    if (!report) return;
    try {
      const { buffers } = await calls.call("report", { ...wiredReport(/** @type {import("../types.js").Report} */ (logOf(store.get(), today()))), format });
      download(new Blob([bytesOf(buffers[0])], { type: MIME[format] }), `veil-report.${format}`);
      say(store, { tone: "good", text: words.message.reported });
    } catch (error) {
      sayError(store, codeOf(error));
    }
  }

  /** @param {string} passphrase */
  async function downloadLinks(passphrase) {
    store.update(() => ({ stretching: 0 }));
    try {
      const { buffers } = await calls.call("links", { links: store.get().links });
      const file = await encrypted(bytesOf(buffers[0]), passphrase, (share) => store.update(() => ({ stretching: share })));
      download(new Blob([file], { type: "application/octet-stream" }), "veil-reidentification.csv.age");
      store.update(() => ({ dialog: null }));
      say(store, { tone: "good", text: words.message.linksSaved });
    } catch (error) {
      sayError(store, codeOf(error));
    } finally {
      store.update(() => ({ stretching: null }));
    }
  }
  return { downloadReport, downloadLinks };
}
