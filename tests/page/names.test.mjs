import assert from "node:assert/strict";
import { test } from "node:test";
import { besideName } from "../../web/model/names.js";

test("a picture is called like its result, with the number of its frame where there are several", () => {
  assert.equal(besideName("SUBJ-1/STUDY-1/SERIES-2/IMG-00003.dcm", 1, 0), "PICTURES/SUBJ-1/STUDY-1/SERIES-2/IMG-00003.png");
  assert.equal(besideName("SUBJ-1/STUDY-1/SERIES-2/IMG-00003.dcm", 120, 8), "PICTURES/SUBJ-1/STUDY-1/SERIES-2/IMG-00003-frame-009.png");
  assert.equal(besideName("ABCDEFGH/STUDY001/SER00001/IM000001", 10, 9), "PICTURES/ABCDEFGH/STUDY001/SER00001/IM000001-frame-10.png");
});
