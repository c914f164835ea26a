"""Multi-layer perceptrons, S at a time."""

from itertools import pairwise

import torch
from torch import Tensor

from sim.activations import activation
from sim.networks.network import Forward
from sim.networks.parameters import draw_layer
from sim.randomness import Streams
from sim.spec import Spec


class MLP:
    """`depth` hidden layers h_l = a_{l−1} W_l + b_l, a_l = φ(h_l), and a linear output layer."""

    def __init__(self, spec: Spec, streams: Streams, *, inputs: int, outputs: int) -> None:
        sizes = [inputs, *[spec.width] * spec.depth, outputs]
        layers = [draw_layer(spec, streams, (n, m), (n, m)) for n, m in pairwise(sizes)]
        self._activation = activation(spec)
        self.weights = [weights for weights, _ in layers[:-1]]
        self.biases = [biases for _, biases in layers[:-1]]
        self._head = layers[-1]

    def parameters(self) -> list[Tensor]:
        """Return weights and biases of all layers, output layer last."""
        return [*self.weights, *self.biases, *self._head]

    def __call__(self, inputs: Tensor) -> Forward:
        """Run on inputs of shape (replica, batch, unit)."""
        streams: list[Tensor] = []
        a = inputs
        for weights, biases in zip(self.weights, self.biases, strict=True):
            h = torch.baddbmm(biases.unsqueeze(1), a, weights)
            streams.append(h)
            a = self._activation(h)
        weights, biases = self._head
        return Forward(outputs=torch.baddbmm(biases.unsqueeze(1), a, weights), streams=streams)
