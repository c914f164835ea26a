"""Experiment: does the loss curve downwards anywhere?

A twice differentiable function is convex exactly when its Hessian has no negative eigenvalue at any
point (Boyd & Vandenberghe 2004, Convex Optimization, section 3.1.4). One negative eigenvalue refutes
convexity; finding none at the sampled points does not prove it, and the facts do not claim it.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.func import hessian, vmap  # pyright: ignore[reportPrivateImportUsage]

from sim import losses
from sim.activations import activation
from sim.algebra import eigenvalues
from sim.data import draw_batch
from sim.labels import labels
from sim.measurements import Array, Facts, Series, Variant
from sim.randomness import Streams
from sim.spec import Spec

Report = Callable[[float, str], None]

POINTS = 50
"""Random points per replica, each parameter standard normal."""

_CHUNK_BYTES = 128 * 2**20
# An eigenvalue this far below zero, relative to the largest, is more than rounding of float64.
_ROUNDING = 1e-10


def run(specs: Sequence[Spec], report: Report) -> tuple[tuple[Variant, ...], Facts]:
    """Compute the Hessian's extreme eigenvalues at random points, with data of its own per replica.

    Series per variant: `smallest` and `largest` (replica, point), eigenvalues of the Hessian of the
    batch loss with respect to all parameters.
    """
    specs = [replace(spec, precision="float64") for spec in specs]  # a sign is wanted, not a size
    variants: list[Variant] = []
    for number, (spec, label) in enumerate(zip(specs, labels(specs), strict=True)):
        report(number / len(specs), label)
        variants.append(_measure(spec, label))
    return tuple(variants), {}


def _measure(spec: Spec, label: str) -> Variant:
    streams = Streams(range(spec.seed, spec.seed + spec.seeds))
    batch = draw_batch(spec, streams)
    shapes = layer_shapes(spec, inputs=batch.inputs.shape[-1])
    count = sum(n * m + m for n, m in shapes)
    points = streams.normal(POINTS, count).to(batch.inputs.dtype)

    def loss(point: Tensor, inputs: Tensor, targets: Tensor) -> Tensor:
        outputs = _outputs(spec, shapes, point, inputs)
        return losses.per_example(spec, outputs.unsqueeze(0), targets.unsqueeze(0)).mean()

    # Differentiating twice holds a copy of the batch for every pair of parameters.
    together = max(1, int(_CHUNK_BYTES // (8 * count**2 * (spec.batch + 3))))
    at_points = vmap(hessian(loss), in_dims=(0, None, None), chunk_size=min(together, POINTS))
    curvature = torch.stack([at_points(*one) for one in zip(points, batch.inputs, batch.labels, strict=True)])
    spectrum: Array = eigenvalues(curvature.double()).numpy()
    smallest, largest = spectrum[..., 0], spectrum[..., -1]
    return Variant(
        spec=spec,
        label=label,
        series={
            "smallest": Series(axes=("replica", "point"), values=smallest),
            "largest": Series(axes=("replica", "point"), values=largest),
        },
        facts=_facts(smallest, spectrum, count),
    )


def _facts(smallest: Array, spectrum: Array, count: int) -> dict[str, Any]:
    scale = np.abs(spectrum).max(axis=-1)
    negative = int(np.count_nonzero(smallest < -_ROUNDING * scale))
    return {
        "parameters": count,
        "points": smallest.size,
        "negative_points": negative,
        "negative_share": negative / smallest.size,
        "smallest": float(smallest.min()),
        "convex_here": negative == 0,
    }


def layer_shapes(spec: Spec, *, inputs: int) -> list[tuple[int, int]]:
    """Return (inputs, outputs) of every layer; logistic regression has one layer and no hidden one."""
    hidden = [] if spec.arch == "logistic" else [spec.width] * spec.depth
    return list(pairwise([inputs, *hidden, losses.output_units(spec)]))


def _outputs(spec: Spec, shapes: list[tuple[int, int]], point: Tensor, inputs: Tensor) -> Tensor:
    """Run one network whose parameters lie behind one another in `point`."""
    phi = activation(spec)
    a, start = inputs, 0
    for layer, (n, m) in enumerate(shapes):
        weights = point[start : start + n * m].reshape(n, m)
        biases = point[start + n * m : start + n * m + m]
        start += n * m + m
        a = (a if layer == 0 else phi(a)) @ weights + biases
    return a
