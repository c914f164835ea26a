"""Draw the size of the gradient in each layer: does it vanish, explode, or stay?"""

from dataclasses import dataclass

import numpy as np

from sim.measurements import Array, Measurements
from sim.plots.card import Card, Pen
from sim.plots.conditions import conditions, footer, seeds
from sim.plots.dealing import plots
from sim.plots.edges import draw_edges
from sim.plots.frame import Frame
from sim.plots.gradients_words import alt, names, said, theory_words, title
from sim.plots.labels import Label, Row, Run
from sim.plots.names import unit
from sim.plots.pixels import PANEL, shorten
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
_WIDEST = 0.6 * (PANEL.right - PANEL.left)
_MARKERS = (("o", 7.0), ("s", 8.0), ("D", 7.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One line of the card: its name, what was measured, what theory says, and how it is drawn."""

    name: str
    spread: Spread
    theory: Array | None
    pen: Pen


def draw(measurements: Measurements, theme: Theme) -> tuple[Plot, ...]:
    """Draw the focus and its theory against at most two other variants a card."""
    return plots(measurements, theme, compose, alt)


def compose(measurements: Measurements, theme: Theme) -> Card:
    """Set up one card, with every mark and label but not yet drawn."""
    variants = measurements.variants
    specs = [variant.spec for variant in variants]
    curves = _curves(measurements, theme)
    spreads = [curve.spread for curve in curves]
    over, under = any(s.over.any() for s in spreads), any(s.under.any() for s in spreads)
    shown = [array for s in spreads for array in (s.median, s.low, s.high)]
    shown += [curve.theory for curve in curves if curve.theory is not None]
    y = log_scale(shown, least=_LEAST, floor=under, ceiling=over, zone_below=FLOAT16_ZERO)
    _, shared = names(variants)
    step = unit(specs)
    each = "layer" if step == "layer" else "time step"
    end = "next to the input" if step == "layer" else "the first input"
    card = Card(
        theme=theme,
        frame=Frame(
            title=title(measurements),
            quantity=f"size of the gradient in each {each} (RMS, log scale)",
            x_label=f"{each} (1 = {end})",
            footer=footer(conditions(specs, shared, said(measurements)), seeds(spreads[0].replicas)),
            x=count_scale(max(len(s.x) for s in spreads)),
            y=y,
        ),
    )
    if y.low < FLOAT16_ZERO:
        card.zone(y.low, FLOAT16_ZERO, "float16 rounds these to 0")
    draw_edges(card, [(curve.name, curve.spread, curve.pen) for curve in curves], step)
    for curve in curves:
        _draw_curve(card, curve, finite(variants[0].facts, "theory_factor_per_layer"))
    return card


def _curves(measurements: Measurements, theme: Theme) -> list[Curve]:
    variants = measurements.variants
    own = names(variants)[0]
    found = [(name, variant.series["signal"]) for name, variant in zip(own, variants, strict=True)]
    if len(variants) == 1 and "weight" in variants[0].series:
        # Alone, a network shows both of its gradients: they can disagree, as in a ReLU network.
        series = variants[0].series
        found = [(f"{own[0]}: ∂L/∂h", series["signal"]), ("weights: ∂L/∂W", series["weight"])]
    theory = variants[0].series.get("theory")
    curves: list[Curve] = []
    for place, (name, series) in enumerate(found):
        marker, size = _MARKERS[place]
        pen = Pen(color=theme.series[place], marker=marker, size=size, owner=place)
        predicted = theory.values.ravel() if theory and place == 0 else None
        curves.append(Curve(name=name, spread=Spread.of(series), theory=predicted, pen=pen))
    return curves


def _draw_curve(card: Card, curve: Curve, factor: float | None) -> None:
    spread, pen, to = curve.spread, curve.pen, card.frame.y.to
    if spread.replicas > 1:
        card.spread(spread.x, to(spread.low), to(spread.high), pen.color)
    layers, focus = len(spread.x), pen.owner == 0
    if not focus:
        # Five markers, shifted from series to series so that coinciding lines both show.
        marked = np.linspace(0, layers - 1, 5) + (pen.owner - 1) * (layers - 1) / 12
    else:
        marked = np.linspace(0, layers - 1, layers if layers <= _ALL_MARKED else 24)
    marks = sorted({int(place) for place in np.round(marked) if place <= layers - 1})
    points = card.line(spread.x, to(spread.median), pen, marked=marks, layer=4 if focus else 3)
    if len(points):
        words = Run(text=shorten(curve.name, _WIDEST, bold=True), color=pen.color, bold=True)
        rows = [Row(runs=(words,), glyph=pen.glyph)]
        if curve.theory is not None:
            rows.append(_draw_theory(card, curve, curve.theory, factor))
        card.labels.append(Label(rows=tuple(rows), anchors=points, owner=pen.owner))


def _draw_theory(card: Card, curve: Curve, theory: Array, factor: float | None) -> Row:
    """Draw the dashes and return their row of the curve's label."""
    card.dashes(curve.spread.x[: len(theory)], card.frame.y.to(theory))
    text = card.theme.text
    return Row(runs=(Run(text=theory_words(factor), color=text),), glyph=Pen(color=text, marker="").glyph)
