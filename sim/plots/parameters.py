"""Draw how many parameters networks have, and then their gradients by layer."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.measurements import Measurements
from sim.plots import gradients
from sim.plots.artists import write
from sim.plots.card import Card, Pen
from sim.plots.conditions import footer
from sim.plots.dealing import deal, finished
from sim.plots.frame import Frame
from sim.plots.lines import pen_of
from sim.plots.parameters_words import Group, alt, conditions_of, groups, title
from sim.plots.pixels import PANEL, SMALL, WIDTH, font, shorten, text_width
from sim.plots.plot import Plot
from sim.plots.scales import Scale
from sim.plots.theme import Theme

__all__ = ["alt", "compose", "draw", "title"]

_WIDTH, _HEIGHT = PANEL.right - PANEL.left, PANEL.top - PANEL.bottom
_ROW = 62  # pixels from row to row, where there is room
_GAP = 0.35  # of a row, before each group but the first
_BEFORE, _AFTER = 26, 12  # pixels from a marker to its number, and from the number to its name
_WIDEST = 0.35 * _WIDTH
_EDGE = WIDTH - PANEL.right - 6  # pixels right of the axis, less a little air
_HALF_DIGIT = 13  # pixels
_TICKS = 5
_THOUSANDS = ("", "k", "M", "G", "T", "P")


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """One line of the card: a heading, or a number with its name and marker."""

    up: float
    """Pixels of its middle."""
    words: str
    count: int = 0
    pen: Pen | None = None


def draw(measurements: Measurements, theme: Theme) -> tuple[Plot, ...]:
    """Draw the counts of at most three variants a card, and their gradients on another."""
    parts = deal(measurements)
    counts = [(compose(part, theme), alt(part)) for part in parts]
    return finished([*counts, *((gradients.compose(part, theme), gradients.alt(part)) for part in parts)])


def compose(measurements: Measurements, theme: Theme) -> Card:
    """Set up the card of the counts."""
    rows = _placed(groups(measurements.variants), theme)
    scale = _across(rows)
    card = Card(
        theme=theme,
        frame=Frame(
            title=title(measurements),
            quantity="counted in the network (log scale)",
            x_label="number of weights or parameters",
            footer=footer(conditions_of(measurements), [""]).removesuffix(", "),
            x=scale,
            y=Scale(low=0.0, high=_HEIGHT, ticks=(), to=np.asarray),
        ),
    )
    for row in rows:
        _draw_row(card, row)
    return card


def _placed(found: Sequence[Group], theme: Theme) -> list[Placed]:
    """Give every heading and every row its height, from the top on."""
    lines = sum(1 + len(group.rows) for group in found) + _GAP * (len(found) - 1)
    step = min(_ROW, _HEIGHT / lines)
    up = PANEL.top - step / 2
    placed: list[Placed] = []
    for group in found:
        placed.append(Placed(up=up, words=group.heading))
        for row in group.rows:
            up -= step
            pen = pen_of(theme, row.place)
            pen = Pen(color=pen.color, marker=pen.marker, size=pen.size, owner=pen.owner, filled=row.measured)
            placed.append(Placed(up=up, words=row.name, count=row.count, pen=pen))
        up -= step * (1 + _GAP)
    return placed


def _across(rows: Sequence[Placed]) -> Scale:
    """Return a logarithmic axis from 1 on, on which every number has room to the right of its marker."""
    high = 1.0
    for row in rows:
        if row.pen is not None:
            free = (
                _WIDTH - _BEFORE - _AFTER - text_width(f"{row.count:,}", bold=True) - text_width(_name(row))
            )
            high = max(high, float(np.log10(row.count)) * _WIDTH / free)
    last = int(np.ceil(np.log10(max(row.count for row in rows))))
    every = next(step for step in (1, 2, 3, 6) if last / step < _TICKS)
    powers = [power for power in range(0, last + 1, every) if _on_card(power / high, _tick(power))]
    ticks = tuple((float(power), _tick(power)) for power in powers)
    return Scale(low=0.0, high=high, ticks=ticks, to=np.log10)


def _on_card(share: float, label: str) -> bool:
    """Say whether a tick's label, centred at this share of the axis, ends on the card."""
    return share * _WIDTH + text_width(label) / 2 <= _WIDTH + _EDGE


def _tick(power: int) -> str:
    return f"{10 ** (power % 3)}{_THOUSANDS[power // 3]}"


def _draw_row(card: Card, row: Placed) -> None:
    baseline, small = row.up - _HALF_DIGIT, font(SMALL, bold=False)
    if row.pen is None:
        card.figure.add_artist(write((PANEL.left, baseline), row.words, card.theme.muted, small))
        return
    at, height = float(np.log10(row.count)), row.up - PANEL.bottom
    card.rule([0.0, at], [height, height], row.pen.color, width=2.2)
    card.markers(np.array([at]), np.array([height]), row.pen, layer=5)
    left = PANEL.left + at / card.frame.x.high * _WIDTH + _BEFORE
    number = f"{row.count:,}"
    beside = left + text_width(number, bold=True) + _AFTER
    card.figure.add_artist(write((left, baseline), number, row.pen.color, font(SMALL, bold=True)))
    card.figure.add_artist(write((beside, baseline), _name(row), card.theme.text, small))


def _name(row: Placed) -> str:
    return shorten(row.words, _WIDEST)
