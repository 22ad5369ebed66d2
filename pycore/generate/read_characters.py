"""Makes `data/read_characters.txt`: what the outputs of the reading model stand for, one a line.

They are written inside the model itself (PP-OCRv4, Apache-2.0, metadata `character`), which the
runtime of the tab does not give out. Needs the extra `dicom-veil[text]`.

    python pycore/generate/read_characters.py
"""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from dicom_veil.text.native import characters_of_model  # noqa: E402

TARGET = HERE.parent / "dicom_veil" / "data" / "read_characters.txt"


def main() -> None:
    TARGET.write_text("\n".join(characters_of_model()) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
