import { leftIn, onFrame, unconfirmed } from "../model/boxes.js";

/**
 * Text that stays, as the person chose, in what is about to leave: they are asked once for each such text, whatever it
 * leaves as.
 * @typedef {import("../types.js").Leaving} Leaving
 * @param {import("../types.js").Store} store
 */
export function stayingActions(store) {
  /** What waits for the answer. @type {() => Promise<void>} */
  let goOn = async () => {};

  /**
   * Whether the person is asked first; then `go` comes once they have said yes, and never if they do not. It begins by
   * asking here again: another picture may be on the screen by then.
   * @param {Leaving["as"]} as @param {readonly {id: string}[]} instances @param {Leaving["frameIndex"]} frameIndex @param {() => Promise<void>} go
   */
  function asksFirst(as, instances, frameIndex, go) {
    const ids = unconfirmed(instances, store.get().pixels, frameIndex).map(({ id }) => id);
    if (ids.length === 0) return false;
    goOn = go;
    // The question is about the frame that is on the screen: a clip stops there.
    store.update(({ cine }) => ({ message: null, dialog: "staying", leaving: { as, ids, frameIndex }, cine: { ...cine, playing: false } }));
    return true;
  }

  /** Nothing is awaited before what follows: a browser gives its dialogs and its clipboard to a click alone. */
  async function letStay() {
    store.update(({ leaving, pixels }) => {
      const here = leaving?.ids.flatMap((id) => leftIn(onFrame(pixels.of[id], leaving.frameIndex), pixels)) ?? [];
      return { dialog: null, pixels: { ...pixels, confirmed: new Set([...pixels.confirmed, ...here.map(({ id }) => id)]) } };
    });
    await goOn();
  }

  return { asksFirst, letStay };
}
