/** What goes wrong, as a value: a code that the page turns into a sentence (`words/`), never text. */
export class VeilError extends Error {
  /**
   * @param {string} code one word of the table of sentences, e.g. "truncated", "worker-died"
   * @param {Record<string, unknown>} [params] numbers, tags, UIDs of the standard, places where something was found
   * @param {string} [message] for developers; never holds a value of a file
   */
  constructor(code, params = {}, message = code) {
    super(message);
    this.name = "VeilError";
    this.code = code;
    this.params = params;
  }
}
