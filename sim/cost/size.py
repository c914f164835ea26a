"""How many numbers one pass of one replica touches, counted from the spec alone."""

import math
from dataclasses import dataclass

from sim.data.fitting import TOKENS, classes, example_shape, input_units
from sim.spec import Spec
from sim.vocabulary import RECURRENT

_GATES = {"rnn": 1, "gru": 3, "lstm": 4}
_BLOCK = 12  # n² weights of a transformer's block: 4 in attention, 2·4 in the feed-forward part


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Counts for one replica.

    `products`: multiplications of one forward pass. `uses`: the weights of the hidden layers, counted at
    every time step that reads them. `numbers`: the pre-activations of all layers. `joined`: the inputs of
    all layers of a dense network, which are copies. `parameters`: all weights; `largest`: those of the
    largest hidden layer. `inputs`: the entries of the data.
    """

    products: float
    uses: float
    numbers: float
    joined: float
    parameters: float
    largest: float
    inputs: float

    @classmethod
    def of(cls, spec: Spec) -> "Size":
        """Count; the spec passes `sim.data.fitting.require_fitting`."""
        pixels = spec.image**2 if spec.arch == "cnn" else 1
        rows = spec.batch * (TOKENS if spec.arch == "transformer" else pixels)
        joined = 0.0
        features = input_units(spec) if spec.arch == "logistic" else spec.width
        if spec.arch in RECURRENT:
            weights = _GATES[spec.arch] * (input_units(spec) + spec.width) * spec.width
            uses = float(weights * spec.depth)
            numbers = _GATES[spec.arch] * spec.batch * spec.width * spec.depth
            products = spec.batch * uses
        else:
            uses = weights = _stacked(spec)
            numbers = rows * spec.width * spec.depth if spec.arch != "logistic" else 0
            products = rows * weights
        if spec.arch == "transformer":
            products += 2 * rows * TOKENS * spec.width * spec.depth  # attention's own two
        if spec.skip == "dense":
            features = input_units(spec) + spec.width * spec.depth
            joined = rows * sum(input_units(spec) + spec.width * layer for layer in range(1, spec.depth + 1))
        head = features * pixels * (classes(spec) if spec.loss == "ce" else 1)
        return cls(
            products=products + spec.batch * head,
            uses=uses,
            numbers=numbers,
            joined=joined,
            parameters=weights + head,
            largest=weights if spec.arch in RECURRENT else _largest(spec),
            inputs=spec.batch * math.prod(example_shape(spec)),
        )


def _stacked(spec: Spec) -> int:
    """Count the weights of hidden layers that have weights of their own."""
    inputs, n, depth = input_units(spec), spec.width, spec.depth
    area = spec.kernel**2 if spec.arch == "cnn" else 1
    if spec.arch == "logistic":
        return 0
    if spec.arch == "transformer":
        return _BLOCK * n * n * depth + (inputs * n if inputs != n else 0)
    if spec.skip == "dense":
        return area * n * sum(inputs + n * layer for layer in range(depth))
    if spec.skip == "none":
        return area * n * (inputs + n * (depth - 1))
    stem = inputs * n if inputs != n else 0
    return area * (stem + n * n * depth * (2 if spec.skip == "highway" else 1))


def _largest(spec: Spec) -> int:
    inputs, n = input_units(spec), spec.width
    area = spec.kernel**2 if spec.arch == "cnn" else 1
    if spec.arch == "logistic":
        return 0
    if spec.arch == "transformer":
        return max(_BLOCK * n, inputs) * n
    before = inputs + n * (spec.depth - 1) if spec.skip == "dense" else max(inputs, n)
    return area * n * before
