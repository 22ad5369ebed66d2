/**
 * The page gives up the network before it accepts a file, and proves it.
 *
 * `veil.html` has had the final policy since its first byte. The hosted page carries it in
 * `<meta name="veil-final-policy">` and adds it here, once its parts are loaded and BEFORE the
 * worker's Blob URL is made: a worker from a Blob URL inherits the policy of that moment.
 */

// No Content Security Policy that browsers enforce speaks of these: they are taken from the page.
const PEERS = ["RTCPeerConnection", "webkitRTCPeerConnection", "mozRTCPeerConnection"];

/** Adds the final policy, if there is one that has not been added. There is no way back. */
export function giveUpNetwork() {
  for (const name of PEERS) {
    Object.defineProperty(globalThis, name, { value: undefined });
  }
  const final = document.querySelector('meta[name="veil-final-policy"]');
  if (!(final instanceof HTMLMetaElement)) return;
  const policy = document.createElement("meta");
  policy.httpEquiv = "Content-Security-Policy";
  policy.content = final.content;
  document.head.append(policy);
  final.remove();
}

/**
 * Tries to connect and looks whether the browser refused by its policy. The address is a Blob URL
 * of this page: were the network open, the attempt would succeed without a byte leaving.
 * The worker tries for itself when it boots and will not start with an open network.
 * @returns {Promise<boolean>} true: refused, and by connect-src.
 */
export async function networkIsShut() {
  const url = URL.createObjectURL(new Blob(["probe"]));
  let refused = false;
  /** @param {SecurityPolicyViolationEvent} event */
  const note = (event) => {
    refused ||= event.effectiveDirective === "connect-src";
  };
  document.addEventListener("securitypolicyviolation", note);
  try {
    await fetch(url);
    return false;
  } catch {
    await new Promise((resolve) => setTimeout(resolve)); // the event comes as a task of its own
    return refused;
  } finally {
    document.removeEventListener("securitypolicyviolation", note);
    URL.revokeObjectURL(url);
  }
}
