"""Pascanu et al. 2013: what the recurrent weights alone say about vanishing and exploding, and what not."""

from dataclasses import dataclass

import torch

from sim.papers import jacobians
from sim.papers.finding import Bounds, Finding, Paper, per_replica, within
from sim.papers.measuring import Profiles, chunks, measure
from sim.reporting import Report

PAPER = Paper(
    authors="Pascanu, Mikolov & Bengio",
    year=2013,
    title="On the difficulty of training recurrent neural networks",
    link="https://arxiv.org/abs/1211.5063",
)
_PLACE = "section 2.1"
_LARGE = 1.5
_SMALL = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is computed."""

    steps: int = 30
    width: int = 200
    batch: int = 32
    seeds: int = 8


def run(report: Report, size: Size | None = None) -> tuple[list[Finding], list[str]]:
    """Measure spectral radius and factor per step, of the same weights at two input scales."""
    size = size or Size()
    head = f"rnn {size.steps}x{size.width} batch={size.batch} seeds={size.seeds}"
    small, large = f"{head} linear lecun gain={_SMALL}", f"{head} tanh lecun gain={_LARGE}"
    faint, orthogonal = f"{large} input_scale=0.1", f"{head} linear orthogonal"
    report(0.0, "spectral radius")
    radius = _radius(large)
    found: list[Profiles] = []
    for number, text in enumerate((small, large, faint, orthogonal), start=1):
        report(number / 5, f"{size.steps} time steps")
        found.append(measure(text))
    findings = [
        _sufficient(found[0]),
        radius,
        _step(found[1], "inputs of size 1", vanishes=True),
        _step(found[2], "the same weights, inputs of 0.1", vanishes=False),
        _orthogonal(found[3]),
    ]
    return findings, [f"{large} vs input_scale=0.1 vs linear orthogonal gain=1"]


def _radius(text: str) -> Finding:
    found = [
        jacobians.spectral_radius(chunk.parameters.named("state.recurrent")[0]) for _, chunk in chunks(text)
    ]
    return Finding(
        what="largest eigenvalue of the recurrent weights, tanh",
        place=_PLACE,
        says="larger than 1 is necessary for gradients to explode",
        theory=_LARGE,
        values=per_replica(torch.cat(found).double().numpy()),
        bounds=within(_LARGE, 0.12),
        why="12 %: the circular law is for endless width",
    )


def _sufficient(found: Profiles) -> Finding:
    return Finding(
        what=f"gradient per step, linear, radius about {_SMALL}",
        place=_PLACE,
        says="smaller than 1 is sufficient for them to vanish",
        theory=found.theory,
        values=per_replica(found.factors),
        bounds=within(found.theory, 0.03),
        why="3 % of the theory: finite width",
    )


def _step(found: Profiles, inputs: str, *, vanishes: bool) -> Finding:
    bounds = within(found.theory, 0.03)
    return Finding(
        what=f"gradient per step, tanh, {inputs}",
        place=_PLACE,
        says="necessary, but not sufficient" if vanishes else "weights above the threshold can explode",
        theory=found.theory,
        values=per_replica(found.factors),
        bounds=Bounds(
            least=bounds.least if vanishes else max(1.0, bounds.least),
            most=min(1.0, bounds.most) if vanishes else bounds.most,
        ),
        why=f"3 % of the theory, and {'below' if vanishes else 'above'} 1: finite width",
    )


def _orthogonal(found: Profiles) -> Finding:
    return Finding(
        what="gradient per step, linear, orthogonal",
        place="between the two cases of section 2.1",
        says="of an orthogonal matrix all eigenvalues, and all singular values, are 1 in absolute value",
        theory=1.0,
        values=per_replica(found.factors),
        bounds=within(1.0, 1e-5),
        why="10⁻⁵: exact but for rounding in single precision",
    )
