/** What the page uses of npm's client-zip; the build puts the module itself here. */
interface Entry { name: string; lastModified: Date; input: Blob }
export declare function downloadZip(files: Iterable<Entry>): Response;
