"""The beginning of both models, so that they take pictures as they are: bytes, gray or RGB.

As they come, they take 32-bit floats from -1 to 1 in three channels, of a gray picture three times
the same: twelve times as much to make, to send and to work on. What 0 to 255 is scaled by becomes
part of the first convolution's weights, and for a gray picture these are added up.
"""

from dicom_veil.text.graph import Graph

PICTURE = "x"
MIDDLE = 127.5  # is 0 to the model, and so far away is 1
FLOAT, BYTE = 1, 2  # types of a tensor
TINY = 1e-5  # of a normalisation


def normal(graph: Graph, name: str) -> tuple[str, str]:
    """A normalisation, by its name, as a factor and what is added, for each channel."""
    scale, shift, mean, variance = (f"{name}.{one}" for one in ("w_0", "b_0", "w_1", "w_2"))
    spread = graph.add("Sqrt", graph.add("Add", variance, graph.floats([TINY], 1)))
    factor = graph.add("Div", scale, spread)
    return factor, graph.add("Sub", shift, graph.add("Mul", mean, factor))


def take_bytes(graph: Graph, narrowest: int = 0) -> None:
    """Changes what the model takes: (1, 1 or 3, rows, columns).

    Less than `narrowest` columns are filled up with what is neither dark nor bright.
    """
    [convolution] = graph.users(PICTURE)
    [after] = graph.users(convolution.outputs[0])
    _, weights, *_ = convolution.inputs
    before, graph.nodes = graph.nodes, []
    shape = graph.add("Shape", PICTURE)
    level = graph.add("Sub", graph.add("Cast", PICTURE, to=FLOAT), graph.floats([MIDDLE], 1))
    if narrowest:
        level = _filled(graph, level, _side(graph, shape, 3), narrowest)
    factor, bias = normal(graph, after.inputs[1].removesuffix(".w_0"))
    factor = graph.add("Mul", factor, graph.floats([1 / MIDDLE], 1))
    weights = graph.add("Mul", weights, graph.add("Reshape", factor, graph.whole(-1, 1, 1, 1)))
    sides = (graph.whole(0), _side(graph, shape, 1), graph.whole(-1, 3, 3))
    split = graph.add("Reshape", weights, graph.add("Concat", *sides, axis=0))
    own = graph.add("ReduceSum", split, axes=[2], keepdims=0)
    convolution.inputs[:] = [level, own, bias]
    graph.nodes += before
    graph.nodes.remove(after)
    graph.replace(after.outputs[0], convolution.outputs[0])
    graph.takes(PICTURE, BYTE, (1, "channels", "rows", "columns"))


def _side(graph: Graph, shape: str, axis: int) -> str:
    return graph.add("Slice", shape, graph.whole(axis), graph.whole(axis + 1))


def _filled(graph: Graph, picture: str, columns: str, narrowest: int) -> str:
    missing = graph.add("Sub", graph.whole(narrowest), columns)
    missing = graph.add("Max", missing, graph.whole(0))
    pads = graph.add("Concat", graph.whole(*[0] * 7), missing, axis=0)
    return graph.add("Pad", picture, pads, mode="constant")
