"""Networks written again in plain torch, one replica at a time, as judges of the theory.

Nothing here comes from the engine but the spec: every architecture is a few lines with autograd.
"""

import math
from collections.abc import Callable

import numpy as np
import torch
from torch import Generator, Tensor, nn
from torch.nn import functional

from sim.measurements import Array
from sim.spec import Spec
from sim.theory import predict

Phi = Callable[[Tensor], Tensor]
EPS = 1e-5
ACTIVATIONS = (
    *("linear", "sigmoid", "tanh", "relu", "leaky_relu slope=0.2", "elu", "selu"),
    *("gelu", "silu", "softplus", "softsign", "hardtanh"),
)
"""Every activation without noise, as it is written in a spec."""


def slopes(text: str, *, seeds: int) -> tuple[float, float]:
    """Return log10 of the norm factor per layer: measured, as a mean over replicas, and predicted."""
    spec = Spec.parse(text)
    profiles = np.array([signal(spec, seed) for seed in range(seeds)])
    measured = np.log10(profiles[:, 0] / profiles[:, -1]) / (spec.depth - 1)
    found = predict(spec, input_mean_square=spec.input_scale**2, input_units=spec.width)
    assert found is not None
    assert found.factor_per_layer is not None
    return float(measured.mean()), math.log10(found.factor_per_layer)


def signal(spec: Spec, seed: int) -> Array:
    """Return the root mean square of ∂(loss of an example)/∂stream for every layer of one replica."""
    generator = Generator().manual_seed(seed)
    sizes = [spec.width, spec.image, spec.image] if spec.arch == "cnn" else [spec.width]
    steps = [spec.depth] if spec.arch in {"rnn", "lstm", "gru"} else []
    inputs = torch.randn(spec.batch, *steps, *sizes, generator=generator) * spec.input_scale
    net = Net(spec, generator)
    streams, read = net.recurrent(inputs) if steps else net.feedforward(inputs)
    for stream in streams:
        stream.retain_grad()
    labels = torch.randperm(spec.batch, generator=generator) % 2
    features = read.flatten(1)
    if spec.loss == "ce":
        outputs = features @ net.draw(features.shape[1], 2)
        loss = functional.cross_entropy(outputs, labels, reduction="sum")
    else:
        outputs = (features @ net.draw(features.shape[1], 1)).squeeze(1)
        loss = functional.binary_cross_entropy_with_logits(outputs, labels.float(), reduction="sum")
    torch.autograd.backward(loss)
    return np.array([gradient(stream).double().square().mean().sqrt().item() for stream in streams])


def gradient(stream: Tensor) -> Tensor:
    assert stream.grad is not None
    return stream.grad


class Net:
    """One replica of a spec."""

    def __init__(self, spec: Spec, generator: Generator) -> None:
        self.spec = spec
        self.generator = generator
        self.area = spec.kernel**2 if spec.arch == "cnn" else 1

    def feedforward(self, x: Tensor) -> tuple[list[Tensor], Tensor]:
        """Return the streams and what the head reads."""
        spec = self.spec
        x = x.requires_grad_()
        streams: list[Tensor] = []
        seen = x
        for _ in range(spec.depth):
            match spec.skip, spec.order:
                case "residual", "pre":
                    x = x + spec.residual_scale * self.linear(self.phi(self.norm(x)))
                    streams.append(x)
                case "residual", _:
                    x = self.phi(x + spec.residual_scale * self.norm(self.linear(x)))
                    streams.append(x)
                case "highway", order:
                    u = self.norm(x) if order == "pre" else x
                    hidden = self.phi(self.linear(u))
                    gate = torch.sigmoid(self.linear(u, bias=False) + spec.transform_bias)
                    x = gate * hidden + (1 - gate) * x
                    x = x if order == "pre" else self.norm(x)
                    streams.append(x)
                case skip, order:
                    h = self.linear(seen)
                    streams.append(h)
                    x = self.phi(self.norm(h)) if order == "pre" else self.norm(self.phi(h))
                    seen = torch.cat([seen, x], dim=1) if skip == "dense" else x
        if spec.skip == "residual" and spec.order == "pre":
            return streams, self.phi(self.norm(x))
        return streams, seen if spec.skip in {"none", "dense"} else x

    def recurrent(self, x: Tensor) -> tuple[list[Tensor], Tensor]:
        """Return the states of all steps and the last one."""
        n = self.spec.width
        entering, hidden = self.draw(n, n), self.draw(n, n)
        bias = self.bias(n, n) + self.bias(n, n)
        h = torch.zeros(x.shape[0], n).requires_grad_()
        streams: list[Tensor] = []
        for step in x.unbind(dim=1):
            h = self.phi(self.norm(step @ entering + h @ hidden + bias))
            streams.append(h)
        return streams, h

    def linear(self, x: Tensor, *, bias: bool = True) -> Tensor:
        """Apply a fresh linear map, or convolution, to as many units as the network is wide."""
        spec, n, m = self.spec, x.shape[1], self.spec.width
        weights = self.draw(n * self.area, m * self.area, m)
        shift = self.bias(n * self.area, m) if bias else torch.zeros(m)
        if spec.arch == "mlp":
            return self.fitted(x @ weights) + shift
        k = spec.kernel
        kernels = weights.reshape(n, k, k, m).permute(3, 0, 1, 2)
        if spec.padding == "circular":
            padded = functional.pad(x, (k // 2,) * 4, mode="circular")
            return self.fitted(functional.conv2d(padded, kernels)) + shift.view(-1, 1, 1)
        return self.fitted(functional.conv2d(x, kernels, padding=k // 2)) + shift.view(-1, 1, 1)

    def fitted(self, output: Tensor) -> Tensor:
        """Divide by the standard deviation, if that is the initialisation."""
        return output * (self.spec.gain / output.detach().std()) if self.spec.init == "lsuv" else output

    def draw(self, fan_in: int, fan_out: int, columns: int | None = None) -> Tensor:
        """Draw a matrix by the law of the spec."""
        spec, shape = self.spec, (fan_in, columns or fan_out)
        if spec.init in {"orthogonal", "lsuv"}:
            return nn.init.orthogonal_(torch.empty(shape), spec.gain, generator=self.generator)
        variance = {
            "glorot": 2 / (fan_in + fan_out),
            "he": 2 / fan_in,
            "lecun": 1 / fan_in,
            "torch": 1 / (3 * fan_in),
            "heuristic": 1 / (3 * fan_in),
            "normal": spec.std**2,
        }[spec.init]
        return torch.randn(shape, generator=self.generator) * math.sqrt(variance) * spec.gain

    def bias(self, fan_in: int, units: int) -> Tensor:
        """Draw biases: zero but for torch's initialisation."""
        if self.spec.init != "torch":
            return torch.zeros(units)
        return (2 * torch.rand(units, generator=self.generator) - 1) / math.sqrt(fan_in)

    def phi(self, x: Tensor) -> Tensor:
        """Apply the activation."""
        if self.spec.activation == "noisy_relu":
            noise = torch.randn(x.shape, generator=self.generator)
            return torch.relu(x + noise * torch.sigmoid(x.detach()).sqrt())
        return activation(self.spec)(x)

    def norm(self, x: Tensor) -> Tensor:
        """Apply the normalisation with scale 1 and shift 0; units or channels are axis 1."""
        if self.spec.norm == "none":
            return x
        if self.spec.norm == "batch":
            axes = (0, *range(2, x.ndim))
            return (x - x.mean(axes, keepdim=True)) / (x.var(axes, keepdim=True, unbiased=False) + EPS).sqrt()
        if self.spec.norm == "rms":
            return x / (x.square().mean(tuple(range(1, x.ndim)), keepdim=True) + EPS).sqrt()
        groups = next(g for g in (4, 2, 1) if x.shape[1] % g == 0) if self.spec.norm == "group" else 1
        flat = x.reshape(x.shape[0], groups, -1)
        flat = (flat - flat.mean(2, keepdim=True)) / (flat.var(2, keepdim=True, unbiased=False) + EPS).sqrt()
        return flat.reshape(x.shape)


def activation(spec: Spec) -> Phi:
    """Return torch's own function of a deterministic activation."""
    table: dict[str, Phi] = {
        "linear": lambda x: x * 1.0,
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "relu": functional.relu,
        "leaky_relu": lambda x: functional.leaky_relu(x, spec.slope),
        "elu": functional.elu,
        "selu": functional.selu,
        "gelu": functional.gelu,
        "silu": functional.silu,
        "softplus": functional.softplus,
        "softsign": functional.softsign,
        "hardtanh": functional.hardtanh,
    }
    return table[spec.activation]
