"""What every frame decodes to, as digests; runs natively and in the tab's Python alike.

usage: digests.py LIST OUT   LIST: JSON of paths; OUT: JSON of path → frames, or what was refused
"""

import hashlib
import json
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

SMALL = 8192  # up to so many samples the values themselves are told
ROOT = Path("/machine") if sys.platform == "emscripten" else Path("/")


def digests(path: str) -> list[dict[str, Any]] | str:
    """First, middle and last frame of a file; a refusal of the file as its code and sentence."""
    from dicom_veil import errors
    from dicom_veil.decode.image_pixel import frame_count
    from dicom_veil.read import read

    try:
        instance = read(BytesIO((ROOT / path.lstrip("/")).read_bytes()))
        count = frame_count(instance.dataset)
    except errors.VeilError as refused:
        return f"{refused.code}: {refused}"
    chosen = sorted({0, count // 2, count - 1})
    return [_frame(instance, index) for index in chosen]


def _frame(instance: Any, index: int) -> dict[str, Any]:
    """Stored values, photometric interpretation, notes and the 8-bit pictures of one frame.

    `picture` as on the screen, `drawn` with overlays, square and even, `told` what the page gets.
    """
    from dicom_veil import errors
    from dicom_veil.decode import decode_stored
    from dicom_veil.picture import drawn, rendered
    from dicom_veil.screen import frame_message
    from dicom_veil.shown import Shown

    found: dict[str, Any] = {"frame": index}
    try:
        stored = decode_stored(instance, index)
        found |= {
            "shape": stored.values.shape,
            "dtype": stored.values.dtype.str,
            "stored": hashlib.sha256(stored.values.tobytes()).hexdigest(),
            "photometric": stored.photometric,
            "notes": stored.notes,
        }
        if stored.values.size <= SMALL:
            found["values"] = stored.values.tolist()
        shown = Shown(instance, index)
        found["picture"] = hashlib.sha256(rendered(shown).tobytes()).hexdigest()
        seen = drawn(shown, overlays=True, even=True)
        found["drawn"] = hashlib.sha256(seen.tobytes()).hexdigest()
        found["told"] = frame_message(shown)[0]
    except errors.VeilError as refused:
        found["refused"] = f"{refused.code}: {refused}"
    return found


if __name__ == "__main__":
    paths = json.loads((ROOT / sys.argv[1].lstrip("/")).read_text("utf-8"))
    result = {path: digests(path) for path in paths}
    (ROOT / sys.argv[2].lstrip("/")).write_text(json.dumps(result), "utf-8")
