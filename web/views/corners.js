import { day, personName } from "./row.js";

/** What viewers show in which corner: each line, its attributes. */
const LINES = {
  tl: [["PatientName"], ["PatientID"], ["PatientBirthDate", "PatientSex", "PatientAge"], ["OtherPatientIDs"]],
  tr: [["InstitutionName"], ["StudyDate", "StudyTime"], ["StudyDescription"], ["AccessionNumber"], ["ReferringPhysicianName"]],
  bl: [["Modality", "SeriesNumber", "SeriesDescription"], ["ProtocolName"], ["SeriesDate", "AcquisitionTime"]],
  br: [["Manufacturer", "ManufacturerModelName"], ["StationName", "DeviceSerialNumber"], ["OperatorsName"], ["PerformingPhysicianName"]],
};

/**
 * The header's values as they stand in a viewer's four corners. Pure.
 * @param {readonly import("../types.js").TagRow[]} rows @param {"original" | "result"} side
 * @returns {Record<"tl" | "tr" | "bl" | "br", string>}
 */
export function headerCorners(rows, side) {
  const top = new Map(rows.filter((row) => row.depth === 0 && row.vr !== "").map((row) => [row.keyword, row]));
  const said = (/** @type {string} */ keyword) => {
    const row = top.get(keyword);
    return row ? written(row.vr, side === "original" ? row.value : row.result) : "";
  };
  const corner = (/** @type {string[][]} */ lines) => lines.map((line) => line.map(said).filter(Boolean).join("  ")).filter(Boolean).join("\n");
  return { tl: corner(LINES.tl), tr: corner(LINES.tr), bl: corner(LINES.bl), br: corner(LINES.br) };
}

/** @param {string} vr @param {string} value as people write it */
function written(vr, value) {
  if (vr === "PN") return personName(value);
  if (vr === "DA") return day(value);
  return vr === "TM" ? value.replace(/^(\d\d)(\d\d)(\d\d)?.*$/, (_, hours, minutes, seconds) => [hours, minutes, seconds].filter(Boolean).join(":")) : value;
}
