/** What goes with the results: a DICOMDIR if wanted, the report, the sums of all. The way back never does. */
import { VeilError } from "../errors.js";
import { codeOf } from "../calls.js";
import { told } from "../model/headers.js";
import { toldOf } from "../model/people.js";
import { wiredReport } from "../model/rows.js";
import { digestOf } from "./digest.js";

/**
 * @typedef {import("../types.js").Report} Report
 * @typedef {{name: string, content: Blob}} Extra
 * @param {import("../types.js").Calls} calls @param {import("./plan.js").Plan} plan @param {Report} report
 * @param {((name: string) => Promise<File | null>) | null} read results that were written, where a DICOMDIR is wanted
 * @param {Record<string, string>} pictures SHA-256 by name
 * @returns {Promise<Extra[]>}
 */
export async function extras(calls, plan, report, read, pictures) {
  const digests = { ...digestsOf(report), ...pictures };
  /** @type {Extra[]} */
  const made = [];
  const add = async (/** @type {string} */ name, /** @type {Blob} */ content) => {
    made.push({ name, content });
    digests[name] = (await digestOf(calls, content)).sha256;
  };
  if (read) await add("DICOMDIR", await directory(calls, plan, report, read));
  await add("report.json", await blobOf(calls.call("report", { ...wiredReport(report), format: "json" })));
  made.push({ name: "SHA256SUMS", content: await blobOf(calls.call("batch_sums", { digests })) });
  return made;
}

/**
 * The log of an audit in several forms, and the sums of all that the output then holds.
 * @param {import("../types.js").Calls} calls @param {Report} report @param {Record<string, Blob>} forms @param {File | null} directory a DICOMDIR @param {Record<string, string>} pictures SHA-256 by name
 * @returns {Promise<Extra[]>}
 */
export async function logFiles(calls, report, forms, directory, pictures) {
  const digests = { ...digestsOf(report), ...pictures };
  const more = { ...forms, ...(directory && { DICOMDIR: directory }) };
  for (const [name, content] of Object.entries(more)) digests[name] = (await digestOf(calls, content)).sha256;
  const made = Object.entries(forms).map(([name, content]) => ({ name, content }));
  return [...made, { name: "SHA256SUMS", content: await blobOf(calls.call("batch_sums", { digests })) }];
}

/** @param {Report} report @returns {Record<string, string>} SHA-256 by name */
const digestsOf = ({ rows }) => Object.fromEntries(rows.map(({ file, sha256 }) => [file, sha256]));

/** What is said of the run as a whole. @param {import("../types.js").Calls} calls @param {import("./plan.js").Plan} plan @param {Report["rows"]} rows @param {import("../types.js").People} people @returns {Promise<object>} */
export async function auditOf(calls, { headers, refused }, rows, { questions, choices }) {
  const kept = told([...headers].filter(([number]) => !refused.has(number)));
  const decisions = questions.map((one) => toldOf(one, choices[one.key]));
  const params = { headers: kept, decisions, rows: rows.map(({ number, device, modality, flags }) => ({ number, device, modality, flags })) };
  return (await calls.call("batch_audit", params)).result;
}

/** @param {Promise<import("../types.js").Reply>} reply */
async function blobOf(reply) {
  return new Blob(/** @type {BlobPart[]} */ ((await reply).buffers));
}

/** A DICOMDIR whose worker died is begun anew; so often. */
const TRIES = 5;
const LOST = new Set(["worker-died", "no-job"]);

/**
 * It is made in one worker, result by result; one that replaced it does not know what came before.
 * @param {import("../types.js").Calls} calls @param {import("./plan.js").Plan} plan @param {Report} report
 * @param {(name: string) => Promise<File | null>} read
 */
async function directory(calls, plan, { rows }, read) {
  const written = new Set(rows.map(({ file }) => file));
  const names = plan.names.map(([, name]) => name).filter((name) => written.has(name));
  for (let left = TRIES; ; left--) {
    try {
      for (const [at, name] of names.entries()) {
        const file = await read(name);
        if (!file) throw new VeilError("cannot-write");
        await calls.call("directory_add", { name, first: at === 0 }, { file });
      }
      return await blobOf(calls.call("directory_finish", {}));
    } catch (error) {
      if (left <= 1 || !LOST.has(codeOf(error))) throw error;
    }
  }
}
