"""He et al. 2015: what an initialisation for linear networks loses with rectifiers, and a fixed one."""

import math
from dataclasses import dataclass

from sim.papers.finding import Finding, Paper, per_replica, within
from sim.papers.measuring import Profiles, measure
from sim.reporting import Report

PAPER = Paper(
    authors="He, Zhang, Ren & Sun",
    year=2015,
    title="Delving deep into rectifiers: surpassing human-level performance on ImageNet classification",
    link="https://arxiv.org/abs/1502.01852",
)
_SQUARE = "8 × 8 images, circular padding"


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is computed; the convolutions are narrower than the paper's."""

    depth: int = 30
    width: int = 256
    seeds: int = 12
    channels: int = 64
    conv_seeds: int = 8
    fixed: tuple[int, ...] = (64, 128)
    fixed_depth: int = 8


def run(report: Report, size: Size | None = None) -> tuple[list[Finding], list[str]]:
    """Measure the factor per layer of Xavier, He and a fixed standard deviation."""
    size = size or Size()
    plain = f"mlp {size.depth}x{size.width} relu batch=32 seeds={size.seeds}"
    conv = f"cnn {size.depth}x{size.channels} relu circular batch=8 seeds={size.conv_seeds}"
    findings: list[Finding] = []
    for number, init in enumerate(("glorot", "he")):
        report(number / 4, f"{init}, {size.depth} layers of {size.width} units")
        findings.append(_factor(init, f"{size.depth} layers", measure(f"{plain} {init}"), within_share=0.02))
    for number, init in enumerate(("glorot", "he"), start=1):
        report(number / 3, f"{init}, {size.depth} convolutions")
        findings.append(
            _factor(init, f"{size.depth} convolutions", measure(f"{conv} {init}"), within_share=0.03)
        )
    for channels in size.fixed:
        report(0.9, f"a fixed standard deviation, {channels} channels")
        findings.append(_fixed(channels, size))
    return findings, [f"{plain} glorot vs he", f"{conv} glorot vs he"]


def _factor(init: str, what: str, found: Profiles, *, within_share: float) -> Finding:
    xavier = init == "glorot"
    paper = math.sqrt(0.5) if xavier else 1.0
    return Finding(
        what=f"gradient per layer, {'Xavier' if xavier else 'He'}, {what}",
        place="section 2.2, eq. 14 (number from memory), and Figure 3"
        if xavier
        else "section 2.2, eq. 14 (number from memory)",
        says="Var W = 1/n loses √½ per ReLU layer; 30 layers stall, their gradients diminish"
        if xavier
        else "Var W = 2/n keeps the gradient's size",
        paper=paper,
        theory=found.theory,
        values=per_replica(found.factors),
        bounds=within(paper, within_share),
        why=f"{100 * within_share:.0f} %: a network's own factor scatters with its width, the less the wider",
    )


def _fixed(channels: int, size: Size) -> Finding:
    """Reproduce the factors by which the paper explains why VGG's conv2 gets no gradient."""
    text = (
        f"cnn {size.fixed_depth}x{channels} relu circular normal std=0.01 batch=8 seeds={size.conv_seeds} "
        "image=4"
    )
    found = measure(text)
    paper = {64: 1 / 5.9, 128: 1 / 4.2}[channels]
    return Finding(
        what=f"gradient per convolution, Gaussian of 0.01, {channels} channels",
        place="section 2.2, discussion of fixed standard deviations (place from memory, numbers checked)",
        says=f"√(½·9·{channels})·0.01 = 1/{1 / paper:.1f}; over VGG's layers together 1/(1.7·10⁴)",
        paper=paper,
        theory=found.theory,
        values=per_replica(found.factors),
        bounds=within(paper, 0.04),
        why="4 %: the paper rounds to two digits, and narrow networks scatter",
    )
