/**
 * Results of the last run, to be looked at: read where they were written, or made again. They are what the report's
 * SHA-256 says, or not shown at all.
 * @typedef {import("./plan.js").Job} Job
 * @typedef {{jobs: ReadonlyMap<number, Job>, sums: ReadonlyMap<number, string>, profile: unknown, cleaning: import("./work.js").Cleaning, read: ((name: string) => Promise<File | null>) | null, write: ((name: string, content: Blob) => Promise<void>) | null, layout: string, pictures: Record<string, string>}} Run `pictures`: SHA-256 by name
 */
import { contentOf } from "../packed.js";
import { VeilError } from "../errors.js";
import { digestOf } from "./digest.js";
import { createWork } from "./work.js";

/** @param {import("../types.js").Calls} calls */
export function createResults(calls) {
  /** @type {Run | null} */
  let run = null;

  /** @param {Run} of @param {Job} job @param {string} sum @returns {Promise<Blob>} */
  async function written({ read, profile, cleaning }, job, sum) {
    if (read) {
      const file = await read(job.name);
      if (!file) throw new VeilError("result-gone");
      if ((await digestOf(calls, file)).sha256 !== sum) throw new VeilError("result-changed");
      return file;
    }
    // What is legible was looked for when it was made.
    const again = createWork(calls, profile, new AbortController().signal, cleaning, async () => {});
    const { content, row } = await again(job);
    if (row.sha256 !== sum) throw new VeilError("result-other");
    return content instanceof Blob ? content : new Blob([content]);
  }

  return {
    /** @param {Run | null} next null: nothing of the people in it stays */
    hold: (next) => void (run = next),
    get run() {
      return run;
    },
    /** @param {number} number @returns {Promise<{original: Blob, result: Blob, from: "folder" | "again", profile: unknown}>} */
    async of(number) {
      const [job, sum] = [run?.jobs.get(number), run?.sums.get(number)];
      if (!run || !job || !sum) throw new VeilError("result-gone");
      const result = await written(run, job, sum);
      return { original: await contentOf(job.item.file), result, from: run.read ? "folder" : "again", profile: run.profile };
    },
  };
}
