"""Draw the size of the gradient in each layer: does it vanish, explode, or stay?"""

from dataclasses import dataclass

import numpy as np

from sim.measurements import Array, Measurements
from sim.plots import gradients_collapse
from sim.plots.along import Along, along
from sim.plots.card import Card, Pen
from sim.plots.conditions import conditions, footer, seeds
from sim.plots.dealing import deal, finished
from sim.plots.edges import draw_edges
from sim.plots.frame import Frame
from sim.plots.gradients_words import alt, direct_words, names, said, theory_words, title
from sim.plots.labels import Row, Run
from sim.plots.lines import Line, label_line, marked, pen_of
from sim.plots.plot import Plot
from sim.plots.scales import count_scale, log_scale
from sim.plots.spread import Spread
from sim.plots.theme import Theme
from sim.plots.wording import finite

__all__ = ["alt", "compose", "draw", "title"]

FLOAT16_ZERO = -25 * np.log10(2)
"""Decades: what is smaller rounds to 0 in float16, whose smallest number is 2**-24."""

_LEAST = 3.0  # decades shown at least: less would magnify noise into a trend
_ALL_MARKED = 32  # layers up to which every point is drawn
_FOCUS_MARKS = 24  # beyond


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One line of the card: its name, what was measured, what theory says, and how it is drawn."""

    name: str
    spread: Spread
    theory: Array | None
    pen: Pen
    note: str = ""


def draw(measurements: Measurements, theme: Theme) -> tuple[Plot, ...]:
    """Draw the focus and its theory against at most two other variants a card, and what passes forward."""
    cards = [(compose(part, theme), alt(part)) for part in deal(measurements)]
    if gradients_collapse.known(measurements):
        cards.append((gradients_collapse.compose(measurements, theme), gradients_collapse.alt(measurements)))
    return finished(cards)


def compose(measurements: Measurements, theme: Theme, way: Along | None = None) -> Card:
    """Set up one card, with every mark and label but not yet drawn."""
    variants = measurements.variants
    specs = [variant.spec for variant in variants]
    way = way or along(specs)
    curves = _curves(measurements, theme, way)
    spreads = [curve.spread for curve in curves]
    over, under = any(s.over.any() for s in spreads), any(s.under.any() for s in spreads)
    shown = [array for s in spreads for array in (s.median, s.low, s.high)]
    shown += [curve.theory for curve in curves if curve.theory is not None]
    y = log_scale(shown, least=_LEAST, floor=under, ceiling=over, zone_below=FLOAT16_ZERO)
    _, shared = names(variants, way)
    card = Card(
        theme=theme,
        frame=Frame(
            title=title(measurements, way),
            quantity=f"size of the gradient in each {way.each} (RMS, log scale)",
            x_label=way.x_label([len(s.x) for s in spreads]),
            footer=footer(conditions(specs, shared, said(measurements)), seeds(spreads[0].replicas)),
            x=count_scale(max(len(s.x) for s in spreads)),
            y=y,
        ),
    )
    if y.low < FLOAT16_ZERO:
        card.zone(y.low, FLOAT16_ZERO, "float16 rounds these to 0")
    draw_edges(card, [(curve.name, curve.spread, curve.pen) for curve in curves], way.step)
    theory = theory_words(finite(variants[0].facts, "theory_factor_per_layer"), way)
    for curve in curves:
        _draw_curve(card, curve, theory)
    return card


def _curves(measurements: Measurements, theme: Theme, way: Along) -> list[Curve]:
    variants = measurements.variants
    own = names(variants, way)[0]
    found = [(name, variant.series["signal"]) for name, variant in zip(own, variants, strict=True)]
    if len(variants) == 1 and "weight" in variants[0].series:
        # Alone, a network shows both of its gradients: they can disagree, as in a ReLU network.
        series = variants[0].series
        found = [(f"{own[0]}: ∂L/∂h", series["signal"]), ("weights: ∂L/∂W", series["weight"])]
    theory = variants[0].series.get("theory")
    curves: list[Curve] = []
    for place, (name, series) in enumerate(found):
        pen = pen_of(theme, place)
        note = "" if place else direct_words(variants[0])
        predicted = theory.values.ravel() if theory and place == 0 else None
        curves.append(Curve(name=name, spread=Spread.of(series), theory=predicted, pen=pen, note=note))
    return curves


def _draw_curve(card: Card, curve: Curve, theory: str) -> None:
    spread, pen, to = curve.spread, curve.pen, card.frame.y.to
    if spread.replicas > 1:
        card.spread(spread.x, to(spread.low), to(spread.high), pen.color)
    marks = marked(len(spread.x), pen.owner, most=_FOCUS_MARKS, all_up_to=_ALL_MARKED)
    points = card.line(spread.x, to(spread.median), pen, marked=marks, layer=3 if pen.owner else 4)
    notes: tuple[Row, ...] = ()
    if len(points) and curve.theory is not None:
        card.dashes(spread.x[: len(curve.theory)], to(curve.theory))
        text = card.theme.text
        notes = (Row(runs=(Run(text=theory, color=text),), glyph=Pen(color=text, marker="").glyph),)
    if curve.note:
        notes = (*notes, Row(runs=(Run(text=curve.note, color=card.theme.muted),)))
    label_line(card, Line(name=curve.name, spread=spread, pen=pen, notes=notes), points)
