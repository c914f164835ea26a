"""The colours of a map, and the bar above it that says what they stand for."""

from collections.abc import Callable

import numpy as np
from matplotlib import colormaps

from sim.measurements import Array
from sim.plots.artists import Pixels, write
from sim.plots.card import Card
from sim.plots.pixels import MARGIN, SMALL, WIDTH, font, text_width
from sim.plots.wording import number

_MAP = "viridis"
"""Perceptually uniform and ascending in lightness, so that it can be read with any colour vision."""

_BASELINE, _BOTTOM, _HEIGHT = 699, 695, 34  # pixels
_LENGTH, _GAP = 300, 16  # pixels
_COLORS = 256


def ramp(low: float, high: float) -> Callable[[Array], Pixels]:
    """Return what turns values between two ends into colours, shape (..., RGB)."""
    table = _table()

    def color(values: Array) -> Pixels:
        places = (values - low) / (high - low) * (_COLORS - 1)
        return table[np.clip(np.round(places), 0, _COLORS - 1).astype(np.intp)]

    return color


def draw_bar(card: Card, low: float, high: float) -> None:
    """Draw the colours between two decades beside the quantity, with numbers at both ends."""
    style, theme = font(SMALL, bold=False), card.theme
    least, most = (number(float(10.0**end)) for end in (low, high))
    right = WIDTH - MARGIN - text_width(most) - _GAP
    left = right - _LENGTH
    words = (
        write((left - _GAP, _BASELINE), least, theme.text, style, "right"),
        write((right + _GAP, _BASELINE), most, theme.text, style),
    )
    for text in words:
        card.figure.add_artist(text)
    row = _table()[np.linspace(0, _COLORS - 1, _LENGTH).round().astype(np.intp)]
    card.picture(np.repeat(row[None], _HEIGHT, axis=0), round(left), _BOTTOM)


def _table() -> Pixels:
    return np.round(255 * np.asarray(colormaps[_MAP](np.linspace(0, 1, _COLORS)))[:, :3]).astype(np.uint8)
