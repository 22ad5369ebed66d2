"""Files of every format that Python makes, as digests; runs natively and in the tab's Python alike.

usage: exports.py LIST OUT   LIST: JSON of paths; OUT: JSON of format → digest, of all together
"""

import hashlib
import json
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

ROOT = Path("/machine") if sys.platform == "emscripten" else Path("/")


def exports(paths: list[str]) -> dict[str, str]:
    """Each format of the first frame of each file; in one file where the format holds several."""
    from dicom_veil.export import FORMATS
    from dicom_veil.export.shot import Shot
    from dicom_veil.read import read

    contents = [(ROOT / path.lstrip("/")).read_bytes() for path in paths]
    shots = [Shot(read(BytesIO(content)), 0) for content in contents]
    return {one.name: _digest(one, shots) for one in FORMATS if one.made_by == "core"}


def _digest(form: Any, shots: list[Any]) -> str:
    # How letters are drawn depends on the version of FreeType.
    plain = {"captions": False} if form.name == "contact-sheet" else {}
    settings = form.settings(plain)
    total = hashlib.sha256()
    if form.encode:
        for shot in shots:
            total.update(form.encode(shot, settings))
    else:
        target = BytesIO()
        writer = form.open(target, settings)
        for shot in shots:
            writer.add(shot)
        writer.close()
        total.update(target.getvalue())
    return total.hexdigest()


if __name__ == "__main__":
    result = exports(json.loads((ROOT / sys.argv[1].lstrip("/")).read_text("utf-8")))
    (ROOT / sys.argv[2].lstrip("/")).write_text(json.dumps(result), "utf-8")
