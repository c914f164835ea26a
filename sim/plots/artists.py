"""The few matplotlib artists that cards are made of, with every property given: no global style."""

from typing import Literal

import numpy as np
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.transforms import IdentityTransform
from numpy.typing import NDArray

from sim.measurements import Array
from sim.plots.labels import Glyph

Pixels = NDArray[np.uint8]
Align = Literal["left", "center", "right"]
_DASHES = (0, (2.6, 1.6))


def stroke(x: Array, y: Array, color: str, width: float, layer: float) -> Line2D:
    """Return a line without markers."""
    return Line2D(
        x, y, color=color, linewidth=width, zorder=layer, marker="", antialiased=True, linestyle="solid",
        solid_capstyle="round", dash_capstyle="butt", solid_joinstyle="round", dash_joinstyle="round",
    )  # fmt: skip


def dashes(x: Array, y: Array, color: str, layer: float) -> Line2D:
    """Return a dashed line."""
    line = stroke(x, y, color, 1.7, layer)
    line.set_linestyle(_DASHES)
    return line


def marks(x: Array, y: Array, glyph: Glyph, layer: float) -> Line2D:
    """Return markers without a line, in full even at the edge of the axes."""
    return Line2D(
        x, y, color=glyph.color, linestyle="none", linewidth=0, marker=glyph.marker, markersize=glyph.size,
        markerfacecolor=glyph.color if glyph.filled else "none", markeredgecolor=glyph.color,
        markeredgewidth=0 if glyph.filled else 2.0, fillstyle="full", zorder=layer, clip_on=False,
        antialiased=True,
    )  # fmt: skip


def on_card(line: Line2D) -> Line2D:
    """Let the points of a line be pixels of the card instead of coordinates of its axes."""
    line.set_transform(IdentityTransform())
    return line


def sample(glyph: Glyph, x: float, y: float) -> Line2D:
    """Return the sample of a line that stands before its label, centred at a pixel."""
    if glyph.marker:
        return on_card(marks(np.array([x]), np.array([y]), glyph, 6))
    return on_card(dashes(np.array([x - 16, x + 17]), np.array([y, y]), glyph.color, 6))


def write(
    at: tuple[float, float], words: str, color: str, style: FontProperties, align: Align = "left"
) -> Text:
    """Return a line of text with its baseline at a pixel; what looks like mathematics stays as it is."""
    return Text(
        at[0], at[1], words, color=color, fontproperties=style, horizontalalignment=align, parse_math=False,
        verticalalignment="baseline", usetex=False, transform=IdentityTransform(), zorder=7,
    )  # fmt: skip


class Picture(Artist):
    """Pixels of shape (row from the bottom, column, RGB) with their lower left corner at a pixel.

    It goes straight to the renderer: matplotlib's own image resamples, which takes 30 ms a card.
    """

    def __init__(self, pixels: Pixels, left: int, bottom: int, layer: float) -> None:
        super().__init__()
        self.pixels = pixels
        self.corner = left, bottom
        self.set_zorder(layer)

    def draw(self, renderer: RendererBase) -> None:
        """Copy the pixels into the canvas."""
        opaque = np.dstack([self.pixels, np.full(self.pixels.shape[:2], 255, dtype=np.uint8)])
        context = renderer.new_gc()
        renderer.draw_image(context, *self.corner, opaque)
        context.restore()
