/** What the page uses of npm's age-encryption and @noble (pinned in pack/pins.json). */
declare module "age-encryption" {
  export class Stanza {
    constructor(args: string[], body: Uint8Array);
    readonly args: string[];
    readonly body: Uint8Array;
  }
  export interface Recipient { wrapFileKey(fileKey: Uint8Array): Promise<Stanza[]> }
  /** Gives null where no stanza is its own. */
  export interface Identity { unwrapFileKey(stanzas: Stanza[]): Promise<Uint8Array | null> }
  export class Decrypter {
    addIdentity(identity: Identity): void;
    decrypt(file: Uint8Array): Promise<Uint8Array>;
  }
  export class Encrypter {
    addRecipient(recipient: Recipient): void;
    encrypt(file: Uint8Array): Promise<Uint8Array<ArrayBuffer>>;
  }
}
declare module "@noble/hashes/scrypt.js" {
  interface Cost { N: number; r: number; p: number; dkLen: number; asyncTick?: number; onProgress?: (share: number) => void }
  export function scryptAsync(password: string | Uint8Array, salt: string | Uint8Array, cost: Cost): Promise<Uint8Array>;
}
declare module "@noble/hashes/sha2.js" {
  export function sha256(content: Uint8Array): Uint8Array;
}
declare module "@noble/ciphers/chacha.js" {
  export function chacha20poly1305(key: Uint8Array, nonce: Uint8Array): { encrypt(plain: Uint8Array): Uint8Array; decrypt(sealed: Uint8Array): Uint8Array };
}
