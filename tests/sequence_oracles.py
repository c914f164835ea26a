"""One forward pass of a recurrent network or a transformer, ready to be differentiated."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from sim.algebra import root_mean_squares
from sim.measurements import Array
from sim.networks import Forward, Network, build
from sim.networks.parameters import DTYPES, Parameters, draw
from sim.randomness import Streams
from sim.spec import Spec
from sim.vocabulary import RECURRENT

TOKENS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A network with its parameters as leaves, and one forward pass on normal inputs."""

    spec: Spec
    network: Network
    parameters: Parameters
    leaves: list[Tensor]
    inputs: Tensor
    forward: Forward

    def loss(self) -> Tensor:
        """Return the sum over all examples of the cross-entropy for alternating labels."""
        logits = self.forward.outputs[..., 0]
        return functional.binary_cross_entropy_with_logits(logits, labels_like(logits), reduction="sum")

    def gradients(self, of: Sequence[Tensor]) -> list[Tensor]:
        """Return the gradients of the loss."""
        return list(torch.autograd.grad(self.loss(), of, retain_graph=True))

    def profile(self, of: Sequence[Tensor]) -> Array:
        """Return the root mean square of the gradients, shape (replica, layer)."""
        return root_mean_squares(self.gradients(of)).numpy()

    def directed(self) -> tuple[list[Tensor], list[Tensor]]:
        """Return the parameters and some direction to go from them, for function transforms."""
        point = [leaf.detach() for leaf in self.leaves]
        return point, [torch.cos(torch.arange(t.numel(), dtype=t.dtype)).view_as(t) for t in point]

    def outputs(self, tensors: Sequence[Tensor]) -> Tensor:
        """Return the outputs of the same network with other parameters."""
        return self.network(tensors, self.inputs).outputs

    def named(self, name: str) -> Tensor:
        """Return the only tensor with this name."""
        (tensor,) = self.parameters.named(name)
        return tensor.detach()


def labels_like(logits: Tensor) -> Tensor:
    """Return 0, 1, 0, 1, … along the last axis."""
    return (torch.arange(logits.shape[-1]) % 2).to(logits.dtype).expand_as(logits)


def run(spec: Spec, features: int | None = None) -> Run:
    """Draw a network and run it on normal inputs, by default as many features as the network is wide."""
    steps = spec.depth if spec.arch in RECURRENT else TOKENS
    streams = Streams(range(spec.seed, spec.seed + spec.seeds))
    inputs = spec.input_scale * streams.normal(spec.batch, steps, features or spec.width)
    inputs = inputs.to(DTYPES[spec.precision])
    network = build(spec, streams, inputs=inputs.shape[3], outputs=1)
    parameters = draw(spec, network.slots, streams)
    leaves = [tensor.requires_grad_() for tensor in parameters.tensors]
    return Run(
        spec=spec,
        network=network,
        parameters=parameters,
        leaves=leaves,
        inputs=inputs,
        forward=network(leaves, inputs),
    )


def factor(spec: Spec, features: int | None = None) -> float:
    """Return the median over the replicas of the norm factor per layer or step."""
    found = run(spec, features)
    signal = found.profile(found.forward.streams)
    return float(np.median((signal[:, 0] / signal[:, -1]) ** (1 / (spec.depth - 1))))
