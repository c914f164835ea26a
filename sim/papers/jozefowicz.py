"""Gers et al. 2000 and Jozefowicz et al. 2015: why the forget gate of an LSTM starts with a bias."""

import math
from dataclasses import dataclass

import numpy as np

from sim.papers.finding import Bounds, Finding, Paper, per_replica, within
from sim.papers.measuring import Profiles, measure
from sim.reporting import Report
from sim.spec import Spec
from sim.theory import direct_path

PAPER = Paper(
    authors="Jozefowicz, Zaremba & Sutskever",
    year=2015,
    title="An empirical exploration of recurrent network architectures",
    link="https://proceedings.mlr.press/v37/jozefowicz15.html",
)
_BIASES = (0, 1, 2, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is computed."""

    steps: int = 30
    width: int = 64
    batch: int = 32
    seeds: int = 8


def run(report: Report, size: Size | None = None) -> tuple[list[Finding], list[str]]:
    """Measure the gradient at the cell state per step, with tiny weights and with torch's."""
    size = size or Size()
    head = f"lstm {size.steps}x{size.width} tanh batch={size.batch} seeds={size.seeds}"
    tiny, usual = f"{head} normal std=0.001", f"{head} torch"
    findings: list[Finding] = []
    for number, bias in enumerate(_BIASES):
        report(number / (2 * len(_BIASES)), f"tiny weights, forget bias {bias}")
        findings.append(_direct(bias, measure(f"{tiny} forget_bias={bias}")))
    for number, bias in enumerate(_BIASES, start=len(_BIASES)):
        report(number / (2 * len(_BIASES)), f"torch's weights, forget bias {bias}")
        text = f"{usual} forget_bias={bias}"
        findings.append(_whole(bias, measure(text), Spec.parse(text)))
    others = " vs ".join(f"forget_bias={bias}" for bias in _BIASES[1:])
    return findings, [f"{usual} forget_bias=0 vs {others}"]


def _direct(bias: int, found: Profiles) -> Finding:
    gate = 1 / (1 + math.exp(-bias))
    return Finding(
        what=f"gradient per step, tiny weights, forget bias {bias}",
        place="section 2.2; Gers et al. 2000, doi:10.1162/089976600300015015",
        says="small random weights set the forget gate to 0.5: a factor of 0.5 per step"
        if not bias
        else f"a bias of {bias} makes it σ({bias}) = {gate:.3f}",
        paper=0.5 if not bias else None,
        theory=gate,
        values=per_replica(found.factors),
        bounds=within(gate, 0.01),
        why="1 %: the gates are σ(bias) but for the tiny weights",
    )


def _whole(bias: int, found: Profiles, spec: Spec) -> Finding:
    path = direct_path(spec)
    if path is None:
        msg = "an untrained LSTM has a direct path"
        raise LookupError(msg)
    direct = math.exp(sum(math.log(factor) for factor in path.tolist()) / len(path))
    return Finding(
        what=f"gradient per step, torch's weights, forget bias {bias}",
        place="section 2.2",
        says="counts the forget gate alone",
        theory=direct,
        values=per_replica(found.factors),
        bounds=Bounds(least=direct, most=1.3 * direct),
        why="from the direct path through the forget gate, the theory here, to 30 % more: the paths through "
        "the other gates add to it",
        differs="the whole gradient is larger than the gate alone"
        + (": it even grows" if float(np.median(per_replica(found.factors))) > 1 else ""),
    )
