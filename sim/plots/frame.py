"""The frame of a card: title, quantity, axes with ticks, and conditions, always at the same place."""

from dataclasses import dataclass

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.transforms import Affine2D

from sim.measurements import Array
from sim.plots.artists import on_card, stroke, write
from sim.plots.pixels import DPI, INCHES, LARGE, MARGIN, PANEL, SMALL, font
from sim.plots.scales import Scale
from sim.plots.theme import Theme

_TITLE, _QUANTITY, _X_LABEL, _FOOTER = 772, 699, 101, 38  # pixels: baselines
_X_TICKS = 147  # pixel: baseline
_TICK = 9  # pixels below the axis
_HALF_DIGIT = 13  # pixels from the baseline to the middle of a digit


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The words around the axes, and the two axes."""

    title: str
    quantity: str
    x_label: str
    footer: str
    x: Scale
    y: Scale

    def pixels(self, x: Array, y: Array) -> Array:
        """Turn coordinates of the axes into pixels of the card, as rows of (x, y)."""
        across = (x - self.x.low) / (self.x.high - self.x.low) * (PANEL.right - PANEL.left)
        up = (y - self.y.low) / (self.y.high - self.y.low) * (PANEL.top - PANEL.bottom)
        return np.column_stack([PANEL.left + across, PANEL.bottom + up])

    @property
    def transform(self) -> Affine2D:
        """What turns coordinates into pixels for matplotlib.

        It replaces matplotlib's axes, which cost 8 ms a card for ticks that are drawn here.
        """
        zoom_x = (PANEL.right - PANEL.left) / (self.x.high - self.x.low)
        zoom_y = (PANEL.top - PANEL.bottom) / (self.y.high - self.y.low)
        moved = Affine2D().translate(-self.x.low, -self.y.low)
        return moved.scale(zoom_x, zoom_y).translate(PANEL.left, PANEL.bottom)

    @property
    def grid(self) -> list[float]:
        """The heights of the grid lines in pixels."""
        return [float(up) for _, up in self.pixels(np.full(len(self.y.ticks), self.x.low), _places(self.y))]

    def draw(self, theme: Theme) -> Figure:
        """Return a figure with everything but the data."""
        figure = Figure(figsize=INCHES, dpi=DPI, facecolor=theme.card, edgecolor=theme.card, linewidth=0)
        grid = [[(self.x.low, place), (self.x.high, place)] for place, _ in self.y.ticks]
        lines = LineCollection(grid, colors=theme.grid, linewidths=1.0, linestyles="solid", zorder=1)
        lines.set_transform(self.transform)
        figure.add_artist(lines)
        small = font(SMALL, bold=False)
        centre = (PANEL.left + PANEL.right) / 2
        texts = [
            write((MARGIN, _TITLE), self.title, theme.text, font(LARGE, bold=True)),
            write((MARGIN, _QUANTITY), self.quantity, theme.muted, small),
            write((centre, _X_LABEL), self.x_label, theme.muted, small, "center"),
            write((MARGIN, _FOOTER), self.footer, theme.muted, small),
        ]
        for up, (_, words) in zip(self.grid, self.y.ticks, strict=True):
            texts.append(write((PANEL.left - 10, up - _HALF_DIGIT), words, theme.muted, small, "right"))
        floor = np.full(2, PANEL.bottom)
        figure.add_artist(on_card(stroke(np.array([PANEL.left, PANEL.right]), floor, theme.muted, 1.0, 6)))
        across = self.pixels(_places(self.x), np.full(len(self.x.ticks), self.y.low))[:, 0]
        for place, (_, words) in zip(across, self.x.ticks, strict=True):
            texts.append(write((float(place), _X_TICKS), words, theme.muted, small, "center"))
            figure.add_artist(on_card(stroke(np.full(2, place), floor - (0, _TICK), theme.muted, 0.8, 6)))
        for text in texts:
            figure.add_artist(text)
        return figure


def _places(scale: Scale) -> Array:
    return np.array([place for place, _ in scale.ticks], dtype=np.float64)
