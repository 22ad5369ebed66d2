"""What a region removed from an instance leaves, as digests; natively and in the tab's Python.

usage: redactions.py LIST OUT   LIST: JSON of paths; OUT: JSON of path → result, or its refusal
"""

import hashlib
import json
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

ROOT = Path("/machine") if sys.platform == "emscripten" else Path("/")


def redacted(path: str) -> dict[str, Any] | str:
    """Transfer syntax, photometric interpretation, and the stored values of the first frame."""
    from dicom_veil import errors
    from dicom_veil.attributes import text, whole
    from dicom_veil.decode import decode_stored
    from dicom_veil.read import read
    from dicom_veil.redact.redact import redact
    from dicom_veil.redact.region import Region

    try:
        instance = read(BytesIO((ROOT / path.lstrip("/")).read_bytes()))
        rows, columns = (whole(instance.dataset, name) or 0 for name in ("Rows", "Columns"))
        region = Region(columns // 5, rows // 6, columns // 2, rows // 3, 0, 0)
        made = redact(instance, [region]).instance
        stored = decode_stored(made, 0)
    except errors.VeilError as refused:
        return f"{refused.code}: {refused}"
    return {
        "syntax": str(made.transfer_syntax),
        "photometric": text(made.dataset, "PhotometricInterpretation"),
        "values": hashlib.sha256(stored.values.tobytes()).hexdigest(),
        "dtype": str(stored.values.dtype),
    }


def main() -> None:
    listed, out = (ROOT / argument.lstrip("/") for argument in sys.argv[1:3])
    paths: list[str] = json.loads(listed.read_text("utf-8"))
    out.write_text(json.dumps({path: redacted(path) for path in paths}), "utf-8")


if __name__ == "__main__":
    main()
