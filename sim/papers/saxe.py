"""Saxe et al. 2013: dynamical isometry, or what a deep network does to every direction at once."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.measurements import Array
from sim.papers import jacobians
from sim.papers.finding import Bounds, Finding, Paper, per_replica, within
from sim.papers.measuring import chunks
from sim.reporting import Report

PAPER = Paper(
    authors="Saxe, McClelland & Ganguli",
    year=2013,
    title="Exact solutions to the nonlinear dynamics of learning in deep linear neural networks",
    link="https://arxiv.org/abs/1312.6120",
)
_KEPT = 0.1
_ROOT_2 = math.sqrt(2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is computed; the paper's Figure 6 has 1000 units."""

    depth: int = 20
    width: int = 200
    seeds: int = 6


def run(report: Report, size: Size | None = None) -> tuple[list[Finding], list[str]]:
    """Measure the singular values of the end-to-end map of linear, ReLU and tanh networks."""
    size = size or Size()
    kinds = {
        "linear, orthogonal": "linear orthogonal",
        "linear, Gaussian": "linear lecun",
        "ReLU, orthogonal": f"relu orthogonal gain={_ROOT_2!r}",
        "ReLU, Gaussian": "relu he",
        "tanh, orthogonal": "tanh orthogonal input_scale=0.1",
        "tanh, Gaussian": "tanh lecun input_scale=0.1",
    }
    values: dict[str, Array] = {}
    for number, (name, words) in enumerate(kinds.items()):
        report(number / len(kinds), f"{name}, {size.depth} layers")
        text = f"mlp {size.depth}x{size.width} {words} batch=2 seeds={size.seeds} precision=float64"
        values[name] = np.concatenate([jacobians.end_to_end(chunk).numpy() for _, chunk in chunks(text)])
    findings = [
        _isometry("smallest", values["linear, orthogonal"], np.min),
        _isometry("largest", values["linear, orthogonal"], np.max),
        _norm(values["linear, Gaussian"]),
        _largest(values["linear, Gaussian"], size.depth),
        _median(values["linear, Gaussian"]),
        _relu("ReLU, orthogonal", values["ReLU, orthogonal"]),
        _relu("ReLU, Gaussian", values["ReLU, Gaussian"]),
        *(_tanh(name, values[name]) for name in ("tanh, orthogonal", "tanh, Gaussian")),
    ]
    return findings, [f"mlp {size.depth}x{size.width} linear orthogonal seeds={size.seeds} vs lecun"]


def _isometry(which: str, values: Array, choose: Callable[..., Array]) -> Finding:
    return Finding(
        what=f"{which} singular value, linear, orthogonal",
        place="section 3, below eq. 19",
        says="the end-to-end map is orthogonal: all singular values are 1",
        paper=1.0,
        theory=1.0,
        values=per_replica(choose(values, axis=1)),
        bounds=within(1.0, 1e-5),
        why="10⁻⁵: exact but for rounding; the weights are drawn in single precision",
    )


def _norm(values: Array) -> Finding:
    return Finding(
        what="root mean square singular value, linear, Gaussian",
        place="section 3, below eq. 19",
        says="Var W = 1/n keeps the length of a typical vector",
        paper=1.0,
        theory=1.0,
        values=per_replica(np.sqrt(np.mean(values**2, axis=1))),
        bounds=within(1.0, 0.15),
        why="15 %: the product of so many finite matrices scatters",
    )


def _largest(values: Array, depth: int) -> Finding:
    edge = math.sqrt((depth + 1) ** (depth + 1) / depth**depth)
    return Finding(
        what="largest singular value, linear, Gaussian",
        place="section 3, Figure 6B",
        says="a long tail of very large singular values remains",
        theory=edge,
        values=per_replica(values[:, 0]),
        bounds=within(edge, 0.25),
        why="25 %: the theory, √((L+1)^(L+1)/L^L) (Penson & Życzkowski 2011, arXiv:1103.3453), is for "
        "endless width, and the edge of a finite matrix lies inside",
    )


def _median(values: Array) -> Finding:
    return Finding(
        what="median singular value, linear, Gaussian",
        place="section 3, Figure 6B",
        says="most of the singular values become vanishingly small",
        values=per_replica(np.median(values, axis=1)),
        bounds=Bounds(least=0.0, most=0.01),
        why="a bound, 1 %: the paper gives no number",
    )


def _relu(name: str, values: Array) -> Finding:
    return Finding(
        what=f"share of directions that keep a tenth, {name}",
        place="not in this paper, whose section 4 asks for saturating units; Pennington et al. 2017, "
        "arXiv:1711.04735",
        says="ReLU networks cannot be isometric, whatever the weights",
        values=per_replica(np.mean(values > _KEPT, axis=1)),
        bounds=Bounds(least=0.0, most=0.5),
        why="a bound, one half: each layer alone already cuts half of the directions off",
        differs="the orthogonal start of linear networks gains a ReLU network next to nothing"
        if "orthogonal" in name
        else "",
    )


def _tanh(name: str, values: Array) -> Finding:
    orthogonal = "orthogonal" in name
    return Finding(
        what=f"share of directions that keep a tenth, {name}",
        place="section 4, Figure 7",
        says="at g = 1 a good part of the singular values stays near 1"
        if orthogonal
        else "Gaussian networks have a long tail instead (compare Figure 6B)",
        values=per_replica(np.mean(values > _KEPT, axis=1)),
        bounds=Bounds(least=0.9 if orthogonal else 0.0, most=1.0 if orthogonal else 0.5),
        why="a bound: at least 90 %" if orthogonal else "a bound: at most half",
    )
