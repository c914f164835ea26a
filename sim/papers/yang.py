"""Yang et al. 2019: batch normalisation makes the gradients of untrained networks explode.

The paper's rates are growth of the squared norm per layer, towards the input.
"""

import math
from dataclasses import dataclass

from sim.papers.finding import Finding, Paper, per_replica, within
from sim.papers.measuring import measure
from sim.profiles import factor_per_layer
from sim.reporting import Report

PAPER = Paper(
    authors="Yang, Pennington, Rao, Sohl-Dickstein & Schoenholz",
    year=2019,
    title="A mean field theory of batch normalization",
    link="https://arxiv.org/abs/1902.08129",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is computed; the paper's own simulations have 1000 units and 200 networks."""

    depth: int = 12
    width: int = 384
    seeds: int = 8
    batches: tuple[int, ...] = (8, 32, 128)


def run(report: Report, size: Size | None = None) -> tuple[list[Finding], list[str]]:
    """Measure the rate for several batch sizes, for ReLU and for a linear network."""
    size = size or Size()
    head = f"mlp {size.depth}x{size.width} he norm=batch seeds={size.seeds}"
    runs = [("relu", batch) for batch in size.batches] + [("linear", size.batches[0])]
    findings: list[Finding] = []
    for number, (activation, batch) in enumerate(runs):
        report(number / len(runs), f"{activation}, batches of {batch}")
        findings.append(_rate(activation, batch, f"{head} {activation} batch={batch}"))
    findings.append(_limit(size.batches[-1], findings[len(size.batches) - 1]))
    first, *others = size.batches
    return findings, [" vs ".join([f"{head} relu batch={first}", *(f"batch={batch}" for batch in others)])]


def _rate(activation: str, batch: int, text: str) -> Finding:
    relu = activation == "relu"
    paper = relu_rate(batch) if relu else (batch - 2) / (batch - 3)
    found = measure(text)
    prediction = found.prediction
    # The first layer sees inputs of another variance than all others, so its factor is left out.
    steady = None if prediction is None else prediction.factor_between(2, len(prediction.factors) + 1)
    return Finding(
        what=f"squared gradient per layer, {'ReLU' if relu else 'linear'}, batches of {batch}",
        place="Theorem 8, eq. 25" if relu else "Theorem 8",
        says=f"explodes by {'eq. 25' if relu else '(B−2)/(B−3)'} per layer",
        paper=paper,
        theory=None if steady is None else steady**2,
        values=per_replica(factor_per_layer(found.signal[:, 1:]) ** 2),
        bounds=within(paper, 0.05),
        why="5 %: small batches have heavy tails, finite width adds noise",
    )


def _limit(batch: int, largest: Finding) -> Finding:
    limit = math.pi / (math.pi - 1)
    above = 100 * (relu_rate(batch) / limit - 1)
    return Finding(
        what="the same for endless batches, compared with the largest here",
        place="Theorem 8",
        says="decreases to π/(π−1) as B → ∞",
        paper=limit,
        theory=limit,
        values=largest.values,
        bounds=within(limit, 0.05),
        why=f"5 %: at B = {batch} eq. 25 itself is {above:.1f} % above the limit",
    )


def relu_rate(batch: int) -> float:
    """Return the paper's eq. 25 with α = 1: the rate of a ReLU network.

    J is the arc-cosine kernel of order 1, Cho & Saul 2009: J(c) = (√(1−c²) + (π − arccos c)·c)/π.
    """
    c = -1 / (batch - 1)
    kernel = (math.sqrt(1 - c * c) + (math.pi - math.acos(c)) * c) / math.pi
    slope = (math.pi - math.acos(c)) / math.pi
    above = (batch - 1) * (slope + (batch - 1))
    below = (batch - 3) * (batch - 1) * (1 - kernel)
    return above / below - 1 / (batch - 3)
