/** What the page uses of npm's client-zip (pinned in pack/pins.json). */
declare module "client-zip" {
  interface Entry { name: string; lastModified: Date; input: Blob | Uint8Array<ArrayBuffer> }
  export function downloadZip(files: Iterable<Entry> | AsyncIterable<Entry>): Response;
}
