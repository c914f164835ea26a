"""Plain convolutional networks, S at a time as one grouped convolution."""

from itertools import pairwise

import torch
from torch import Tensor
from torch.nn import functional

from sim.activations import activation
from sim.networks.network import Forward
from sim.networks.parameters import draw_layer
from sim.randomness import Streams
from sim.spec import Spec


class CNN:
    """`depth` convolutions of stride 1 that keep the image's size, then one linear output layer.

    Weights have the shape (replica, in, row, column, out): the last axis is the output channel, as
    in `MLP`, and fan-in counts the k² taps of every input channel.
    """

    def __init__(self, spec: Spec, streams: Streams, *, inputs: int, outputs: int) -> None:
        k = spec.kernel
        channels = [inputs, *[spec.width] * spec.depth]
        layers = [
            draw_layer(spec, streams, (n, k, k, m), (n * k * k, m * k * k)) for n, m in pairwise(channels)
        ]
        features = spec.width * spec.image**2
        self._head = draw_layer(spec, streams, (features, outputs), (features, outputs))
        self._activation = activation(spec)
        self._circular = spec.padding == "circular"
        self.weights = [weights for weights, _ in layers]
        self.biases = [biases for _, biases in layers]

    def parameters(self) -> list[Tensor]:
        """Return weights and biases of all layers, output layer last."""
        return [*self.weights, *self.biases, *self._head]

    def __call__(self, inputs: Tensor) -> Forward:
        """Run on inputs of shape (replica, batch, channel, row, column)."""
        streams: list[Tensor] = []
        a = inputs
        for weights, biases in zip(self.weights, self.biases, strict=True):
            h = self._convolve(a, weights, biases)
            streams.append(h)
            a = self._activation(h)
        weights, biases = self._head
        return Forward(outputs=torch.baddbmm(biases.unsqueeze(1), a.flatten(2), weights), streams=streams)

    def _convolve(self, a: Tensor, weights: Tensor, biases: Tensor) -> Tensor:
        replicas, batch, _, rows, columns = a.shape
        # One group per replica: channels of all replicas side by side, (batch, replica·channel, …).
        stacked = a.transpose(0, 1).flatten(1, 2)
        kernels = weights.permute(0, 4, 1, 2, 3).flatten(0, 1)
        margin = kernels.shape[-1] // 2
        if self._circular:
            stacked = functional.pad(stacked, (margin,) * 4, mode="circular")
            margin = 0
        h = functional.conv2d(stacked, kernels, biases.flatten(), padding=margin, groups=replicas)
        return h.reshape(batch, replicas, -1, rows, columns).transpose(0, 1)
