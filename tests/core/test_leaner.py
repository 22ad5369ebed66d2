"""The leaner models say what the models as they came say."""

import json
import math
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from dicom_veil.text import native
from dicom_veil.text.ask import ModelName
from dicom_veil.text.graph import Graph

onnxruntime = pytest.importorskip("onnxruntime")
CLOSE = {"detect": 1e-6, "read": 2e-5}  # of likelihoods


def session(content: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def multiplications(content: bytes, picture: np.ndarray) -> int:
    """Of all convolutions of one run, as the runtime tells their shapes."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.add_session_config_entry("session.disable_prepacking", "1")  # weights are told, too
    options.enable_profiling = True
    with TemporaryDirectory() as folder:
        options.profile_file_prefix = str(Path(folder) / "run")
        runs = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        runs.run(None, {"x": picture})
        events = json.loads(Path(runs.end_profiling()).read_text())
    total = 0
    for told in (one["args"] for one in events if one.get("cat") == "Node"):
        if told.get("op_name") not in ("Conv", "FusedConv", "ConvTranspose"):
            continue
        picture_in, weights = (next(iter(one.values())) for one in told["input_type_shape"][:2])
        [made] = (next(iter(one.values())) for one in told["output_type_shape"])
        each = picture_in if told["op_name"] == "ConvTranspose" else made
        total += math.prod(each) * math.prod(weights[1:])
    return total


@pytest.mark.parametrize(
    ("name", "sizes"),
    [("detect", [(64, 64), (96, 160), (256, 224)]), ("read", [(48, 48), (48, 320), (48, 488)])],
)
def test_a_leaner_model_says_the_same(name: ModelName, sizes: list[tuple[int, int]]) -> None:
    came, runs = session(native._content(name)), session(native.model(name))
    noise = np.random.default_rng(1)
    for size, channels in product(sizes, (1, 3)):
        picture = noise.integers(0, 256, (1, channels, *size), np.uint8)
        picture[..., 16:32, 8:-8] //= 128  # strong edges
        picture[..., 16:32, 8:-8] *= 255
        color = np.broadcast_to(picture, (1, 3, *size)).astype(np.float32) / 127.5 - 1
        if name == "read":
            color = np.pad(color, ((0, 0), (0, 0), (0, 0), (0, max(0, 320 - size[1]))))
        [before], [after] = came.run(None, {"x": color}), runs.run(None, {"x": picture})
        assert before.shape == after.shape
        assert np.abs(before - after).max() <= CLOSE[name]


@pytest.mark.parametrize("name", ["detect", "read"])
def test_a_leaner_model_has_fewer_operations(name: ModelName) -> None:
    came, runs = Graph(native._content(name)), Graph(native.model(name))
    at_work = [one for one in runs.nodes if not runs.is_fixed(one.outputs[0])]
    passes = [one for one in at_work if one.kind != "Conv"]
    assert len(at_work) < len(came.nodes)
    assert len(passes) < 0.8 * len([one for one in came.nodes if one.kind != "Conv"])
    assert not [one for one in at_work if one.kind in ("Clip", "ConvTranspose")]


def test_the_detecting_model_multiplies_less() -> None:
    came = multiplications(native._content("detect"), np.zeros((1, 3, 256, 224), np.float32))
    runs = multiplications(native.model("detect"), np.zeros((1, 3, 256, 224), np.uint8))
    assert 0 < runs < 0.75 * came


def test_a_graph_is_written_as_it_was_read() -> None:
    """Nothing is lost: what the reading model knows of its characters, too."""
    content = native._content("read")
    same = Graph(Graph(content).content("again"))
    assert [(one.kind, one.inputs, one.outputs, one.attributes) for one in same.nodes] == [
        (one.kind, one.inputs, one.outputs, one.attributes) for one in Graph(content).nodes
    ]
    assert session(same.content("again")).get_modelmeta().custom_metadata_map["character"]
