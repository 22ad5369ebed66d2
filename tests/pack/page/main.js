/**
 * The smallest page on the real bridge, parts and network: what tests of these drive through
 * `window.bridge`. Veil's own page offers no such hook.
 */
import { createBridge } from "./bridge.js";
import { giveUpNetwork, networkIsShut } from "./network.js";
import { loadParts } from "./parts.js";

const status = /** @type {HTMLElement} */ (document.querySelector('[data-testid="boot-status"]'));
const seen = /** @type {string[]} */ ([]);
const deaths = /** @type {string[]} */ ([]);

const parts = await loadParts();
giveUpNetwork();
const bridge = createBridge({
  parts,
  secret: { key: "00".repeat(32) },
  onBoot: ({ stage }) => {
    seen.push(`${stage} ${Math.round(performance.now())}`);
    if (stage === "ready") status.textContent = "Ready";
  },
  onDied: (error) => deaths.push(`${error.code} ${JSON.stringify(error.params)}`),
});
Object.assign(window, { bridge, seen, deaths, networkIsShut, parts, createBridge });
bridge.ready.catch((error) => (status.textContent = `${error.code} ${JSON.stringify(error.params)}`));
