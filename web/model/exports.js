/**
 * What an export will save: which frames, in which files, under which names. Pure.
 * @typedef {import("../types.js").Item} Item
 * @typedef {import("../types.js").Format} Format
 * @typedef {import("../types.js").ExportWish} ExportWish
 * @typedef {{item: Item, frameIndex: number, label: string}} Shot `label` names it to people: numbers, no value of a file
 * @typedef {{name: string, shots: Shot[], rate: number, times: number[] | null}} Output a file, its name without extension;
 *   `times`: where frames do not follow at one rate, when each begins and the last ends, in seconds
 */
import { gapsOf, ownRate } from "./rate.js";
import { order, seriesOf } from "./tree.js";
import { frameAt, framesOf, seriesAround } from "./walk.js";
import { imageName } from "./names.js";

/** Headings in the list of formats, and what stands under each; what is not known here stands among pictures. */
const GROUPS = { moving: ["gif", "mp4", "webm"], documents: ["contact-sheet", "tiff"], research: ["npy", "nifti", "tiff16", "png16"] };

/** @param {string} name of a format @returns {"pictures" | "moving" | "documents" | "research"} */
export function groupOf(name) {
  const found = Object.entries(GROUPS).find(([, names]) => names.includes(name));
  return /** @type {any} */ (found?.[0] ?? "pictures");
}

/** @param {Item} item */
export function canExport(item) {
  return Boolean(item.inspection?.instance.has_pixels) && item.state !== "quarantined";
}

/**
 * The instances that a choice means, in order.
 * @param {readonly Item[]} items @param {string | null} selected @param {ExportWish["what"]} what @returns {Item[]}
 */
export function chosenItems(items, selected, what) {
  if (what === "all") return order(items).filter(canExport);
  const around = seriesAround(items, selected).filter(canExport);
  return what === "series" ? around : around.filter((item) => item.id === selected);
}

/** Which choices differ from the ones before them. @param {readonly Item[]} items @param {string | null} selected @returns {ExportWish["what"][]} */
export function choicesOf(items, selected) {
  /** @type {ExportWish["what"][]} */
  const result = [];
  let last = 0;
  for (const what of /** @type {const} */ (["frame", "instance", "series", "all"])) {
    const count = what === "frame" ? chosenItems(items, selected, "instance").length : frames(chosenItems(items, selected, what));
    if (count > last) result.push(what);
    last = Math.max(last, count);
  }
  return result;
}

/** @param {readonly Item[]} items how many frames they have */
export const frames = (items) => items.reduce((sum, item) => sum + framesOf(item), 0);

/** Whether one file may hold many frames, and whether it may be one. @param {Format} format @param {ExportWish} wish */
export function together(format, wish) {
  return format.scope === "series" || (format.scope === "both" && wish.together);
}

/**
 * The files that come of a wish. Frames go together where the format holds several: those of an instance with many,
 * those of a series of single ones.
 * @param {{items: readonly Item[], selected: string | null, frameIndex: number}} state @param {Format} format @param {ExportWish} wish
 * @returns {Output[]}
 */
export function outputs({ items, selected, frameIndex }, format, wish) {
  const all = order(items);
  const numbers = new Map(all.map((item, i) => [item.id, i + 1]));
  const chosen = chosenItems(items, selected, wish.what);
  const shots = chosen.flatMap((item) => shotsOf(item, numbers.get(item.id) ?? 0));
  const wanted = wish.what === "frame" ? shots.filter((shot) => shot.frameIndex === Math.min(frameIndex, framesOf(shot.item) - 1)) : shots;
  if (!together(format, wish)) return wanted.map((shot) => ({ name: shot.label, shots: [shot], rate: 1, times: null }));
  /** @type {Map<string, Shot[]>} */
  const groups = new Map();
  for (const shot of wanted) {
    const key = framesOf(shot.item) > 1 ? `instance ${shot.item.id}` : `series ${seriesOf(shot.item)}`;
    const group = groups.get(key);
    if (group) group.push(shot);
    else groups.set(key, [shot]);
  }
  return [...groups.values()].map((group) => ({ name: nameOf(group), shots: group, ...paceOf(group, wish) }));
}

/** What is in some files: which instances, and of which frame if it is one picture. @param {readonly Output[]} files @returns {{instances: Item[], frameIndex: number | null}} */
export function shownIn(files) {
  const shots = files.flatMap((file) => file.shots);
  return { instances: [...new Set(shots.map(({ item }) => item))], frameIndex: shots.length === 1 ? shots[0].frameIndex : null };
}

/** @param {Shot[]} group */
function nameOf(group) {
  const [first, last] = [group[0], group[group.length - 1]];
  if (group.length === 1) return first.label;
  return first.item === last.item ? first.label.replace(/-frame-\d+$/, "") : `${first.label}-to-${last.label.replace("IMG-", "")}`;
}

/**
 * As chosen, else the file's own, else the usual rate. Where a frame time vector is uneven (PS3.3 C.7.6.5), every frame
 * has its own time; the last one stays as long as the one before.
 * @param {Shot[]} group @param {ExportWish} wish @returns {{rate: number, times: number[] | null}}
 */
function paceOf(group, wish) {
  const [{ item }] = group;
  const { rate, times } = ownRate(item);
  if (wish.options.rate) return { rate: Number(wish.options.rate), times: null };
  const inOrder = group.every(({ item: one, frameIndex }, at) => one === item && frameIndex === at);
  if (!times || !inOrder || times.length !== group.length) return { rate, times: null };
  const gaps = gapsOf(times);
  if (new Set(gaps).size < 2 || Math.min(...gaps) <= 0) return { rate, times: null };
  return { rate, times: [...times, times[times.length - 1] + gaps[gaps.length - 1]].map((time) => time / 1000) };
}

/** @param {Item} item @param {number} number @returns {Shot[]} its frames as they belong */
function shotsOf(item, number) {
  const count = framesOf(item);
  const digits = String(count).length;
  return Array.from({ length: count }, (_, at) => ({
    item,
    frameIndex: frameAt(item, at),
    label: count > 1 ? `${imageName(number)}-frame-${String(at + 1).padStart(digits, "0")}` : imageName(number),
  }));
}

/**
 * The window of one frame: null is the file's own. What is on the screen holds for its series as far as it is numbers.
 * @param {{shown: import("../types.js").Shown | null, looks: Readonly<Record<string, import("../types.js").Look>>, about: import("../types.js").About | null}} state
 * @param {Item} item @param {number} frameIndex @param {string} wish "screen", "own", or a preset's name
 * @returns {{window: import("../types.js").Window | null, invert: boolean}}
 */
export function windowFor({ shown, looks, about }, item, frameIndex, wish) {
  const look = looks[seriesOf(item)];
  const preset = (/** @type {string} */ name) => {
    const found = about?.presets.find((one) => one.name === name);
    return found ? { center: found.center, width: found.width, function: "LINEAR", explanation: found.label, source: "preset" } : null;
  };
  if (wish === "own") return { window: null, invert: false };
  if (wish !== "screen") return { window: item.inspection?.series.modality === "CT" ? preset(wish) : null, invert: false };
  const invert = look?.invert ?? false;
  if (shown?.id === item.id && shown.frameIndex === frameIndex) return { window: shown.window ?? null, invert };
  const { choice = { kind: "default" } } = look ?? {};
  if (choice.kind === "preset") return { window: preset(choice.name), invert };
  if (choice.kind === "person") return { window: { center: choice.center, width: choice.width, function: choice.function, explanation: "", source: "person" }, invert };
  const same = choice.kind === "listed" && shown?.series === seriesOf(item);
  return { window: same ? shown.window ?? null : null, invert };
}

/** The options with what the format knows nothing of left out. @param {Format} format @param {ExportWish} wish */
export function optionsFor(format, wish) {
  return Object.fromEntries(format.options.map(({ name, default: usual }) => [name, wish.options[name] ?? usual]));
}
