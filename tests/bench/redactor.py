"""What presidio-image-redactor removes from DICOM files, the way its documentation uses it.

    python redactor.py FOLDER

Runs in a virtual environment of its own (`others/presidio-image-redactor.txt`). Prints JSON:
`model`, which model of the language found names, and `boxes` by the name of each file as
[left, top, right, bottom]. Its language model comes from no package registry; where it is not
installed (`python -m spacy download en_core_web_lg`), names are known by the header alone.
"""

import json
import sys
from pathlib import Path

import pydicom
import spacy
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import SpacyNlpEngine
from presidio_image_redactor import DicomImageRedactorEngine, ImageAnalyzerEngine

MODEL = "en_core_web_lg"


class Bare(SpacyNlpEngine):
    """English without a model: words, but no names among them."""

    def __init__(self) -> None:
        super().__init__()
        self.nlp = {"en": spacy.blank("en")}

    def load(self) -> None:
        """There is nothing to load."""


def main() -> None:
    known = spacy.util.is_package(MODEL)
    analyzer = None if known else AnalyzerEngine(nlp_engine=Bare(), supported_languages=["en"])
    engine = DicomImageRedactorEngine(ImageAnalyzerEngine(analyzer))
    boxes = {}
    for path in sorted(Path(sys.argv[1]).glob("*.dcm")):
        _, found = engine.redact_and_return_bbox(pydicom.dcmread(path))
        boxes[path.name] = [
            [one["left"], one["top"], one["left"] + one["width"], one["top"] + one["height"]]
            for one in found
        ]
    print(json.dumps({"model": MODEL if known else None, "boxes": boxes}))


if __name__ == "__main__":
    main()
