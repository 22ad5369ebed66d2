"""The models written so that they say the same for less: here, what only rescales is folded.

As they come, each convolution is followed by up to eight passes over all of its output, most by a
single number: times a scale, plus a shift, a hard swish spelled out in four steps, and again times
a scale, plus a shift. Scales and shifts become the convolution's own, the hard swish two steps.
Weights are not computed here: new operations on constants say what they are, and whoever loads the
model works them out once.
"""

from dicom_veil.text import detector, takes
from dicom_veil.text.graph import Graph, Node

NOTE = "Changed by Veil: the operations are fewer, what they work out is the same."
NARROWEST = 320  # columns that the reading model sees
SIX, THREE = 6.0, 3.0  # of a hard swish: x * clip(x + 3, 0, 6) / 6


def leaner(model: str, content: bytes) -> bytes:
    """The file of a model ("detect" or "read") that does the same with less."""
    graph = Graph(content)
    takes.take_bytes(graph, NARROWEST if model == "read" else 0)
    _fold(graph)
    if model == "detect":
        detector.rewrite(graph)
    return graph.content(NOTE)


def _fold(graph: Graph) -> None:
    """Folds whatever stands behind the graph's convolutions."""
    for node in [one for one in graph.nodes if _is_fixed(graph, one)]:
        while (after := _only_user(graph, node.outputs[0])) and _folded(graph, node, after):
            pass
        _swish(graph, node)
    for node in list(graph.nodes):
        _shift_before(graph, node)


def _is_fixed(graph: Graph, node: Node) -> bool:
    """Whether it is a convolution by weights that are always the same."""
    return node.kind == "Conv" and graph.is_fixed(node.inputs[1])


def _only_user(graph: Graph, name: str) -> Node | None:
    users = graph.users(name)
    return users[0] if len(users) == 1 else None


def _by(graph: Graph, node: Node | None, kind: str, name: str) -> float | None:
    """The number that `name` is multiplied by, added to or divided by, if that is what happens."""
    if node is None or node.kind != kind or name not in node.inputs:
        return None
    other = [one for one in node.inputs if one != name]
    if len(other) != 1 or (kind == "Div" and node.inputs[0] != name):
        return None
    return graph.number(other[0])


def _folded(graph: Graph, convolution: Node, after: Node) -> bool:
    """Makes one step by a single number part of the convolution before it."""
    name = convolution.outputs[0]
    if (scale := _by(graph, after, "Mul", name)) is not None:
        _scaled(graph, convolution, scale)
    elif (shift := _by(graph, after, "Add", name)) is not None and len(convolution.inputs) > 2:
        _shifted(graph, convolution, graph.floats([shift], 1))
    else:
        return False
    _skip(graph, after, name)
    return True


def _scaled(graph: Graph, convolution: Node, scale: float) -> None:
    factor, place = graph.floats([scale], 1), graph.nodes.index(convolution)
    for number in range(1, len(convolution.inputs)):
        convolution.inputs[number] = graph.add("Mul", convolution.inputs[number], factor, at=place)
        place += 1


def _shifted(graph: Graph, convolution: Node, shift: str) -> None:
    """Adds a constant, one number or one for each output, to the bias of a convolution."""
    place = graph.nodes.index(convolution)
    convolution.inputs[2] = graph.add("Add", convolution.inputs[2], shift, at=place)


def _skip(graph: Graph, node: Node, name: str) -> None:
    """Takes an operation out; who used what it gave uses `name`."""
    graph.nodes.remove(node)
    graph.replace(node.outputs[0], name)


def _swish(graph: Graph, convolution: Node) -> None:
    """A hard swish behind a convolution, and the scale behind that: s * x is worked out at once."""
    name = convolution.outputs[0]
    steps = _steps(graph, name)
    if steps is None:
        return
    end = steps[-1]
    scaling = _only_user(graph, end.outputs[0])
    scale = _by(graph, scaling, "Mul", end.outputs[0])
    if scaling is not None and scale:
        _scaled(graph, convolution, scale)
        steps, end = [*steps, scaling], scaling
    place = graph.nodes.index(convolution) + 1
    gate = graph.add("HardSigmoid", name, at=place, alpha=1 / (SIX * (scale or 1)), beta=0.5)
    product = graph.add("Mul", name, gate, at=place + 1)
    for step in steps:
        graph.nodes.remove(step)
    graph.replace(end.outputs[0], product)


def _steps(graph: Graph, name: str) -> list[Node] | None:
    """The four steps of a hard swish of `name`, or None where there is none."""
    users = graph.users(name)
    plus = next((one for one in users if _by(graph, one, "Add", name) == THREE), None)
    clip = _only_user(graph, plus.outputs[0]) if plus else None
    if plus is None or clip is None or clip.kind != "Clip" or len(users) != 2:
        return None
    times = _only_user(graph, clip.outputs[0])
    if times is None or times not in users or times.kind != "Mul":
        return None
    over = _only_user(graph, times.outputs[0])
    if [graph.number(one) for one in clip.inputs[1:]] != [0.0, SIX]:
        return None
    if over is None or _by(graph, over, "Div", times.outputs[0]) != SIX:
        return None
    return [plus, clip, times, over]


def _shift_before(graph: Graph, node: Node) -> None:
    """A shift by one number before convolutions of single pixels becomes part of their bias."""
    name = next((one for one in node.inputs if _by(graph, node, "Add", one) is not None), None)
    users = graph.users(node.outputs[0])
    if name is None or not users or not all(
        _is_fixed(graph, one) and len(one.inputs) > 2 and not any(one.ints("pads"))
        for one in users
    ):  # fmt: skip
        return
    shift = graph.floats([_by(graph, node, "Add", name) or 0.0], 1)
    for user in users:
        place = graph.nodes.index(user)
        total = graph.add("ReduceSum", user.inputs[1], at=place, axes=[1, 2, 3], keepdims=0)
        _shifted(graph, user, graph.add("Mul", total, shift, at=place + 1))
    _skip(graph, node, name)
