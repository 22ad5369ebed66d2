/**
 * How a picture lies on the screen. Pure: a pose is a value, a box and an offset are CSS pixels, y points down.
 * @typedef {import("../types.js").Pose} Pose
 * @typedef {{rows: number, columns: number, pixel_aspect: [number, number]}} Info vertical and horizontal size of a pixel
 * @typedef {{width: number, height: number}} Box
 */

/** @type {Pose} */
export const DEFAULT_POSE = { mirror: false, turn: 0, zoom: 1, x: 0, y: 0 };

const LEAST_ZOOM = 0.1;
const MOST_ZOOM = 64;

/** @param {Pose} pose a quarter turn clockwise about the middle of the screen @returns {Pose} */
export function turned(pose) {
  return { ...pose, turn: /** @type {Pose["turn"]} */ ((pose.turn + 90) % 360), x: -pose.y, y: pose.x };
}

/** @param {Pose} pose left and right of the screen change places @returns {Pose} */
export function flippedAcross(pose) {
  return { ...pose, mirror: !pose.mirror, turn: /** @type {Pose["turn"]} */ ((360 - pose.turn) % 360), x: -pose.x };
}

/** @param {Pose} pose top and bottom of the screen change places: a flip across and half a turn @returns {Pose} */
export function flippedDown(pose) {
  return turned(turned(flippedAcross(pose)));
}

/**
 * Enlarged by a factor; what is at `at` stays there.
 * @param {Pose} pose @param {number} factor @param {number} scale CSS pixels per pixel at zoom 1
 * @param {{x: number, y: number}} [at] from the middle of the screen @returns {Pose}
 */
export function zoomed(pose, factor, scale, at = { x: 0, y: 0 }) {
  const zoom = Math.min(MOST_ZOOM, Math.max(LEAST_ZOOM, pose.zoom * factor));
  const change = 1 / (scale * zoom) - 1 / (scale * pose.zoom);
  return { ...pose, zoom, x: pose.x + at.x * change, y: pose.y + at.y * change };
}

/** @param {Pose} pose @param {number} dx CSS pixels @param {number} dy @param {number} scale as above @returns {Pose} */
export function moved(pose, dx, dy, scale) {
  return { ...pose, x: pose.x + dx / (scale * pose.zoom), y: pose.y + dy / (scale * pose.zoom) };
}

/** The size of a picture in units in which its pixels are square, unless they shall not be. @param {Info} info @param {boolean} square */
export function shape({ rows, columns, pixel_aspect: [vertical, horizontal] }, square) {
  const least = Math.min(vertical, horizontal);
  return square ? { width: (columns * horizontal) / least, height: (rows * vertical) / least } : { width: columns, height: rows };
}

/** CSS pixels per unit at which a picture, as it is turned, just fits. @param {Box} size its shape @param {Box} box @param {Pose} pose */
export function fitting(size, box, { turn }) {
  const [width, height] = turn % 180 ? [size.height, size.width] : [size.width, size.height];
  return Math.min(box.width / width, box.height / height);
}

/**
 * The pixel of the picture at a place of the screen; may lie outside of it.
 * @param {{x: number, y: number}} at from the middle of the screen @param {Pose} pose @param {number} scale
 * @param {Info} info @param {boolean} square
 */
export function pixelAt(at, pose, scale, info, square) {
  const size = shape(info, square);
  const unit = scale * pose.zoom;
  const [x, y] = back(at.x / unit - pose.x, at.y / unit - pose.y, pose.turn);
  return {
    column: Math.floor(((pose.mirror ? -x : x) / size.width + 0.5) * info.columns),
    row: Math.floor((y / size.height + 0.5) * info.rows),
  };
}

/**
 * Where a box of the picture lies on the screen, CSS pixels from its middle: upright whatever the turn.
 * @param {import("../types.js").Box} box @param {Pose} pose @param {number} scale @param {Info} info @param {boolean} square
 * @returns {{x: number, y: number, width: number, height: number}}
 */
export function screenBox(box, pose, scale, info, square) {
  const size = shape(info, square);
  const unit = scale * pose.zoom;
  const corners = [[box.left, box.top], [box.right, box.bottom]].map(([column, row]) => {
    const across = (column / info.columns - 0.5) * size.width * (pose.mirror ? -1 : 1);
    const [x, y] = forth(across, (row / info.rows - 0.5) * size.height, pose.turn);
    return [(x + pose.x) * unit, (y + pose.y) * unit];
  });
  const [[ax, ay], [bx, by]] = corners;
  return { x: Math.min(ax, bx), y: Math.min(ay, by), width: Math.abs(ax - bx), height: Math.abs(ay - by) };
}

/** A step on the screen, in the picture. @param {number} dx @param {number} dy @param {Pose} pose @returns {[number, number]} */
export function inPicture(dx, dy, { turn, mirror }) {
  const [x, y] = back(dx, dy, turn);
  return [mirror ? -x : x, y];
}

/** @param {number} x @param {number} y @param {Pose["turn"]} turn @returns {[number, number]} */
function forth(x, y, turn) {
  return back(x, y, /** @type {Pose["turn"]} */ ((360 - turn) % 360));
}

/** @param {number} x @param {number} y @param {Pose["turn"]} turn to be undone @returns {[number, number]} */
function back(x, y, turn) {
  if (turn === 90) return [y, -x];
  if (turn === 180) return [-x, -y];
  return turn === 270 ? [-y, x] : [x, y];
}

/** Where the four sides of the screen point to. @param {import("../types.js").Sides} sides of the picture as stored @param {Pose} pose @returns {import("../types.js").Sides} */
export function posedSides({ left, right, top, bottom }, { mirror, turn }) {
  let around = mirror ? [top, left, bottom, right] : [top, right, bottom, left]; // clockwise from the top
  for (let i = 0; i < turn / 90; i++) around = [around[3], ...around.slice(0, 3)];
  return { top: around[0], right: around[1], bottom: around[2], left: around[3] };
}

/** @param {Pose} pose as CSS says it, for an element that is centred on the screen @param {number} scale */
export function transformOf({ mirror, turn, zoom, x, y }, scale) {
  return `translate(${x * scale * zoom}px, ${y * scale * zoom}px) rotate(${turn}deg) scaleX(${mirror ? -1 : 1})`;
}
