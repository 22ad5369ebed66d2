import { say } from "./actions/say.js";
import { createBridge } from "./bridge.js";
import { giveUpNetwork, networkIsShut } from "./network.js";
import { codeOf } from "./calls.js";
import { loadParts } from "./parts.js";
import { words } from "./words/words.js";

/**
 * From an open page to a core that answers: parts, then the network given up and the proof of it, then the worker.
 * Files may be added meanwhile; none is read before this has gone well.
 * @param {import("./types.js").Store} store @param {import("./types.js").Calls} calls @param {string} key this tab's project key
 * @param {import("./types.js").Lazy} lazy
 */
export async function start(store, calls, key, lazy) {
  try {
    const parts = await loadParts(({ done, total }) => boot(store, { stage: "unpack", done, total }));
    lazy.attach(parts);
    store.update(({ pixels }) => ({ pixels: { ...pixels, able: parts.has("text-read.onnx") } }));
    giveUpNetwork();
    if (!(await networkIsShut())) return refuse(store);
    store.update(() => ({ network: "shut" }));
    const common = {
      parts,
      build: document.querySelector("meta[name=veil-build]")?.getAttribute("content") ?? "",
      shared: {},
      onDied: () => say(store, { tone: "info", text: words.message.died }),
    };
    const bridge = createBridge({ ...common, secret: { key }, onBoot: ({ stage }) => boot(store, { stage, done: stage === "unpack" ? 1 : 0, total: 1 }) });
    calls.attach(bridge, (secret = { key }) => createBridge({ ...common, secret, onDied: () => {} }));
    const about = await bridge.ready;
    store.update(() => ({ about, profile: about.profiles[0], format: about.formats[0].name, boot: { stage: "ready", done: 1, total: 1, ready: true, failed: false } }));
  } catch (error) {
    const code = codeOf(error);
    store.update((state) => ({ boot: { ...state.boot, failed: true } }));
    say(store, { tone: "bad", text: words.message.error(code === "internal" ? "boot-failed" : code) });
  }
}

/** @param {import("./types.js").Store} store @param {{stage: string, done: number, total: number}} event */
function boot(store, { stage, done, total }) {
  store.update((state) => ({ boot: { stage, done, total, ready: state.boot.ready, failed: false } }));
}

/** The network could still be reached: no file is taken, and those that waited are let go. @param {import("./types.js").Store} store */
function refuse(store) {
  store.update((state) => ({ network: "open", items: [], selected: null, boot: { ...state.boot, failed: true } }));
  say(store, { tone: "bad", text: words.message.notTaken });
}
