/**
 * The look-up on the graphics card: indices go there once as an integer texture, the table with every change.
 * What comes out are the same bits that `paint` makes without it.
 * @typedef {{draw: (frame: import("../types.js").LoadedFrame, table: Uint8Array, stride: number) => OffscreenCanvas | null}} Painter
 */

const VERTEX = `#version 300 es
void main() {
  gl_Position = vec4(vec2(gl_VertexID & 1, gl_VertexID >> 1) * 4.0 - 1.0, 0.0, 1.0);
}`;

const FRAGMENT = `#version 300 es
precision highp float;
precision highp int;
precision highp usampler2D;
uniform usampler2D indices;
uniform usampler2D table;
uniform ivec2 size;
uniform int stride;
out vec4 pixel;
void main() {
  ivec2 at = ivec2(gl_FragCoord.x, float(size.y) - gl_FragCoord.y);
  uint index = texelFetch(indices, at * stride, 0).r;
  uint value = texelFetch(table, ivec2(index & 255u, index >> 8), 0).r;
  pixel = vec4(vec3(float(value) / 255.0), 1.0);
}`;

/** Renderers that are a program and no card: the look-up without them is faster. */
const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;

/** A table is a texture of 256 columns. */
const TABLE_COLUMNS = 256;

/**
 * @returns {Painter | null} null without WebGL2, or where it would be slower than no WebGL at all. One that loses
 * its context draws nothing (null) until the browser gives it back.
 */
export function createGl() {
  const canvas = new OffscreenCanvas(1, 1);
  const gl = canvas.getContext("webgl2", { alpha: false, antialias: false, depth: false, failIfMajorPerformanceCaveat: true });
  if (!gl || SOFTWARE.test(nameOf(gl))) return null;
  const largest = gl.getParameter(gl.MAX_TEXTURE_SIZE);
  let scene = prepare(gl);
  /** @type {import("../types.js").LoadedFrame | null} whose indices are on the card */
  let there = null;
  canvas.addEventListener("webglcontextlost", (event) => {
    event.preventDefault(); // it may come back
    there = null;
  });
  canvas.addEventListener("webglcontextrestored", () => { scene = prepare(gl); });

  /** @type {Painter["draw"]} */
  function draw(frame, table, stride) {
    const { rows, columns } = frame.info;
    if (!scene || gl === null || gl.isContextLost() || Math.max(rows, columns) > largest) return null;
    const [width, height] = [Math.ceil(columns / stride), Math.ceil(rows / stride)];
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    gl.viewport(0, 0, width, height);
    if (there !== frame) upload(gl, 0, columns, rows, frame.values);
    there = frame;
    upload(gl, 1, TABLE_COLUMNS, table.length / TABLE_COLUMNS, table);
    gl.uniform2i(scene.size, width, height);
    gl.uniform1i(scene.stride, stride);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    return gl.isContextLost() || gl.getError() !== gl.NO_ERROR ? null : canvas;
  }
  return { draw };
}

/** @param {WebGL2RenderingContext} gl @returns {string} what draws; "" where the browser doesn't say */
function nameOf(gl) {
  const known = gl.getExtension("WEBGL_debug_renderer_info");
  return String((known && gl.getParameter(known.UNMASKED_RENDERER_WEBGL)) ?? gl.getParameter(gl.RENDERER));
}

/** @param {WebGL2RenderingContext} gl the program and its two textures; null where it can't be made */
function prepare(gl) {
  const program = gl.createProgram();
  for (const [kind, source] of /** @type {const} */ ([[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]])) {
    const shader = gl.createShader(kind);
    if (!shader) return null;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) return null;
  gl.useProgram(program);
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
  for (const [unit, name] of ["indices", "table"].entries()) {
    gl.activeTexture(gl.TEXTURE0 + unit);
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    for (const side of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, side, gl.NEAREST);
    for (const side of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, side, gl.CLAMP_TO_EDGE);
    gl.uniform1i(gl.getUniformLocation(program, name), unit);
  }
  return { size: gl.getUniformLocation(program, "size"), stride: gl.getUniformLocation(program, "stride") };
}

/** @param {WebGL2RenderingContext} gl @param {number} unit @param {number} width @param {number} height @param {Uint8Array | Uint16Array} values */
function upload(gl, unit, width, height, values) {
  const wide = values instanceof Uint16Array;
  gl.activeTexture(gl.TEXTURE0 + unit);
  gl.texImage2D(gl.TEXTURE_2D, 0, wide ? gl.R16UI : gl.R8UI, width, height, 0, gl.RED_INTEGER, wide ? gl.UNSIGNED_SHORT : gl.UNSIGNED_BYTE, values);
}
