"""All replicas as one axis of every tensor, with autograd: what an expert writes by hand."""
# torch leaves the types of a few functions open:
# pyright: reportUnknownMemberType=false

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from benchmarks.peers.plain import rms
from benchmarks.traces import Profiles, Traces
from sim.spec import Spec

Layer = tuple[Tensor, Tensor]
"""Weights (replica, in, out) and biases (replica, 1, out)."""


def train_with_norms(spec: Spec) -> Traces:
    """Train all networks of a spec together."""
    signal = torch.empty(spec.seeds, spec.steps, spec.depth, dtype=torch.float64)
    weight = torch.empty_like(signal)
    loss = torch.empty(spec.seeds, spec.steps, dtype=torch.float64)
    x, y, layers = draw(spec)
    for step in range(spec.steps):
        loss[:, step], deltas, gradients = backward(x, y, layers)
        signal[:, step], weight[:, step] = norms(deltas, gradients)
        with torch.no_grad():
            parameters = [parameter for layer in layers for parameter in layer]
            for parameter, gradient in zip(parameters, gradients, strict=True):
                parameter.sub_(gradient, alpha=spec.lr)
    return {"signal": signal.numpy(), "weight": weight.numpy(), "loss": loss.numpy()}


def initialise(spec: Spec) -> Profiles:
    """Measure all networks of a spec together."""
    x, y, layers = draw(spec)
    _, deltas, gradients = backward(x, y, layers)
    signal, weight = norms(deltas, gradients)
    return signal.numpy(), weight.numpy()


def draw(spec: Spec) -> tuple[Tensor, Tensor, list[Layer]]:
    """Draw data and layers, every replica from its own seed."""
    fans = [*[(spec.width, spec.width)] * spec.depth, (spec.width, 1)]
    x = torch.empty(spec.seeds, spec.batch, spec.width)
    y = torch.empty(spec.seeds, spec.batch)
    layers = [(torch.empty(spec.seeds, n, m), torch.zeros(spec.seeds, 1, m)) for n, m in fans]
    for replica in range(spec.seeds):
        torch.manual_seed(spec.seed + replica)
        rng = np.random.default_rng(spec.seed + replica)
        y[replica] = torch.randperm(spec.batch) % 2
        x[replica].normal_()
        for weights, _ in layers:
            rng.random(out=weights[replica].numpy(), dtype=np.float32)
    for (weights, biases), (n, m) in zip(layers, fans, strict=True):
        weights.sub_(0.5).mul_(2 * (6 / (n + m)) ** 0.5).requires_grad_()
        biases.requires_grad_()
    return x, y, layers


def backward(x: Tensor, y: Tensor, layers: list[Layer]) -> tuple[Tensor, list[Tensor], list[Tensor]]:
    """Return the batch losses and the gradients: of the pre-activations, and of all parameters."""
    h: list[Tensor] = []
    a = x
    for weights, biases in layers[:-1]:
        h.append(torch.baddbmm(biases, a, weights))
        a = torch.sigmoid(h[-1])
    logits = torch.baddbmm(layers[-1][1], a, layers[-1][0]).squeeze(2)
    losses = functional.binary_cross_entropy_with_logits(logits, y, reduction="none").mean(dim=1)
    parameters = [parameter for layer in layers for parameter in layer]
    gradients = torch.autograd.grad(losses.sum(), [*h, *parameters])
    return losses.detach(), list(gradients[: len(h)]), list(gradients[len(h) :])


def norms(deltas: list[Tensor], gradients: list[Tensor]) -> tuple[Tensor, Tensor]:
    """Return signal and weight, shape (replica, layer)."""
    return rms(deltas) * deltas[0].shape[1], rms(gradients[:-2:2])
