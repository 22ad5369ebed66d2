"""Runs the models on onnxruntime (the extra `dicom-veil[text]`)."""

import hashlib
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from dicom_veil import errors
from dicom_veil.text.ask import Ask, ModelName, Tensor
from dicom_veil.text.leaner import leaner
from dicom_veil.text.read import characters

# The models are files of this package; none of its code is run.
CARRIER = "rapidocr_onnxruntime"
MODELS: dict[ModelName, tuple[str, str]] = {
    "detect": (
        "ch_PP-OCRv4_det_infer.onnx",
        "d2a7720d45a54257208b1e13e36a8479894cb74155a5efe29462512d42f49da9",
    ),
    "read": (
        "ch_PP-OCRv4_rec_infer.onnx",
        "48fc40f24f6d2a207a2b1091d3437eb3cc3eb6b676dc3ef9c37384005483683b",
    ),
}


def runner() -> tuple[Callable[[Ask], Tensor], tuple[str, ...]]:
    """What runs an `Ask`, and the characters that the reading model knows.

    Raises `Unsupported` where the runtime or a model is missing or another than expected.
    """
    sessions = {name: _session(name) for name in MODELS}

    def run(ask: Ask) -> Tensor:
        output: Tensor = sessions[ask.model].run(None, {"x": ask.tensor})[0]
        return output

    return run, characters()


def characters_of_model() -> list[str]:
    """The characters by the reading model itself."""
    metadata: dict[str, str] = _session("read").get_modelmeta().custom_metadata_map
    return metadata["character"].split("\n")


@cache
def _session(name: ModelName) -> Any:
    try:
        import onnxruntime
    except ImportError:
        raise errors.Unsupported("Text in pixels needs: pip install dicom-veil[text]") from None
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(model(name), options, providers=["CPUExecutionProvider"])


def model(name: ModelName) -> bytes:
    """The file of a model as it is run, here and in the tab."""
    return leaner(name, _content(name))


def _content(name: ModelName) -> bytes:
    spec = find_spec(CARRIER)
    file, digest = MODELS[name]
    folders = spec.submodule_search_locations if spec else None
    if not folders:
        raise errors.Unsupported("Text in pixels needs: pip install dicom-veil[text]")
    path = Path(folders[0]) / "models" / file
    if not path.is_file():
        raise errors.Unsupported(f"The model {file} is missing: install dicom-veil[text] again.")
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != digest:
        raise errors.Unsupported(f"The model {file} is another than the one that was tried.")
    return content
