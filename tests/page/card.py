"""WebGL by software, taken for a graphics card, so that it is tried where there is none."""

# Keeps the context, to lose it.
CARD = """
const real = OffscreenCanvas.prototype.getContext;
OffscreenCanvas.prototype.getContext = function (kind, options) {
  const context = real.call(this, kind, options);
  if (kind !== "webgl2" || !context) return context;
  const ask = context.getParameter.bind(context);
  context.getParameter = (name) => (name === 0x9246 || name === 0x1f01 ? "a card" : ask(name));
  globalThis.veilGl = context;
  return context;
};
"""
