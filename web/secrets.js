/**
 * What is made of a passphrase. Nothing here is kept: a passphrase lives as long as the call.
 * Both run scrypt in slices, so that the page stays alive for the second or two that make guessing dear.
 */
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { scryptAsync } from "@noble/hashes/scrypt.js";
import { Encrypter, Stanza } from "age-encryption";

export const SHORTEST = 12;
/** As in identity.py: the same passphrase gives the same key in a tab and on the command line. */
const SALT = "dicom-veil project key 1";
const COST = { N: 1 << 17, r: 8, p: 1, dkLen: 32, asyncTick: 20 };
/** The work factor of the `age` command itself. */
const AGE_LOG_N = 18;

/** @param {string} passphrase @param {(share: number) => void} onProgress @returns {Promise<string>} 32 bytes in hex */
export async function keyFromPassphrase(passphrase, onProgress) {
  const key = await scryptAsync(passphrase.normalize("NFC"), SALT, { ...COST, onProgress });
  return Array.from(key, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * An age file that the `age` command opens with the passphrase. The package's own passphrase recipient does the same
 * at one go, which would freeze the page.
 * @param {Uint8Array} content @param {string} passphrase @param {(share: number) => void} onProgress
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export function encrypted(content, passphrase, onProgress) {
  const encrypter = new Encrypter();
  encrypter.addRecipient({
    async wrapFileKey(fileKey) {
      const salt = crypto.getRandomValues(new Uint8Array(16));
      const labelled = new Uint8Array([...new TextEncoder().encode("age-encryption.org/v1/scrypt"), ...salt]);
      const key = await scryptAsync(passphrase, labelled, { ...COST, N: 2 ** AGE_LOG_N, onProgress });
      const body = chacha20poly1305(key, new Uint8Array(12)).encrypt(fileKey); // each key is used once, so a fixed nonce (age v1)
      return [new Stanza(["scrypt", btoa(String.fromCharCode(...salt)).replace(/=+$/, ""), String(AGE_LOG_N)], body)];
    },
  });
  return encrypter.encrypt(content);
}
