"""Xiong et al. 2020: the last block's weight gradient in post-LN and pre-LN transformers."""

import math
from dataclasses import dataclass

import numpy as np

from sim.measurements import Array
from sim.papers.finding import Bounds, Finding, Paper, per_replica, within
from sim.papers.measuring import weight_gradient_of_one_example
from sim.reporting import Report

PAPER = Paper(
    authors="Xiong, Yang, He, Zheng, Zheng, Xing, Zhang, Lan, Wang & Liu",
    year=2020,
    title="On layer normalization in the transformer architecture",
    link="https://arxiv.org/abs/2002.04745",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is computed; `examples` are measured one by one in every network."""

    depths: tuple[int, ...] = (6, 12, 24)
    width: int = 64
    seeds: int = 16
    examples: int = 6


def run(report: Report, size: Size | None = None) -> tuple[list[Finding], list[str]]:
    """Measure ∂L/∂W₂ of all blocks."""
    size = size or Size()
    found: dict[str, list[Array]] = {}
    parts = [(order, depth) for order in ("post", "pre") for depth in size.depths]
    head = f"batch=20 seeds={size.seeds} data=digits loss=ce"
    for number, (order, depth) in enumerate(parts):
        report(number / len(parts), f"{order}-LN, {depth} blocks")
        text = f"transformer {depth}x{size.width} {head} order={order}"
        found.setdefault(order, []).append(weight_gradient_of_one_example(text, size.examples))
    findings = [
        *(_last(found["post"], size, "post", place) for place in range(1, len(size.depths))),
        *(_last(found["pre"], size, "pre", place) for place in range(1, len(size.depths))),
        _pre_is_smaller(found, size),
        _first_over_last(found["post"][-1], size),
    ]
    shallow, deep = size.depths[0], size.depths[-1]
    compared = f"order=pre vs depth={deep} order=post vs depth={deep} order=pre"
    return findings, [f"transformer {shallow}x{size.width} {head} order=post vs {compared}"]


def _last(found: list[Array], size: Size, order: str, place: int) -> Finding:
    shallow, deep = size.depths[0], size.depths[place]
    expected = 1.0 if order == "post" else math.sqrt(shallow / deep)
    # Networks of different depths are different draws, so each deep one is compared with the typical shallow.
    ratios = found[place][:, -1] / np.median(found[0][:, -1])
    return Finding(
        what=f"last block's weight gradient, {order}-LN, {deep} blocks over {shallow}",
        place="Theorem 1; Figure 3c and 3d",
        says="independent of the depth L" if order == "post" else "∝ 1/√L",
        paper=expected,
        theory=expected,
        values=per_replica(ratios),
        bounds=within(expected, 0.2),
        why="20 %: networks this narrow scatter"
        + ("" if order == "post" else "; the stream's variance grows like 1 + kL, not L (Lemma 2)"),
    )


def _pre_is_smaller(found: dict[str, list[Array]], size: Size) -> Finding:
    ratios = found["pre"][-1][:, -1] / np.median(found["post"][-1][:, -1])
    return Finding(
        what=f"last block's weight gradient, pre-LN over post-LN, {size.depths[-1]} blocks",
        place="section 3.3, below Theorem 1",
        says="much smaller for pre-LN",
        values=per_replica(ratios),
        bounds=Bounds(least=0.0, most=0.5),
        why="a bound, one half: the paper gives no number",
    )


def _first_over_last(found: Array, size: Size) -> Finding:
    return Finding(
        what=f"weight gradient, block 1 over block {size.depths[-1]}, post-LN",
        place="section 3.3, extended theory; Figure 3a",
        says="likely to decay as the layer index decreases",
        values=per_replica(found[:, 0] / found[:, -1]),
        bounds=Bounds(least=0.5, most=2.0),
        why="a bound, a factor of 2 over all blocks: nothing exponential",
        differs="it does not decay here: in an untrained encoder post-LN does not let the gradient vanish; "
        "the paper shows gradients averaged over mini-batches, of an encoder with a decoder",
    )
