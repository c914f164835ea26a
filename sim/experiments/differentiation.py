"""Experiment: do other ways to differentiate give another gradient than backpropagation?

Reverse mode (backpropagation), forward mode and central finite differences compute ∂(batch loss)/∂W_l
of the same networks on the same data. Only their cost differs: one pass for reverse mode, one pass per
parameter for forward mode, two evaluations per parameter for finite differences (Baydin et al. 2018,
Automatic differentiation in machine learning: a survey, arXiv:1502.05767, section 3).
"""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.func import jvp, vmap  # pyright: ignore[reportPrivateImportUsage]

from sim import losses
from sim.algebra import root_mean_square
from sim.measurements import Array, Facts, Series, Variant
from sim.replicas import Replicas, draw
from sim.reporting import Report, one_by_one
from sim.spec import Spec

METHODS: tuple[str, ...] = ("reverse", "forward", "finite")

# The error of central differences is h²/6 · f‴ (truncation) + ε·f/h (rounding). In a vanishing network
# every derivative is small but f is not, so h is larger than the textbook's ε^(1/3). Where φ has a kink
# there is no curvature between kinks to miss, but a long step may cross one.
_SMOOTH_STEP, _KINK_STEP = 1e-3, 1e-6
_KINKED = {"relu", "leaky_relu", "elu", "selu", "softsign", "hardtanh"}
# Parameters that are perturbed in one batched pass.
_TOGETHER = 256
# Two methods agree when they differ by less than this share of a layer's gradient.
_AGREEMENT = 1e-3


def run(specs: Sequence[Spec], report: Report) -> tuple[tuple[Variant, ...], Facts]:
    """Differentiate the batch loss by every weight of every hidden layer, three times, in float64.

    Series per variant: `reverse`, `forward`, `finite` (replica, layer), the root mean square of
    ∂(batch loss)/∂W_l by that method.
    """
    specs = [replace(spec, precision="float64") for spec in specs]  # finite differences need every digit
    return one_by_one(specs, report, _measure), {}


def _measure(spec: Spec, label: str, share: Report) -> Variant:
    seconds = dict.fromkeys(METHODS, 0.0)
    sizes = {method: np.empty((spec.seeds, spec.depth)) for method in METHODS}
    difference = {"forward": 0.0, "finite": 0.0}
    parameters = 0
    for chunk in draw(spec):
        found = _three_ways(spec, chunk, seconds, share)
        for method in METHODS:
            by_layer = [root_mean_square(g).numpy() for g in found[method]]
            sizes[method][chunk.numbers] = np.stack(by_layer, axis=1)
        for method, worst in difference.items():
            difference[method] = max(worst, _difference(found[method], found["reverse"]))
        parameters = sum(w[0].numel() for w in chunk.parameters.named("weight"))
    series = {method: Series(axes=("replica", "layer"), values=sizes[method]) for method in METHODS}
    facts = _facts(spec, sizes["reverse"], parameters, seconds, difference)
    return Variant(spec=spec, label=label, series=series, facts=facts)


def _three_ways(
    spec: Spec, chunk: Replicas, seconds: dict[str, float], share: Report
) -> dict[str, list[Tensor]]:
    """Return the gradient of every layer by every method, adding the time each took to `seconds`."""
    loss, weights = _loss_of_weights(spec, chunk), chunk.parameters.named("weight")
    step = _KINK_STEP if spec.activation in _KINKED else _SMOOTH_STEP
    methods: dict[str, Callable[[], list[Tensor]]] = {
        "reverse": lambda: _reverse(loss, weights),
        "forward": lambda: _forward(loss, weights),
        "finite": lambda: _finite(loss, weights, step),
    }
    _warm_up(loss, weights)
    found: dict[str, list[Tensor]] = {}
    for order, (method, differentiate) in enumerate(methods.items()):
        share(order / len(METHODS), f"{method} mode")
        start = time.perf_counter()
        found[method] = differentiate()
        seconds[method] += time.perf_counter() - start
    return found


def _facts(
    spec: Spec, reverse: Array, parameters: int, seconds: dict[str, float], difference: dict[str, float]
) -> dict[str, Any]:
    first, last = (float(np.median(reverse[:, layer])) for layer in (0, -1))
    return {
        "depth": spec.depth,
        "parameters": parameters,
        "passes": {"reverse": 1, "forward": parameters, "finite": 2 * parameters},
        "seconds": seconds,
        "slower": {method: seconds[method] / seconds["reverse"] for method in ("forward", "finite")},
        "difference": difference,
        "agree": max(difference.values()) < _AGREEMENT,
        "first": first,
        "last": last,
        "first_over_last": first / last if last else None,
    }


Loss = Callable[[list[Tensor]], Tensor]
"""From the weights of the hidden layers to the batch loss of every replica, shape (replica,)."""


def _loss_of_weights(spec: Spec, chunk: Replicas) -> Loss:
    parameters = chunk.parameters

    def loss(weights: list[Tensor]) -> Tensor:
        moved = iter(weights)
        tensors = [
            next(moved) if slot.name == "weight" else tensor
            for slot, tensor in zip(parameters.slots, parameters.tensors, strict=True)
        ]
        outputs = chunk.network(tensors, chunk.batch.inputs).outputs
        return losses.per_example(spec, outputs, chunk.batch.labels).mean(dim=1)

    return loss


def _warm_up(loss: Loss, weights: list[Tensor]) -> None:
    """Differentiate once untimed: the first calls in a process pay for what torch imports and sets up."""
    _reverse(loss, weights)
    _forward(loss, weights, first=1)


def _reverse(loss: Loss, weights: list[Tensor]) -> list[Tensor]:
    leaves = [w.detach().requires_grad_() for w in weights]
    return list(torch.autograd.grad(loss(leaves).sum(), leaves))


def _forward(loss: Loss, weights: list[Tensor], first: int | None = None) -> list[Tensor]:
    """Push one unit tangent per parameter through the network, all replicas at once.

    `first` leaves out the layers from this one on.
    """

    def derivative(layer: int, tangent: Tensor) -> Tensor:
        def along(moved: Tensor) -> Tensor:
            return loss([*weights[:layer], moved, *weights[layer + 1 :]])

        return jvp(along, (weights[layer],), (tangent.expand_as(weights[layer]),))[1]

    layers = enumerate(weights[:first])
    return [_every_parameter(lambda t, at=layer: derivative(at, t), w) for layer, w in layers]


def _finite(loss: Loss, weights: list[Tensor], step: float) -> list[Tensor]:
    """Move one parameter at a time by ±`step`, all replicas at once."""

    def derivative(layer: int, tangent: Tensor) -> Tensor:
        def moved(sign: float) -> Tensor:
            shifted = weights[layer] + sign * step * tangent
            return loss([*weights[:layer], shifted, *weights[layer + 1 :]])

        return (moved(1.0) - moved(-1.0)) / (2 * step)

    return [_every_parameter(lambda t, at=layer: derivative(at, t), w) for layer, w in enumerate(weights)]


def _every_parameter(derivative: Callable[[Tensor], Tensor], weights: Tensor) -> Tensor:
    """Collect the derivative along every unit vector of one layer, a few hundred at a time."""
    count = weights[0].numel()
    rows: list[Tensor] = []
    for start in range(0, count, _TOGETHER):
        places = torch.arange(start, min(start + _TOGETHER, count))
        units = torch.nn.functional.one_hot(places, count).to(weights.dtype)
        rows.append(vmap(derivative)(units.reshape(-1, *weights.shape[1:])))
    return torch.cat(rows).T.reshape(weights.shape)


def _difference(found: list[Tensor], reverse: list[Tensor]) -> float:
    """Return the largest distance, over layers and replicas, relative to reverse mode's gradient."""
    worst = 0.0
    for other, own in zip(found, reverse, strict=True):
        scale = root_mean_square(own).clamp_min(torch.finfo(torch.float64).tiny)
        distance = float((root_mean_square(other - own) / scale).max())
        # What is no number agrees with nothing.
        worst = max(worst, distance) if math.isfinite(distance) else math.inf
    return worst
