/** A door that is open or shut; those who come while it is shut wait. */
export function createDoor() {
  /** @type {Promise<void> | null} */
  let shut = null;
  let open = () => {};
  return {
    pass: () => shut ?? Promise.resolve(),
    close() {
      shut ??= new Promise((resolve) => (open = resolve));
    },
    open() {
      shut = null;
      open();
    },
  };
}
