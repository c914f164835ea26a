"""Draw what has no place on a logarithmic axis: exact zeros at the bottom edge, overflow at the top."""

from collections.abc import Callable, Sequence

import numpy as np

from sim.measurements import Array
from sim.plots.card import Card, Pen
from sim.plots.labels import Label, Row, Run
from sim.plots.pixels import PANEL, shorten, text_width
from sim.plots.spread import Spread
from sim.plots.wording import ranges

_INSET, _ROW = 0.03, 0.055  # shares of the axis: the first row of markers from the edge, and row to row
_MARKER = 8.0  # points
_MOST = 50  # markers
_WIDEST = 0.85 * (PANEL.right - PANEL.left)
_SHORTEST = 200.0  # pixels that a name keeps


def edge_words(spread: Spread, step: str) -> tuple[str, str]:
    """Say where the median overflows and where it is exactly 0; empty where it does neither."""
    over, under = spread.positions(spread.over), spread.positions(spread.under)
    return _where("overflow", over, spread, step), _where("exactly 0", under, spread, step)


def draw_edges(card: Card, lines: Sequence[tuple[str, Spread, Pen]], step: str) -> None:
    """Mark what of each line lies beyond the axes, in words about layers or other numbered places."""
    mark_edges(card, lines, lambda spread: edge_words(spread, step))


def mark_edges(
    card: Card, lines: Sequence[tuple[str, Spread, Pen]], say: Callable[[Spread], tuple[str, str]]
) -> None:
    """Mark what of each line lies beyond the axes: markers at its positions, and a few words.

    Lines are given with their names, which the words include if no point of the line is within the
    axes, for then nothing else names it. `say` words the overflow and the zeros of a line.
    """
    scale = card.frame.y
    rows = {"^": 0, "v": 0}
    for name, spread, pen in lines:
        nameless = bool((spread.over | spread.under).all())
        over, under = say(spread)
        for where, words, marker in ((spread.over, over, "^"), (spread.under, under, "v")):
            if words:
                inset = (scale.high - scale.low) * (_INSET + _ROW * rows[marker])
                height = scale.high - inset if marker == "^" else scale.low + inset
                room = max(_WIDEST - text_width(words), _SHORTEST)
                text = f"{shorten(name, room)}: {words}" if nameless else words
                edge = Pen(color=pen.color, marker=marker, size=_MARKER, owner=pen.owner)
                _mark(card, _apart(card.frame.x.to(spread.x[where])), height, edge, text)
                rows[marker] += 1


def _mark(card: Card, x: Array, height: float, pen: Pen, text: str) -> None:
    y = np.full(len(x), height)
    card.markers(x, y, pen, layer=6)
    row = Row(runs=(Run(text=text, color=pen.color),))
    card.labels.append(Label(rows=(row,), anchors=card.frame.pixels(x, y), owner=pen.owner))


def _apart(x: Array) -> Array:
    """Leave out positions where they are too many to be told apart."""
    return x[:: -(-len(x) // _MOST)]


def _where(what: str, positions: list[int], spread: Spread, step: str) -> str:
    if not positions:
        return ""
    if len(positions) == len(spread.x):
        return f"{what} in every {step}"
    if positions == list(range(1, len(positions) + 1)):
        return f"{what} in {step} 1" if len(positions) == 1 else f"{what} from {step} {positions[-1]} down"
    return f"{what} in {step}{'s' if len(positions) > 1 else ''} {ranges(positions)}"
