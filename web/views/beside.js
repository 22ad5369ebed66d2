import { fill, h, set, text } from "../dom.js";
import { changedOf } from "../model/audit.js";
import { framesOf, placeOfFrame } from "../model/walk.js";
import { watch } from "../watch.js";
import { words } from "../words/words.js";
import { mountPane } from "./pane.js";
import { slider } from "./strip.js";

/** Rows that are listed at once; an enhanced image has tens of thousands. */
const LISTED = 400;

/** An original and its result as it was written, side by side: pictures and attributes. @type {import("../types.js").Mount} */
export function mountBeside(root, context) {
  const { store, actions } = context;
  const say = words.audit;
  const [left, right] = [h("div", { class: "view" }), h("div", { class: "view" })];
  const frame = slider("beside-frame", say.frame, (value) => {
    const item = itemOf(store.get());
    if (item) actions.stepFrame(value - 1 - placeOfFrame(item, store.get().frameIndex));
  });
  const pictures = h("div", { class: "beside-pictures" }, left, right);
  const all = filter("all", true);
  const changed = filter("changed", false);
  const count = h("small", { role: "status", "data-testid": "beside-count" });
  const body = h("tbody", {});
  const more = h("button", { type: "button", class: "plain small", onclick: () => list(store.get(), (listed += LISTED)) });
  const trouble = h("p", { class: "card warning", "data-risk": true, "data-testid": "beside-trouble" });
  const table = h("div", { class: "beside-rows", tabindex: 0, role: "region", "aria-label": say.attributes, "data-scrolls": true },
    h("table", { class: "list-table", "data-testid": "beside-rows" }, h("thead", {}, h("tr", {}, ...Object.values(say.columns).map((name) => h("th", { scope: "col" }, name)))), body), more);
  fill(root, [pictures, frame.element, trouble, h("div", { class: "beside-head" }, h("h3", {}, say.attributes), count, h("span", { class: "space" }), h("div", { class: "segment words" }, all, changed)), table]);
  let listed = LISTED;

  /** @param {"all" | "changed"} name @param {boolean} value */
  function filter(name, value) {
    return h("button", { type: "button", "data-testid": `beside-${name}`, onclick: () => { listed = LISTED; actions.tellAudit({ all: value }); } }, say.filter[name]);
  }

  /** @param {import("../types.js").State} state @returns {import("./pane.js").Pictured} */
  function original({ shown, frameIndex, items, ...state }) {
    const item = itemOf({ ...state, items });
    if (!item?.inspection?.instance.has_pixels) return { stale: false, quiet: item ? say.noPicture : "" };
    if (item.pictureTrouble) return { stale: false, trouble: words.trouble(item.pictureTrouble) };
    if (shown?.id !== item.id) return { stale: true, quiet: words.picture.loading };
    const { frame: one, table: lut, overlay } = shown;
    return { frame: one, table: lut, overlay, key: `${state.audit?.at}/${shown.frameIndex}`, stale: shown.frameIndex !== frameIndex };
  }

  /** @param {import("../types.js").State} state @returns {import("./pane.js").Pictured} */
  function result({ audit, frameIndex }) {
    const beside = audit?.beside?.number === audit?.at ? audit?.beside : null;
    if (!beside) return { stale: true, quiet: say.loading };
    const why = beside.trouble ?? beside.pictureTrouble;
    if (why) return { stale: false, trouble: words.trouble(why) };
    if (!beside.frame) return { stale: false, quiet: say.noPicture };
    const { frame: one, table: lut, overlay } = beside;
    return { frame: one, table: lut, overlay, key: `${beside.number}/${beside.frameIndex}`, stale: beside.frameIndex !== frameIndex };
  }

  /** @param {import("../types.js").State} state @param {number} most */
  function list({ audit }, most) {
    const rows = audit?.beside?.number === audit?.at ? audit?.beside?.rows ?? [] : [];
    const wanted = audit?.all ? rows : changedOf(rows);
    fill(body, wanted.slice(0, most).map(rowOf));
    text(count, rows.length ? words.tags.count(wanted.length, rows.length) : "");
    more.hidden = wanted.length <= most;
    text(more, say.more(Math.min(LISTED, wanted.length - most)));
  }

  const panes = [
    mountPane(left, context, { name: say.original, hook: "beside-original", of: original }),
    mountPane(right, context, { name: say.result, hook: "beside-result", of: result }),
  ];
  const leave = [
    ...panes.map(({ stop }) => stop),
    watch(store, (s) => [s.audit?.beside?.rows, s.audit?.at, s.audit?.all], (state) => {
      listed = LISTED;
      list(state, listed);
      set(all, "aria-pressed", String(state.audit?.all ?? true));
      set(changed, "aria-pressed", String(!(state.audit?.all ?? true)));
      table.scrollTop = 0;
    }),
    watch(store, (s) => [s.audit?.beside, s.audit?.at, s.frameIndex, s.items], (state) => {
      const { audit, frameIndex } = state;
      const item = itemOf(state);
      const beside = audit?.beside?.number === audit?.at ? audit?.beside : null;
      pictures.hidden = Boolean(item && !item.inspection?.instance.has_pixels);
      frame.show(placeOfFrame(item, Math.min(frameIndex, framesOf(item) - 1)) + 1, framesOf(item));
      panes[1].named(beside?.from ? `${say.result} · ${say.from[beside.from]}` : say.result);
      trouble.hidden = !beside?.trouble;
      text(trouble, beside?.trouble ? words.trouble(beside.trouble) : "");
    }),
  ];
  return () => leave.forEach((one) => one());
}

/** @param {Pick<import("../types.js").State, "audit" | "items">} state the original that is looked at */
function itemOf({ audit, items }) {
  const id = audit?.ids.get(audit.at ?? -1);
  return items.find((one) => one.id === id);
}

/** @param {import("../types.js").TagRow} row */
function rowOf({ path, depth, name, keyword, tag, vr, value, result }) {
  const said = vr === "" ? `${words.audit.item} ${/\[(\d+)\]$/.exec(path)?.[1] ?? ""}` : name || keyword || tag;
  const head = h("th", { scope: "row", title: path }, said, vr === "" ? null : h("small", {}, ` ${tag}`));
  head.style.paddingLeft = `${depth * 14}px`;
  const change = vr === "" || value === result ? null : result === "" ? "gone" : value === "" ? "new" : "changed";
  return h("tr", { "data-path": path, "data-change": change }, head, h("td", {}, value), h("td", {}, change === "gone" ? h("i", {}, words.audit.gone) : result));
}
