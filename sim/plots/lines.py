"""The lines of a card: up to three, each in its colour, with its marker, its band and its name."""

from dataclasses import dataclass

import numpy as np

from sim.measurements import Array
from sim.plots.card import Card, Pen
from sim.plots.labels import Label, Row, Run
from sim.plots.pixels import PANEL, shorten, text_width
from sim.plots.spread import Spread
from sim.plots.theme import Theme

_MARKERS = (("o", 7.0), ("s", 8.0), ("D", 7.0))
_WIDEST = 0.6 * (PANEL.right - PANEL.left)
_CONTEXT_MARKS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A quantity over the horizontal axis, its name, and what stands below the name."""

    name: str
    spread: Spread
    pen: Pen
    notes: tuple[Row, ...] = ()
    beside: str = ""
    """A few words after the name."""


def pen_of(theme: Theme, place: int) -> Pen:
    """Return how the line at a place is drawn; the first is the focus."""
    marker, size = _MARKERS[place]
    return Pen(color=theme.series[place], marker=marker, size=size, owner=place)


def marked(points: int, place: int, *, most: int, all_up_to: int) -> list[int]:
    """Choose the points of a line that get a marker.

    The focus, at place 0, has all up to `all_up_to` points and `most` beyond; other lines have five, shifted
    from line to line so that coinciding lines both show.
    """
    if place:
        chosen = np.linspace(0, points - 1, _CONTEXT_MARKS) + (place - 1) * (points - 1) / 12
    else:
        chosen = np.linspace(0, points - 1, points if points <= all_up_to else most)
    return sorted({int(at) for at in np.round(chosen) if at <= points - 1})


def draw_line(card: Card, line: Line, *, most: int = 13, everywhere: bool = False) -> None:
    """Draw a line with its band, and hand in its label.

    Markers are evenly spaced, at most `most`, or stand at every point.
    """
    spread, pen, x = line.spread, line.pen, card.frame.x.to(line.spread.x)
    to = card.frame.y.to
    if spread.replicas > 1:
        card.spread(x, to(spread.low), to(spread.high), pen.color)
    marks = list(range(len(x))) if everywhere else _even(x, pen.owner, most)
    points = card.line(x, to(spread.median), pen, marked=marks, layer=3 if pen.owner else 4)
    label_line(card, line, points)


def _even(x: Array, place: int, most: int) -> list[int]:
    """Choose points that are evenly spaced on the card, whatever the scale of its axis."""
    even = np.linspace(float(x[0]), float(x[-1]), most * 3)
    nearest = np.unique(np.abs(x[:, None] - even).argmin(axis=0))
    return [int(nearest[at]) for at in marked(len(nearest), place, most=most, all_up_to=most)]


def label_line(card: Card, line: Line, points: Array) -> None:
    """Hand in the label of a line that is drawn through points in pixels, if there are any."""
    if len(points):
        first, rest = _divided(line.name)
        words = Run(text=first, color=line.pen.color, bold=True)
        beside = (Run(text=f"  {line.beside}", color=card.theme.muted),) if line.beside else ()
        below = (Row(runs=(Run(text=rest, color=line.pen.color),)),) if rest else ()
        rows = (Row(runs=(words, *beside), glyph=line.pen.glyph), *below, *line.notes)
        label = Label(rows=rows, anchors=points, owner=line.pen.owner, name_rows=1 + len(below))
        card.labels.append(label)


def _divided(name: str) -> tuple[str, str]:
    """Divide a name that is too wide between two rows, at one of its dots; what is too wide still is cut."""
    parts = name.split(" · ")
    for kept in range(len(parts), 0, -1):
        first = " · ".join(parts[:kept])
        if text_width(first, bold=True) <= _WIDEST:
            return first, shorten(" · ".join(parts[kept:]), _WIDEST)
    return shorten(name, _WIDEST, bold=True), ""
