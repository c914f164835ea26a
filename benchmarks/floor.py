"""What no program that does the same work on the same thread can avoid: bare products, bare drawing.

Everything is allocated beforehand and nothing else is computed: no biases, no activations, no norms.
"""

from collections.abc import Callable

import torch

from sim.randomness import Streams
from sim.spec import Spec


def products(spec: Spec) -> Callable[[], None]:
    """Prepare the matrix products of all steps of a spec, or of one pass if it has none.

    Per layer and pass: one forward, one for ∂L/∂W, and one for ∂L/∂input except at the first layer.
    """
    depth, n, shape = spec.depth, spec.width, (spec.seeds, spec.batch, spec.width)
    # Linear networks of this scale keep the size of their values, so no product meets denormal numbers.
    weights = [torch.randn(spec.seeds, n, n) / n**0.5 for _ in range(depth)]
    head = torch.randn(spec.seeds, n, 1) / n**0.5
    layers = [torch.randn(shape) for _ in range(depth + 1)]
    deltas = [torch.empty(shape) for _ in range(depth)]
    outputs = torch.empty(spec.seeds, spec.batch, 1)
    gradients = [torch.empty_like(each) for each in weights]
    head_gradient = torch.empty_like(head)

    def run() -> None:
        for _ in range(max(spec.steps, 1)):
            for layer in range(depth):
                torch.bmm(layers[layer], weights[layer], out=layers[layer + 1])
            torch.bmm(layers[depth], head, out=outputs)
            torch.bmm(layers[depth].mT, outputs, out=head_gradient)
            torch.bmm(outputs, head.mT, out=deltas[depth - 1])
            for layer in reversed(range(depth)):
                torch.bmm(layers[layer].mT, deltas[layer], out=gradients[layer])
                if layer:
                    torch.bmm(deltas[layer], weights[layer].mT, out=deltas[layer - 1])

    return run


def drawing(spec: Spec) -> Callable[[], None]:
    """Prepare the drawing of data and weights, every replica from its own generators."""
    inputs = torch.empty(spec.seeds, spec.batch, spec.width)
    weights = [torch.empty(spec.seeds, spec.width, spec.width) for _ in range(spec.depth)]

    def run() -> None:
        streams = Streams([spec.seed + replica for replica in range(spec.seeds)])
        streams.fill_normal(inputs)
        for each in weights:
            streams.fill_uniform(each)

    return run
