/** Elements without a framework. Text always goes in as text, so no value of a file is ever parsed as markup. */

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, unknown>} [attributes] `onclick` and the like are listeners; false and null are left out
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else set(element, name, value);
  }
  fill(element, children);
  return element;
}

/**
 * Sets, or takes away (false, null, undefined), one attribute; does nothing when it is right already.
 * @param {Element} element @param {string} name @param {unknown} value
 */
export function set(element, name, value) {
  if (value === false || value === null || value === undefined) element.removeAttribute(name);
  else if (element.getAttribute(name) !== (value === true ? "" : String(value))) {
    element.setAttribute(name, value === true ? "" : String(value));
  }
}

/** @param {Element} element @param {readonly (Node | string | null | undefined | false)[]} children */
export function fill(element, children) {
  element.replaceChildren(...children.filter((child) => child !== null && child !== undefined && child !== false));
}

/** @param {Node} element @param {string} value writes only what differs, so live regions don't speak twice */
export function text(element, value) {
  if (element.textContent !== value) element.textContent = value;
}

const SVG = "http://www.w3.org/2000/svg";
/** Line drawings on a 16 by 16 grid. */
const ICONS = {
  add: "M8 3v10M3 8h10",
  alert: "M8 2.2 14.2 13H1.8zM8 6.5v3M8 11.2v.1",
  check: "M3.2 8.6 6.4 12 13 4.6",
  chevron: "M6 4l4 4-4 4",
  close: "M4 4l8 8M12 4l-8 8",
  contrast: "M8 2a6 6 0 1 0 0 12zM8 2a6 6 0 0 1 0 12",
  copy: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
  download: "M8 2.5v7.5M4.8 7 8 10.2 11.2 7M3 13.2h10",
  enlarge: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.3 10.3l3.4 3.4M5 7h4M7 5v4",
  flipAcross: "M8 2v12M6 4.5 2 12h4zM10 4.5 14 12h-4z",
  flipDown: "M2 8h12M4.5 6 12 2v4zM4.5 10 12 14v-4z",
  invert: "M2.5 2.5h11v11h-11zM2.5 13.5l11-11M8 8v5.5M10.7 5.3v8.2M5.3 10.7v2.8",
  lock: "M3.5 7.2h9v6.3h-9zM5.2 7V5a2.8 2.8 0 0 1 5.6 0v2",
  layers: "M8 2 14 5 8 8 2 5zM2 8.2l6 3 6-3M2 11.2l6 3 6-3",
  less: "M3.5 8h9",
  pause: "M5 3v10M11 3v10",
  play: "M4.5 3v10l8-5z",
  redo: "M13 6H6.5a3.5 3.5 0 0 0 0 7H9M10 3l3 3-3 3",
  reset: "M3.2 8a4.8 4.8 0 1 0 1.6-3.6M4.6 1.8v2.8h2.8",
  sliders: "M2.5 5h5M11 5h2.5M2.5 11h2M8 11h5.5M9.2 3.2a1.8 1.8 0 1 0 .01 0zM6.2 9.2a1.8 1.8 0 1 0 .01 0z",
  turn: "M2.5 7.5h6.5v6H2.5zM6 4.2a6.4 6.4 0 0 1 6.6 6M10.4 8.4l2.2 2.2 2-2.4",
  undo: "M3 6h6.5a3.5 3.5 0 0 1 0 7H7M6 3 3 6l3 3",
  user: "M8 8a2.6 2.6 0 1 0 0-5.2A2.6 2.6 0 0 0 8 8zM3 13.6c.5-2.6 2.5-3.8 5-3.8s4.5 1.2 5 3.8",
};

/** @param {keyof typeof ICONS} name an ornament: what it means is said in words beside it or in the label */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  for (const [key, value] of [["viewBox", "0 0 16 16"], ["class", "icon"], ["aria-hidden", "true"]]) svg.setAttribute(key, value);
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}
