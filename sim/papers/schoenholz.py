"""Schoenholz et al. 2017 and Poole et al. 2016: order, chaos and how deep a signal reaches.

The engine's biases are zero or torch's; here they are drawn with the papers' variance after the network is.
All examples start at the fixed point q*, so that every layer has the same χ.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from sim.measurements import Array
from sim.papers.correlation import MeanField
from sim.papers.finding import Finding, Paper, per_replica, within
from sim.papers.measuring import chunks, measure_drawn
from sim.profiles import factor_per_layer
from sim.randomness import Streams
from sim.replicas import Replicas
from sim.reporting import Report

PAPER = Paper(
    authors="Schoenholz, Gilmer, Ganguli & Sohl-Dickstein",
    year=2017,
    title="Deep information propagation",
    link="https://arxiv.org/abs/1611.01232",
)
BIAS = 0.05
_CRITICAL = (0.98, 1.02)
_NOISE = 0.03  # a distance from c* below this drowns in the noise of finite width
_ALIKE = 0.9  # the share of their variance that the inputs of a chaotic network have in common
# Far from the seeds of the weights.
_BIAS_SEED = 10_000
_COMMON_SEED = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is computed: one network per replica for every σ_w² of `weights`."""

    depth: int = 20
    width: int = 384
    batch: int = 24
    seeds: int = 8
    weights: tuple[float, ...] = (1.0, 1.5, 1.76, 2.5, 4.0)


def run(report: Report, size: Size | None = None) -> tuple[list[Finding], list[str]]:
    """Measure χ and, away from criticality, the depth scales of gradient and correlation."""
    size = size or Size()
    findings: list[Finding] = []
    for number, weight in enumerate(size.weights):
        report(number / len(size.weights), f"σw² = {weight:g}")
        findings += _at(weight, size)
    gains = [f"gain={math.sqrt(weight):.4g}" for weight in size.weights]
    text = f"mlp {size.depth}x{size.width} tanh lecun {gains[0]} seeds={size.seeds}"
    return findings, [" vs ".join([text, *gains[1:]])]


def _at(weight: float, size: Size) -> list[Finding]:
    field = MeanField(weight=weight, bias=BIAS)
    q = field.variance()
    chi, fixed = field.chi(q), field.correlation(q)
    alike = 0.0 if fixed == 1.0 else _ALIKE
    scale = math.sqrt((q - BIAS) / weight)
    text = (
        f"mlp {size.depth}x{size.width} tanh lecun gain={math.sqrt(weight)!r} input_scale={scale!r} "
        f"batch={size.batch} seeds={size.seeds}"
    )
    squares: list[Array] = []
    correlations: list[Array] = []
    for spec, drawn in chunks(text):
        chunk = _with_common_part(drawn, alike, scale, spec.seed)
        _draw_biases(chunk, spec.seed)
        squares.append(factor_per_layer(measure_drawn(spec, chunk).signal) ** 2)
        correlations.append(_correlations(chunk))
    findings = [_chi(weight, chi, np.concatenate(squares))]
    if not _CRITICAL[0] < chi < _CRITICAL[1]:
        slope = field.correlation_slope(min(fixed, 1.0), q)
        start = (weight * alike * scale**2 + BIAS) / q
        predicted = _predicted(field, q, start, size.depth)
        findings.append(_decay(weight, fixed, slope, predicted, np.concatenate(correlations)))
    return findings


def _with_common_part(chunk: Replicas, alike: float, scale: float, seed: int) -> Replicas:
    """Make this share of the inputs' variance, scale², the same for all examples of a replica."""
    own = chunk.batch.inputs
    streams = Streams([_COMMON_SEED + seed + number for number in chunk.numbers])
    common = scale * streams.normal(1, own.shape[2])
    mixed = math.sqrt(alike) * common + math.sqrt(1 - alike) * own
    return replace(chunk, batch=replace(chunk.batch, inputs=mixed))


def _draw_biases(chunk: Replicas, seed: int) -> None:
    streams = Streams([_BIAS_SEED + seed + number for number in chunk.numbers])
    for bias in chunk.parameters.named("bias"):
        streams.fill_normal(bias, math.sqrt(BIAS))


def _correlations(chunk: Replicas) -> Array:
    """Return the mean correlation of different examples' pre-activations, shape (replica, layer)."""
    with torch.no_grad():
        streams = chunk.network(chunk.parameters.tensors, chunk.batch.inputs).streams
    return torch.stack([_mean_cosine(stream) for stream in streams], dim=1).numpy()


def _mean_cosine(stream: Tensor) -> Tensor:
    units = torch.nn.functional.normalize(stream.double(), dim=2)
    count = units.shape[1]
    return (units.sum(dim=1).square().sum(dim=1) - count) / (count * (count - 1))


def _predicted(field: MeanField, q: float, start: float, depth: int) -> Array:
    found = [start]
    for _ in range(depth - 1):
        found.append(field.next_correlation(found[-1], q))
    return np.array(found)


def _chi(weight: float, chi: float, squares: Array) -> Finding:
    length = f"ξ = {1 / abs(math.log(chi)):.1f} layers" if abs(math.log(chi)) > 1e-3 else "no end of ξ"  # noqa: PLR2004
    critical = _CRITICAL[0] < chi < _CRITICAL[1]
    phase = "critical: it reaches any depth" if critical else "ordered: it vanishes"
    phase = phase if chi < _CRITICAL[1] else "chaotic: it explodes"
    return Finding(
        what=f"squared gradient per layer, σw² = {weight:g}",
        place="section 4, χ₁ and ξ∇ = −1/log χ₁ (numbering from memory)",
        says=f"χ₁ = {chi:.3f}, {length}; {phase}",
        paper=1.0 if critical else None,
        theory=chi,
        values=per_replica(squares),
        bounds=within(chi, 0.04),
        why="4 %: twice the scatter of a factor of networks this wide",
    )


def _decay(
    weight: float, fixed: float, slope: float, predicted: Array, measured: Sequence[float] | Array
) -> Finding:
    """Follow the distance from c* per layer for as long as it stands out of the noise."""
    distance = np.abs(np.asarray(measured) - fixed)
    expected = np.abs(predicted - fixed)
    last = int(np.flatnonzero(expected > _NOISE)[-1])
    theory = float((expected[last] / expected[0]) ** (1 / last))
    return Finding(
        what=f"distance of the correlation from c*, per layer, σw² = {weight:g}",
        place="section 3, ξ_c (numbering from memory); Poole et al. 2016, section 3",
        says=f"ξ_c = {-1 / math.log(slope):.1f} layers near c* = {fixed:.3f}, a factor {slope:.3f} per layer",
        theory=theory,
        values=per_replica((distance[:, last] / distance[:, 0]) ** (1 / last)),
        bounds=within(theory, 0.05),
        why=f"5 %: finite width; theory is over the same layers 1 to {last + 1}, partly still far from c*",
    )
