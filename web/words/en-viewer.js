/** Words of the viewer: how a picture lies on the screen, what is drawn over it, and clips. */

export const viewer = {
  pose: "How the picture lies",
  turn: "Turn clockwise",
  flipAcross: "Flip left and right",
  flipDown: "Flip top and bottom",
  view: "View",
  viewNote: "Zoom, overlays, shape of pixels",
  zoom: "Zoom",
  enlarge: "Larger",
  reduce: "Smaller",
  fit: "Fit",
  /** @param {number} zoom 1 where it fits @param {number} size CSS pixels of the screen for one of the picture */
  zoomed: (zoom, size) => (zoom === 1 ? "" : `zoom ${zoom.toFixed(zoom < 10 ? 1 : 0)}× (${Math.round(size * 100)} %)`),
  overlays: "Overlays of the file",
  square: "Pixels in their true shape",
  smooth: "Smooth between pixels",
  marks: "Directions and ruler",
  smoothNote: "Only the display is smoothed: values and exports are not.",
  /** @param {number} mm */
  ruler: (mm) => (mm >= 10 && mm % 10 === 0 ? `${mm / 10} cm` : `${mm} mm`),
  /** @param {number} mm */
  rulerLabel: (mm) => `Ruler: ${mm} mm`,
  /** Where the distance between pixels comes from, where it is not that in the patient. @type {Record<string, string>} */
  spacings: { ImagerPixelSpacing: "at the detector", NominalScannedPixelSpacing: "as scanned" },
  /** @type {Record<string, string>} */
  sides: { left: "Left side of the screen", right: "Right side of the screen", top: "Top of the screen", bottom: "Bottom of the screen" },
  play: "Play",
  pause: "Pause",
  speed: "Speed of the clip",
  /** @param {number} rate @param {string | null} source the attribute that says it */
  ownRate: (rate, source) => `${short(rate)}/s · ${source ?? "file has no rate"}`,
  /** @param {number} rate */
  rate: (rate) => `${rate}/s`,
  /** @param {number} real @param {number} rate */
  late: (real, rate) => `${short(real)} of ${short(rate)}/s: every frame is shown, but later`,
  /** @param {number} at @param {number} of @param {number} stored */
  frame: (at, of, stored) => (at === stored ? `frame ${at} of ${of}` : `frame ${at} of ${of} (number ${stored} in the file)`),
};

/** @param {number} rate */
function short(rate) {
  return String(Number(rate.toFixed(rate < 10 ? 1 : 0)));
}
