/**
 * A whole batch: every instance of the list ends as written, or as refused with its reason.
 * @typedef {import("../types.js").Treated} Treated
 * @typedef {import("../types.js").Trouble} Trouble
 * @typedef {{
 *   put(index: number, name: string, content: Blob | Uint8Array<ArrayBuffer> | null): Promise<void>,
 *   resume?(plan: import("./plan.js").Plan): Promise<Map<number, {row: Treated, link: import("../types.js").Link}>>,
 *   told?(row: Treated, uid: string): Promise<void>,
 * }} Out
 */
import { codeOf, troubleOf } from "../calls.js";
import { inLanes } from "../lanes.js";
import { createWork } from "./work.js";

/** Reasons that are no instance's: the output takes nothing more. */
const STOPS = new Set(["cannot-write", "cancelled"]);
/** Results on their way from a worker into the output, beside the calls that keep the workers busy. */
const LEAVING = 5;

/**
 * @param {object} how
 * @param {import("../types.js").Calls} how.calls @param {import("./plan.js").Plan} how.plan @param {Out} how.out
 * @param {unknown} how.profile as it goes over the wire
 * @param {ReturnType<typeof import("./treatments.js").createTreatments>} how.treatments
 * @param {ReturnType<typeof import("./pause.js").createDoor>} how.door @param {AbortSignal} how.signal
 * @param {import("./work.js").Cleaning} how.cleaning @param {import("./work.js").Prove} how.prove
 * @param {(job: import("./plan.js").Job, state: "working" | "written" | "refused", trouble?: Trouble) => void} how.onState
 */
export async function runBatch({ calls, plan, out, profile, treatments, door, signal, cleaning, prove, onState }) {
  /** @type {Map<number, Treated>} */
  const rows = new Map();
  /** @type {Map<number, Trouble>} */
  const refused = new Map(plan.refused);
  /** @type {Map<string, import("../types.js").Link>} */
  const links = new Map();
  const before = (await out.resume?.(plan)) ?? new Map();
  const work = createWork(calls, profile, signal, cleaning, prove, () => treatments.known);
  /** @type {unknown} Why it ended before its end. */
  let stopped = null;

  /** @param {Treated} row @param {import("../types.js").Link} link */
  function take(row, link) {
    rows.set(row.number, row);
    links.set(JSON.stringify(link), link);
  }

  /** @param {import("./plan.js").Job} job @param {number} index */
  async function one(job, index) {
    const done = before.get(job.number);
    if (done) {
      take(done.row, done.link);
      return onState(job, "written");
    }
    await door.pass();
    signal.throwIfAborted();
    onState(job, "working");
    try {
      const { content, row: told, link } = await work(job);
      await out.put(index, job.name, content);
      const row = { ...told, file: job.name }; // the text that is there already
      const shared = treatments.shared(row);
      take(shared, link);
      onState(job, "written");
      await out.told?.(shared, job.uid);
    } catch (error) {
      if (signal.aborted || STOPS.has(codeOf(error))) throw error;
      refused.set(job.number, troubleOf(error));
      onState(job, "refused", refused.get(job.number));
      await out.put(index, job.name, null);
    }
  }

  await inLanes(plan.jobs, calls.room + LEAVING, one).catch((error) => (stopped = error));
  return { rows, refused, touched: treatments.touched, links: [...links.values()], resumed: before.size, stopped };
}
