"""The second half of the detection model, written anew so that it works out the same with less.

The model sees a picture at four sizes (a half to a sixteenth of what it starts with), brings each
to 96 channels, adds the coarser one, twice as large, smooths, and joins all four. As it comes,
half of its work is on pictures that were only made larger, or of channels that are mixtures of
fewer. What is done here instead, each to the last bit of rounding:

- Twelve channels that were mixed to 96 and then smoothed are smoothed at once, by the product of
  both weights. The model's gates, a factor for each channel, become part of the weights, too.
- Smoothing a picture that was made twice as large gives four pictures of its own size, by weights
  of 2 x 2: those of the rows and columns that are the same pixel, added up. They are interleaved.
- So the end of the model, which makes each pixel sixteen, works on these four pictures; all is
  interleaved once.
"""

from dataclasses import dataclass

from dicom_veil.text.graph import Graph
from dicom_veil.text.takes import normal

OUTPUT = "sigmoid_0.tmp_0"
# The numbers of the model's convolutions for each size, the finest first.
LATERAL, WIDER, SMOOTHER = (131, 132, 133, 134), (135, 141, 147, 153), (138, 144, 150, 156)
LAST, NORMAL = 159, ("batch_norm_0", "batch_norm_1")
WIDE, NARROW = 96, 24  # channels of a size, and of a size that was smoothed
STEEP, MIDDLE = 0.2, 0.5  # of a gate
PHASES = tuple((down, across) for down in (0, 1) for across in (0, 1))
# Which of three rows are the same one before the picture was made larger, for each phase.
ROWS = ((1.0, 0.0, 0.0, 0.0, 1.0, 1.0), (1.0, 1.0, 0.0, 0.0, 0.0, 1.0))
AROUND = (1, 1, 1, 1)


@dataclass(frozen=True)
class _Size:
    """What is known of one size: its few channels, how they are mixed, and the gate's factors."""

    few: str
    mixture: str
    bias: str
    factors: str


def rewrite(graph: Graph) -> None:
    """Changes the model's graph; what it takes and gives stays the same."""
    writer = _Writer(graph)
    sizes = [writer.size(number) for number in range(len(LATERAL))]
    coarsest = writer.mixed(sizes[3])
    coarse = graph.add("Add", writer.mixed(sizes[2]), writer.larger(coarsest, 2))
    smooth = [
        writer.smoothed_finest(sizes[0], sizes[1], coarse),
        writer.smoothed_fine(sizes[1], coarse),
        writer.smoothed(coarse, 2),
        writer.smoothed(coarsest, 3),
    ]
    last = writer.ending(smooth)
    graph.nodes.remove(next(one for one in graph.nodes if OUTPUT in one.outputs))
    next(one for one in graph.nodes if last in one.outputs).outputs[:] = [OUTPUT]
    graph.prune(OUTPUT)


class _Writer:
    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._add = graph.add

    def size(self, number: int) -> _Size:
        """One size before it is mixed: of the coarsest, the mixing and what was before are one."""
        first = f"conv2d_{LATERAL[number]}.w_0"
        lateral = next(one for one in self._graph.users(first) if one.kind == "Conv")
        picture, _, bias = lateral.inputs
        wide = f"conv2d_{WIDER[number]}.w_0"
        if number == len(LATERAL) - 1:
            mix = self._shaped(wide, WIDE, -1)
            mixture = self._shaped(self._add("MatMul", mix, self._shaped(first, -1, 384)),
                                   WIDE, 384, 1, 1)  # fmt: skip
            bias = self._shaped(self._add("MatMul", mix, self._shaped(bias, -1, 1)), WIDE)
        else:
            picture = self._add("Conv", picture, first, bias)
            mixture, bias = wide, self._graph.floats([0.0] * WIDE, WIDE)
        mean = self._add("Conv", self._add("GlobalAveragePool", picture), mixture, bias)
        return _Size(picture, mixture, bias, self._gate(mean, WIDER[number]))

    def mixed(self, size: _Size) -> str:
        weights = self._add("Mul", size.mixture, self._shaped(size.factors, WIDE, 1, 1, 1))
        bias = self._add("Mul", size.bias, self._shaped(size.factors, WIDE))
        return self._add("Conv", size.few, weights, bias)

    def larger(self, picture: str, times: int) -> str:
        nowhere, scales = self._graph.floats([], 0), self._graph.floats([1, 1, times, times], 4)
        return self._add(
            "Resize", picture, nowhere, scales, mode="nearest", nearest_mode="floor",
            coordinate_transformation_mode="asymmetric",
        )  # fmt: skip

    def smoothed(self, picture: str, number: int) -> str:
        return self._add("Conv", picture, f"conv2d_{SMOOTHER[number]}.w_0", pads=AROUND)

    def smoothed_fine(self, size: _Size, coarse: str) -> str:
        """The size before the finest, with the one that is half as large added, smoothed."""
        weights = f"conv2d_{SMOOTHER[1]}.w_0"
        own = self._add("Conv", size.few, self._of_few(size, weights), pads=AROUND)
        return self._add("Add", own, self._apart(self._phases(coarse, weights)))

    def smoothed_finest(self, size: _Size, fine: _Size, coarse: str) -> str:
        """The finest size, with the next ones, a half and a quarter as large, added, smoothed.

        Of what is a quarter as large there are four phases of each of the four.
        """
        weights = f"conv2d_{SMOOTHER[0]}.w_0"
        own = self._add("Conv", size.few, self._of_few(size, weights), pads=AROUND)
        half = self._add("Concat", *self._phases(fine.few, self._of_few(fine, weights)), axis=1)
        quarter = [
            self._add("Conv", coarse, self._phase_of_phase(weights, outer, inner),
                      pads=_pads_of_phase(outer, inner))
            for inner in PHASES for outer in PHASES
        ]  # fmt: skip
        phases = self._add("Add", half, self._apart(quarter))
        return self._add("Add", own, self._add("DepthToSpace", phases, blocksize=2))

    def _of_few(self, size: _Size, weights: str) -> str:
        """3 x 3 weights on all channels of a size as weights on its few."""
        flat = self._shaped(self._add("Transpose", weights, perm=(0, 2, 3, 1)), -1, WIDE)
        mix = self._add("Mul", self._shaped(size.mixture, WIDE, -1),
                        self._shaped(size.factors, WIDE, 1))  # fmt: skip
        product = self._shaped(self._add("MatMul", flat, mix), NARROW, 3, 3, -1)
        return self._add("Transpose", product, perm=(0, 3, 1, 2))

    def _phases(self, picture: str, weights: str) -> list[str]:
        """The four pictures that smoothing it makes, were it twice as large."""
        return [
            self._add("Conv", picture, self._phase(weights, *phase), pads=_pads(*phase))
            for phase in PHASES
        ]

    def _apart(self, phases: list[str]) -> str:
        """A picture twice as large of its four phases, or four of it of sixteen."""
        return self._add("DepthToSpace", self._add("Concat", *phases, axis=1), blocksize=2)

    def ending(self, smooth: list[str]) -> str:
        """How likely each pixel lies in a line of text, from the four sizes, the finest first."""
        gates = [
            self._gate(self._add("GlobalAveragePool", one), SMOOTHER[number])
            for number, one in enumerate(smooth)
        ]
        coarse = [self.larger(smooth[3], 4), self.larger(smooth[2], 2), smooth[1]]
        joined = self._add("Concat", *coarse, axis=1)
        factors = self._add("Concat", *gates[:0:-1], axis=1)
        scale, shift = normal(self._graph, NORMAL[0])
        weights = self._add("Mul", f"conv2d_{LAST}.w_0", self._shaped(scale, NARROW, 1, 1, 1))
        fine = self._add("Mul", self._channels(weights, 3 * NARROW, 4 * NARROW), gates[0])
        below = self._channels(weights, 0, 3 * NARROW)
        ends = []
        for down, across in PHASES:
            every_second = self._add("Conv", smooth[0], fine, shift, strides=(2, 2),
                                     pads=_pads(down, across))  # fmt: skip
            own = self._add("Mul", self._phase(below, down, across), factors)
            rest = self._add("Conv", joined, own, pads=_pads(down, across))
            ends.append(self._sixteen(self._add("Relu", self._add("Add", every_second, rest))))
        return self._interleaved(self._add("Sigmoid", self._add("Concat", *ends, axis=1)))

    def _sixteen(self, picture: str) -> str:
        """Each pixel made four, and each of these four again: as channels."""
        first, last = "conv2d_transpose_0", "conv2d_transpose_1"
        scale, shift = normal(self._graph, NORMAL[1])
        weights = self._add("Transpose", f"{first}.w_0", perm=(2, 3, 1, 0))
        weights = self._add("Mul", weights, self._shaped(scale, NARROW, 1))
        own = self._add("Mul", self._shaped(f"{first}.b_0", NARROW), scale)
        bias = self._add("Concat", *[self._add("Add", own, shift)] * 4, axis=0)
        four = self._add("Conv", picture, self._shaped(weights, 4 * NARROW, NARROW, 1, 1), bias)
        ends = self._shaped(self._add("Transpose", f"{last}.w_0", perm=(2, 3, 1, 0)),
                            4, NARROW, 1, 1)  # fmt: skip
        biases = self._add("Concat", *[self._shaped(f"{last}.b_0", 1)] * 16, axis=0)
        return self._add("Conv", self._add("Relu", four),
                         self._add("Concat", *[ends] * 4, axis=0), biases, group=4)  # fmt: skip

    def _interleaved(self, picture: str) -> str:
        """64 channels, by their place in an eighth of the rows and columns, as one."""
        shape = self._add("Shape", picture)
        whole = self._graph.whole
        rows, columns = (self._add("Slice", shape, whole(axis), whole(axis + 1)) for axis in (2, 3))
        apart = self._add("Concat", whole(*[2] * 6), rows, columns, axis=0)
        ordered = self._add("Transpose", self._add("Reshape", picture, apart),
                            perm=(6, 0, 2, 4, 7, 1, 3, 5))  # fmt: skip
        sides = [self._add("Mul", side, whole(8)) for side in (rows, columns)]
        return self._add("Reshape", ordered, self._add("Concat", whole(1, 1), *sides, axis=0))

    def _gate(self, means: str, before: int) -> str:
        """One and the model's factor for each channel, (1, channels, 1, 1)."""
        name = "conv2d_{}.{}_0".format
        hidden = self._add("Conv", means, name(before + 1, "w"), name(before + 1, "b"))
        raised = self._add("Conv", self._add("Relu", hidden),
                           name(before + 2, "w"), name(before + 2, "b"))  # fmt: skip
        gate = self._add("HardSigmoid", raised, alpha=STEEP, beta=MIDDLE)
        return self._add("Add", gate, self._graph.floats([1.0], 1))

    def _phase(self, weights: str, down: int, across: int) -> str:
        """3 x 3 weights on a picture made twice as large as 2 x 2 on the picture itself."""
        columns = self._add("MatMul", weights, self._columns(across))
        return self._add("MatMul", self._graph.floats(ROWS[down], 2, 3), columns)

    def _phase_of_phase(self, weights: str, outer: tuple[int, int], inner: tuple[int, int]) -> str:
        """A phase's 2 x 2 weights, on what was itself made twice as large: seldom two pixels."""
        found = self._phase(weights, *outer)
        if outer[0] != inner[0]:
            found = self._add("MatMul", self._graph.floats([1.0, 1.0], 1, 2), found)
        if outer[1] != inner[1]:
            found = self._add("MatMul", found, self._graph.floats([1.0, 1.0], 2, 1))
        return found

    def _columns(self, across: int) -> str:
        return self._add("Transpose", self._graph.floats(ROWS[across], 2, 3), perm=(1, 0))

    def _channels(self, weights: str, first: int, end: int) -> str:
        whole = self._graph.whole
        return self._add("Slice", weights, whole(first), whole(end), whole(1))

    def _shaped(self, value: str, *sides: int) -> str:
        return self._add("Reshape", value, self._graph.whole(*sides))


def _pads(down: int, across: int) -> tuple[int, int, int, int]:
    return 1 - down, 1 - across, down, across


def _pads_of_phase(outer: tuple[int, int], inner: tuple[int, int]) -> tuple[int, int, int, int]:
    """As `_pads`; where a phase of a phase sees one pixel only, none."""
    same = [one == other for one, other in zip(outer, inner, strict=True)]
    before = [int(here and not one) for here, one in zip(same, outer, strict=True)]
    after = [int(here and one) for here, one in zip(same, outer, strict=True)]
    return before[0], before[1], after[0], after[1]
