"""Draw the final loss against the learning rate: is it the learning rate?"""

from dataclasses import replace

import numpy as np

from sim.measurements import Measurements
from sim.plots.card import Card, Pen
from sim.plots.conditions import footer, seeds
from sim.plots.dealing import finished
from sim.plots.frame import Frame
from sim.plots.labels import Label, Row, Run
from sim.plots.learning_rate_words import DIVERGED, WAYS, alt, conditions_of, growth_words, title
from sim.plots.level import draw_level, plateau_of
from sim.plots.lines import Line, draw_line, pen_of
from sim.plots.plain_scales import linear_scale, rate_scale
from sim.plots.plot import Plot
from sim.plots.spread import Spread
from sim.plots.theme import Theme

__all__ = ["alt", "compose", "draw", "title"]

_TOP = 2.4  # times the plateau: the height of the axis, whose top is for what diverged
_EDGE, _ROW = 0.04, 0.06  # shares of the axis: the first row of markers from the top, and row to row
_MARKER, _OPEN = 9.0, 12.0  # points


def draw(measurements: Measurements, theme: Theme) -> tuple[Plot, ...]:
    """Draw one card for each variant; where they share a loss, their axes are the same."""
    places = range(len(measurements.variants))
    return finished((compose(measurements, theme, place), alt(measurements, place)) for place in places)


def compose(measurements: Measurements, theme: Theme, place: int = 0) -> Card:
    """Set up the card of one variant, with every mark and label but not yet drawn."""
    variant = measurements.variants[place]
    rates, plateau = variant.series["rates"], plateau_of(variant)
    card = Card(
        theme=theme,
        frame=Frame(
            title=title(measurements, place),
            quantity="loss after training at each learning rate",
            x_label="learning rate (layer-wise: of the last layer, log scale)",
            footer=footer(conditions_of(variant), seeds(variant.spec.seeds)),
            x=rate_scale(rates.values),
            y=linear_scale([np.array([0.0, plateau])], top=_TOP * plateau),
        ),
    )
    draw_level(card, plateau)
    for number, (name, words) in enumerate(WAYS.items()):
        beside = growth_words(variant) if number else ""
        pen = pen_of(theme, number)
        # Where both ways end alike, the open markers of one show the points of the other.
        pen = replace(pen, size=_OPEN, filled=False) if number else pen
        line = Line(name=words, beside=beside, spread=Spread.of(variant.series[name], rates), pen=pen)
        _draw_way(card, line, DIVERGED * plateau)
    return card


def _draw_way(card: Card, line: Line, limit: float) -> None:
    """Draw one way of choosing rates: the line, and at the top edge what diverges."""
    spread, pen = line.spread, line.pen
    over = ~(spread.median < limit)
    median, low, high = (np.where(over, np.nan, one) for one in (spread.median, spread.low, spread.high))
    within = replace(line, spread=replace(spread, median=median, low=low, high=high))
    draw_line(card, within, everywhere=True)
    if not over.any():
        return
    scale = card.frame.y
    x = card.frame.x.to(spread.x[over])
    y = np.full(len(x), scale.high - (_EDGE + _ROW * pen.owner) * (scale.high - scale.low))
    edge = Pen(color=pen.color, marker="^", size=_MARKER, owner=pen.owner)
    card.markers(x, y, edge, layer=6)
    words = f"{line.name}: diverges" if over.all() else "diverges"
    row = Row(runs=(Run(text=words, color=pen.color),))
    card.labels.append(Label(rows=(row,), anchors=card.frame.pixels(x, y), owner=pen.owner))
