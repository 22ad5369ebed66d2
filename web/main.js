import { createActions } from "./actions/actions.js";
import { newKey } from "./actions/identity.js";
import { createRuling } from "./actions/pixelrules.js";
import { createReading } from "./actions/reading.js";
import { pictureTrouble } from "./actions/say.js";
import { createTagReading } from "./actions/tags.js";
import { start } from "./start.js";
import { withClips } from "./clips/clips.js";
import { h } from "./dom.js";
import { listenToKeys } from "./keyboard.js";
import { createLazy } from "./lazy.js";
import { createAhead } from "./picture/ahead.js";
import { createBeside } from "./picture/beside.js";
import { createCine } from "./picture/cine.js";
import { createFrames } from "./picture/frames.js";
import { isBegun } from "./model/audit.js";
import { createPool, workersFor } from "./pool.js";
import { createScreen } from "./picture/screen.js";
import { createThumbs } from "./picture/thumbs.js";
import { createResults } from "./studies/results.js";
import { createStore, initialState } from "./store.js";
import { layOut } from "./views/layout.js";
import { acceptDrops } from "./views/drop.js";

/** Wires everything together. Everything that does something is elsewhere. */
const store = createStore(initialState());
const lazy = createLazy();
/** @type {ReturnType<typeof createBeside> | undefined} */
let beside;
const calls = withClips(createPool(workersFor(navigator)), lazy, store, (id) => beside?.itemOf(id));
const frames = createFrames(calls, () => store.get().about?.presets ?? [], (cache) => store.update(() => ({ cache })));
const key = newKey();
const results = createResults(calls);
const actions = createActions(store, calls, forget, key, lazy, results);
const context = { store, actions };
const trouble = (/** @type {string} */ id, /** @type {import("./types.js").Trouble} */ why) => pictureTrouble(store, id, why);

/** @param {string} id an instance that has left the list */
function forget(id) {
  frames.forget(id);
  // A worker that dies meanwhile has forgotten everything: no answer is needed.
  calls.call("forget", { instance: id }).catch(() => {});
}

layOut(document.getElementById("app") ?? document.body.appendChild(h("div")), context);
acceptDrops(context);
listenToKeys(context);
createReading(store, calls, frames.begin);
createTagReading(store, calls);
createRuling(store, calls);
createScreen(store, frames, trouble);
beside = createBeside(store, calls, frames, results);
createAhead(store, frames, trouble);
createCine(store);
createThumbs(store, calls, frames, trouble);
addEventListener("beforeunload", (event) => {
  const { busy, audit } = store.get();
  if (busy?.kind === "deidentify" || (audit && isBegun(audit) && !audit.saved)) event.preventDefault();
});
void start(store, calls, key, lazy);
