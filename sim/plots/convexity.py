"""Draw the smallest curvature of the loss at random points: below zero, the loss is not convex there.

Further cards show the loss between solutions, and weights that grow for ever.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim.measurements import Array, Measurements, Variant
from sim.plots import convexity_growth, convexity_segments
from sim.plots.card import Card, Pen
from sim.plots.conditions import fit_title, footer
from sim.plots.convexity_words import names, sizes
from sim.plots.dealing import bounded, deal, finished
from sim.plots.frame import Frame
from sim.plots.labels import Label, Row, Run
from sim.plots.pixels import PANEL, shorten
from sim.plots.plot import Plot
from sim.plots.scales import share_scale, signed_scale
from sim.plots.theme import Theme
from sim.plots.wording import count, finite, number, sentence, share

_MARKERS = (("o", 6.0), ("s", 8.0), ("D", 7.5))
_DRAWN = 250  # points of a sorted curve
FLAT = "flat"
"""What a loss is called at a point where its smallest curvature is 0, up to rounding."""

_SPREAD_POINTS = 10  # points per seed from which the curves of single seeds can be compared


def draw(measurements: Measurements, theme: Theme) -> tuple[Plot, ...]:
    """Draw the sorted curvatures of up to three losses a card, and what else was found."""
    cards = [(compose(part, theme), alt(part)) for part in deal(measurements)]
    for further in (convexity_segments, convexity_growth):
        cards += [(further.compose(part, theme), further.alt(part)) for part in further.parts(measurements)]
    return finished(cards)


def title(measurements: Measurements) -> str:
    """Name the loss that curves down most often, or say that none does."""
    variants = measurements.variants
    shares = [finite(variant.facts, "negative_share") or 0.0 for variant in variants]
    worst = int(np.argmax(shares))
    if shares[worst] == 0:
        return fit_title(_never(variants))
    often = share(shares[worst])
    if len(variants) > 1 and min(shares) == shares[worst]:
        who = "Both" if len(variants) == 2 else f"All {len(variants)}"  # noqa: PLR2004
        return fit_title([f"{who} curve down at {often} of the points"])
    parts = names([variant.spec for variant in variants])[worst].split(" · ")
    forms = (
        f"curves down at {often} of the points",
        f"curves down at {often} of points",
        f"{often} curve down",
    )
    called = [
        " · ".join(parts),
        *(part for part in parts[::-1] if len(variants) == 1 or _tells(part, variants)),
    ]
    return fit_title([f"{sentence(name)}: {form}" for name in called for form in forms])


def _tells(part: str, variants: Sequence[Variant]) -> bool:
    """Tell whether a part of a name is that of one variant alone."""
    called = names([variant.spec for variant in variants])
    return sum(part in name.split(" · ") for name in called) == 1


def _never(variants: Sequence[Variant]) -> list[str]:
    """Say that no loss curves down at any point, and where one of them is flat."""
    points = [int(finite(variant.facts, "points") or 0) for variant in variants]
    if len(variants) > 1:
        who = "Neither" if len(variants) == 2 else "Not one"  # noqa: PLR2004
        each = [f"{who} curves down at any of {points[0]:,} points"] if len(set(points)) == 1 else []
        return [*each, f"{who} curves down at any point that was tried"]
    flat = int(finite(variants[0].facts, "flat_points") or 0)
    if flat:
        return [f"Never curves down, {FLAT} at {flat:,} of {points[0]:,} points", f"{sentence(FLAT)} or up"]
    return [f"Never curves down at {points[0]:,} of {points[0]:,} points", "Never curves down"]


def compose(measurements: Measurements, theme: Theme) -> Card:
    """Set up one card, with every mark and label but not yet drawn."""
    variants = measurements.variants
    called = names([variant.spec for variant in variants])
    values = [np.atleast_2d(variant.series["smallest"].values) for variant in variants]
    replicas = max(len(rows) for rows in values)
    specs = [variant.spec for variant in variants]
    card = Card(
        theme=theme,
        frame=Frame(
            title=title(measurements),
            quantity="smallest curvature (Hessian eigenvalue, log scale)",
            x_label="share of the random points, sorted (%)",
            footer=footer(sizes(specs), [_ending(variants, replicas)]),
            x=share_scale(),
            y=signed_scale(values),
        ),
    )
    _draw_zero(card)
    for place, (name, rows) in enumerate(zip(called, values, strict=True)):
        marker, size = _MARKERS[place]
        pen = Pen(color=theme.series[place], marker=marker, size=size, owner=place, width=2.6)
        _draw_loss(card, name, rows, pen, _flat_share(variants[place]))
    return card


def alt(measurements: Measurements) -> str:
    """Describe the card: kind and axes, then each loss, then points and conditions."""
    variants = measurements.variants
    called = names([variant.spec for variant in variants])
    kind = "Line chart with a logarithmic axis on both sides of zero"
    sentences = [
        f"{kind}: smallest Hessian eigenvalue of the loss at random points, sorted, against their share.",
        "Below zero the loss curves down, so it is not convex there.",
        *(_course(name, variant) for name, variant in zip(called, variants, strict=True)),
    ]
    words = [condition.words for condition in sizes([variant.spec for variant in variants])]
    replicas = max(len(np.atleast_2d(variant.series["smallest"].values)) for variant in variants)
    sentences.append(f"{sentence(_ending(variants, replicas))}.")
    return bounded([*sentences, f"Conditions: {', '.join(words)}." if words else ""])


def _draw_zero(card: Card) -> None:
    scale = card.frame.y
    card.zone(scale.low, 0.0, "curves down: not convex")
    card.rule([card.frame.x.low, card.frame.x.high], [0.0, 0.0], card.theme.muted)


def _draw_loss(card: Card, name: str, rows: Array, pen: Pen, flat: float) -> None:
    to = card.frame.y.to
    pooled = np.sort(rows[np.isfinite(rows)])
    if not pooled.size:
        return
    x = (np.arange(pooled.size) + 0.5) / pooled.size
    if pooled.size > _DRAWN:  # more than can be told apart
        kept = np.round(np.linspace(0, pooled.size - 1, _DRAWN)).astype(np.intp)
        x, pooled = x[kept], pooled[kept]
    if len(rows) > 1 and rows.shape[1] >= _SPREAD_POINTS:
        shares = (np.arange(rows.shape[1], dtype=np.float64) + 0.5) / rows.shape[1]
        low, high = np.nanquantile(np.sort(rows, axis=1), (0.1, 0.9), axis=0)
        card.spread(shares, to(low), to(high), pen.color)
    focus = pen.owner == 0
    marked = np.linspace(0, pooled.size - 1, min(pooled.size, 21 if focus else 5))
    if not focus and pooled.size > len(marked):
        marked = marked[:-1] + pen.owner * pooled.size / 24
    marks = sorted({int(at) for at in np.round(marked) if at <= pooled.size - 1})
    points = card.line(x, to(pooled), pen, marked=marks, layer=4 if focus else 3)
    words = shorten(name, 0.7 * (PANEL.right - PANEL.left), bold=True)
    beside = (Run(text=f"  {FLAT} at {share(flat)}", color=card.theme.muted),) if flat else ()
    row = Row(runs=(Run(text=words, color=pen.color, bold=True), *beside), glyph=pen.glyph)
    card.labels.append(Label(rows=(row,), anchors=points, owner=pen.owner))


def _flat_share(variant: Variant) -> float:
    return (finite(variant.facts, "flat_points") or 0.0) / (finite(variant.facts, "points") or 1.0)


def _ending(variants: Sequence[Variant], replicas: int) -> str:
    points = count(finite(variants[0].facts, "points") or 0, "point")
    if replicas > 1:
        return f"{points}, {replicas} seeds: band 10–90 %"
    return f"{points} each" if len(variants) > 1 else points


def _course(name: str, variant: Variant) -> str:
    facts: Mapping[str, Any] = variant.facts
    points, negative = finite(facts, "points"), finite(facts, "negative_points")
    how_often = ""
    if points is not None and negative is not None:
        how_often = f"below zero at {negative:,.0f} of {count(points, 'point')}"
    flat, lowest = finite(facts, "flat_points"), finite(facts, "smallest")
    level = f", {FLAT} (0 up to rounding) at {flat:,.0f}" if flat else ""
    to = "" if lowest is None else f", smallest {number(lowest)}"
    return f"{sentence(name)}: {how_often}{level}{to}."
