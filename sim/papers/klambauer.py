"""Klambauer et al. 2017: SELU keeps mean and variance, and what that means for the gradient."""

import math
from dataclasses import dataclass

import numpy as np

from sim.measurements import Array
from sim.papers.finding import Bounds, Finding, Paper, per_replica, within
from sim.papers.measuring import Profiles, chunks, measure
from sim.reporting import Report

PAPER = Paper(
    authors="Klambauer, Unterthiner, Mayr & Hochreiter",
    year=2017,
    title="Self-normalizing neural networks",
    link="https://arxiv.org/abs/1706.02515",
)
_DEVIATION = 1.1  # of the variance of the inputs, small enough for the linear law
_LAYERS = 6  # over which a deviation is followed, before the noise of finite width takes over
_CONTRACTION = 0.782648


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is computed."""

    depth: int = 30
    width: int = 400
    batch: int = 64
    seeds: int = 8


def run(report: Report, size: Size | None = None) -> tuple[list[Finding], list[str]]:
    """Measure mean, variance, how fast the variance returns to 1, and the gradient."""
    size = size or Size()
    text = f"mlp {size.depth}x{size.width} selu lecun batch={size.batch} seeds={size.seeds}"
    deviating = f"{text} input_scale={math.sqrt(_DEVIATION)!r}"
    report(0.0, f"{size.depth} layers of {size.width} units")
    mean, variance = _moments(text)
    report(1 / 3, "the same networks with larger inputs")
    _, moved = _moments(deviating)
    report(2 / 3, "gradients")
    return [
        _mean(mean),
        _variance(variance),
        _contraction(variance, moved),
        _gradient(measure(text), size),
    ], [text]


def _moments(text: str) -> tuple[Array, Array]:
    """Return mean and variance of what every layer passes on, each (replica, layer)."""
    means: list[Array] = []
    variances: list[Array] = []
    for _, chunk in chunks(text):
        states = chunk.network(chunk.parameters.tensors, chunk.batch.inputs).states
        flat = np.stack([state.double().flatten(1).numpy() for state in states], axis=1)
        means.append(flat.mean(axis=2))
        variances.append(flat.var(axis=2))
    return np.concatenate(means), np.concatenate(variances)


def _mean(mean: Array) -> Finding:
    return Finding(
        what="mean of the last layer's activations",
        place="section 2, Definition 1 and eq. 14 (numbers from memory)",
        says="the fixed point has mean 0",
        paper=0.0,
        theory=0.0,
        values=per_replica(mean[:, -1]),
        bounds=Bounds(least=-0.05, most=0.05),
        why="0.05: the units of a layer are finitely many",
    )


def _variance(variance: Array) -> Finding:
    return Finding(
        what="variance of the last layer's activations",
        place="section 2, Definition 1 and eq. 14 (numbers from memory)",
        says="the fixed point has variance 1",
        paper=1.0,
        theory=1.0,
        values=per_replica(variance[:, -1]),
        bounds=within(1.0, 0.1),
        why="10 %: every layer of finite width kicks the variance a little",
    )


def _contraction(variance: Array, moved: Array) -> Finding:
    """Compare the same networks on the same inputs, a little larger, so that their noise cancels."""
    deviation = moved - variance
    layers = min(_LAYERS, deviation.shape[1] - 1)
    rates = (deviation[:, layers] / deviation[:, 0]) ** (1 / layers)
    return Finding(
        what="what is left of a deviation of the variance, per layer",
        place="eq. 6, the Jacobian of the map of mean and variance",
        says=f"∂ν'/∂ν = {_CONTRACTION} at the fixed point",
        paper=_CONTRACTION,
        theory=_CONTRACTION,
        values=per_replica(rates),
        bounds=within(_CONTRACTION, 0.03),
        why="3 %: the law is that of a small deviation and endless width",
    )


def _gradient(found: Profiles, size: Size) -> Finding:
    growth = found.theory
    return Finding(
        what="gradient per layer",
        place="abstract",
        says="vanishing and exploding gradients are impossible",
        theory=growth,
        values=per_replica(found.factors),
        bounds=within(growth, 0.01),
        why="1 % of the theory, √(E φ'²) at the fixed point: finite width",
        differs="it grows, slowly but in every layer alike: the variance is bounded, the gradient is not; "
        f"{size.depth} layers multiply it by {growth ** (size.depth - 1):.1f}",
    )
