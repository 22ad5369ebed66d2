import { fill, h, set, text } from "../dom.js";
import { tallyOf } from "../model/items.js";
import { secondsLeft } from "../model/progress.js";
import { watch } from "../watch.js";
import { words } from "../words/words.js";

const STAGES = ["unpack", "python", "core"];
/** Fewer files are read before anybody could stop it. */
const MANY = 50;

/** Boot, then progress with counts and time left. @type {import("../types.js").Mount} */
export function mountFooter(root, { store, actions }) {
  const bar = h("progress", { max: 1, "aria-label": words.foot.progress });
  const boot = h("span", { role: "status", class: "boot", "data-testid": "boot-status" });
  const stages = h("ol", { class: "stages", "aria-label": words.boot.progress }, ...STAGES.map((stage) => h("li", { "data-stage": stage }, words.boot.name(stage))));
  const work = h("span", { "data-testid": "progress" });
  const stop = h("button", { type: "button", class: "link", "data-testid": "stop-reading", onclick: actions.stopReading }, words.reading.stop);
  const version = h("span", { class: "quiet" });
  fill(root, [bar, boot, work, stop, h("span", { class: "space" }), stages, version]);

  /** @param {import("../types.js").State} state */
  function draw(state) {
    const now = progress(state);
    bar.hidden = now === null;
    if (now && Number.isFinite(now.share)) bar.value = now.share;
    else bar.removeAttribute("value");
    text(work, now?.text ?? "");
  }

  const leave = [
    watch(store, (s) => [s.boot], ({ boot: now }) => {
      text(boot, now.failed ? words.boot.failed : now.ready ? words.boot.ready : words.boot.stage(now.stage));
      set(boot, "data-boot", now.failed ? "failed" : now.ready ? "ready" : "loading");
      stages.hidden = now.ready || now.failed;
      const at = STAGES.indexOf(now.stage);
      [...stages.children].forEach((stage, i) => set(stage, "data-done", i < at ? "yes" : i === at ? "now" : "no"));
    }),
    watch(store, (s) => [s.boot, s.items, s.busy], draw),
    watch(store, (s) => [s.items, s.listing], ({ items, listing }) => { stop.hidden = !listing && tallyOf(items).queued < MANY; }),
    watch(store, (s) => [s.about], ({ about }) => text(version, about ? words.foot.version(about.version) : "")),
  ];
  const clock = setInterval(() => { if (store.get().busy) draw(store.get()); }, 1000);
  return () => {
    clearInterval(clock);
    leave.forEach((stop) => stop());
  };
}

/** @param {import("../types.js").State} state @returns {{share: number, text: string} | null} */
function progress({ boot, items, busy }) {
  if (boot.failed) return null;
  if (!boot.ready) {
    const inStage = boot.total ? boot.done / boot.total : 0;
    const waiting = items.length ? words.boot.waiting : "";
    return { share: (Math.max(0, STAGES.indexOf(boot.stage)) + inStage) / STAGES.length, text: waiting };
  }
  if (boot.stage !== "ready") return { share: NaN, text: words.boot.restarting };
  if (busy?.kind === "sample") return { share: NaN, text: words.foot.sample };
  if (busy?.kind === "deidentify" || (busy?.kind === "export" && busy.total > 1)) {
    const left = busy.pausedAt ? null : secondsLeft(busy, Date.now());
    const bytes = busy.allBytes ? words.foot.bytes(busy.bytes ?? 0, busy.allBytes) : "";
    const what = (busy.kind === "export" ? words.exports.working : busy.pictures ? words.act.drawing : words.act.working)(busy.done, busy.total);
    if (busy.pausedAt) return { share: busy.done / busy.total, text: [words.act.paused, what, bytes].filter(Boolean).join(" · ") };
    return { share: busy.done / busy.total, text: [what, bytes, left === null ? "" : words.foot.left(left)].filter(Boolean).join(" · ") };
  }
  const read = items.length - tallyOf(items).unread;
  return read < items.length ? { share: read / items.length, text: words.foot.reading(read, items.length) } : null;
}
