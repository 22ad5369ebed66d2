/** Items as the page holds them after `inspect`. All people are invented. */
export function item(id, { patient = "A", study = "1", date = "20240101", series = "1", seriesNumber = "1", number = 1, frames = 1, pixels = true, state = "ready" } = {}) {
  return {
    id,
    state,
    file: { name: `${id}.dcm` },
    inspection: {
      patient: { name: patient, id: patient, birth_date: "", sex: "", pseudonym: `SUBJ-${patient}` },
      study: { uid: `study-${patient}-${study}`, date, description: "", accession: "" },
      series: { uid: `series-${patient}-${study}-${series}`, number: seriesNumber, modality: "CT", description: "" },
      instance: { number, frames, has_pixels: pixels },
      counts: { identifying: 0, private: 0, uids: 0 },
      identifying: [], notes: [], risks: [],
    },
  };
}

export const unread = (id, state = "queued") => ({ id, state, file: { name: `${id}.dcm` } });
export const ids = (items) => items.map(({ id }) => id);
