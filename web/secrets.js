/**
 * What is made of a passphrase. Nothing here is kept: a passphrase lives as long as the call.
 * Both run scrypt in slices, so that the page stays alive for the second or two that make guessing dear.
 */
import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { scryptAsync } from "@noble/hashes/scrypt.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { Decrypter, Encrypter, Stanza } from "age-encryption";

export const SHORTEST = 12;
/** As in identity.py: the same passphrase gives the same key in a tab and on the command line. */
const SALT = "dicom-veil project key 1";
const COST = { N: 1 << 17, r: 8, p: 1, dkLen: 32, asyncTick: 20 };
/** The work factor of the `age` command itself, and the one beyond which a file would take minutes and gigabytes. */
const AGE_LOG_N = 18;
const MOST_LOG_N = 20;
const LABEL = "age-encryption.org/v1/scrypt";
const AGE = "age-encryption.org/v1\n";
export const KEY_BYTES = 32;

/** @param {string} passphrase @param {(share: number) => void} onProgress @returns {Promise<string>} 32 bytes in hex */
export async function keyFromPassphrase(passphrase, onProgress) {
  const key = await scryptAsync(passphrase.normalize("NFC"), SALT, { ...COST, onProgress });
  return hex(key);
}

/** @param {Uint8Array} content of a key file, at least KEY_BYTES @returns {string} 32 bytes in hex, as `identity_from_file` makes them */
export function keyFromFile(content) {
  return hex(sha256(content));
}

/** @param {Uint8Array} bytes */
export function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Whether a file is one that `age` wrote, by how it begins. @param {Blob} file */
export async function isAge(file) {
  return (await file.slice(0, AGE.length).text()) === AGE;
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
      const key = await ageKey(salt, passphrase, AGE_LOG_N, onProgress);
      const body = chacha20poly1305(key, new Uint8Array(12)).encrypt(fileKey); // each key is used once, so a fixed nonce (age v1)
      return [new Stanza(["scrypt", btoa(String.fromCharCode(...salt)).replace(/=+$/, ""), String(AGE_LOG_N)], body)];
    },
  });
  return encrypter.encrypt(content);
}

/**
 * What an age file holds that a passphrase was set for. Rejects where it is another passphrase's or damaged.
 * @param {Uint8Array} content @param {string} passphrase @param {(share: number) => void} onProgress
 * @returns {Promise<Uint8Array>}
 */
export function decrypted(content, passphrase, onProgress) {
  const decrypter = new Decrypter();
  decrypter.addIdentity({
    async unwrapFileKey(stanzas) {
      const [kind, salt, logN] = stanzas[0].args;
      if (stanzas.length !== 1 || kind !== "scrypt" || !/^\d{1,2}$/.test(logN) || Number(logN) > MOST_LOG_N) return null;
      const key = await ageKey(Uint8Array.from(atob(salt), (char) => char.charCodeAt(0)), passphrase, Number(logN), onProgress);
      try {
        return chacha20poly1305(key, new Uint8Array(12)).decrypt(stanzas[0].body);
      } catch {
        return null; // another passphrase: `decrypt` says that nothing fits
      }
    },
  });
  return decrypter.decrypt(content);
}

/** @param {Uint8Array} salt @param {string} passphrase @param {number} logN @param {(share: number) => void} onProgress */
function ageKey(salt, passphrase, logN, onProgress) {
  return scryptAsync(passphrase, new Uint8Array([...new TextEncoder().encode(LABEL), ...salt]), { ...COST, N: 2 ** logN, onProgress });
}
