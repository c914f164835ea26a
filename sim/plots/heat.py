"""Paint a map of cells into the axes of a card, pixel by pixel."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.measurements import Array
from sim.plots.artists import Pixels
from sim.plots.card import Card
from sim.plots.pixels import PANEL

STRIPED, CHECKED = "striped", "checked"
"""What the cells look like whose value is exactly 0, and those whose value overflows."""

_STRIPE = 12  # pixels
Indices = NDArray[np.intp]


def paint(card: Card, steps: Array, logs: Array, color: Callable[[Array], Pixels]) -> None:
    """Fill the axes with cells.

    Args:
        card: the card, whose axes have steps across and layers, counted from 1, upwards.
        steps: where the columns are, shape (column,), ascending.
        logs: the values, shape (column, row), as decades: -inf is an exact 0, NaN and inf are overflow.
        color: turns decades into colours, shape (..., RGB).
    """
    left, bottom = round(PANEL.left), round(PANEL.bottom)
    right, top = round(PANEL.right), round(PANEL.top)
    frame = card.frame
    across = _centres(right - left, frame.x.low, frame.x.high)
    upwards = _centres(top - bottom, frame.y.low, frame.y.high)
    columns = np.searchsorted((steps[1:] + steps[:-1]) / 2, across)
    rows = np.floor(upwards + 0.5).astype(np.intp) - 1
    inside = rows < logs.shape[1]
    rows = np.clip(rows, 0, logs.shape[1] - 1)
    cells = color(np.where(np.isfinite(logs), logs, 0.0))
    pixels = _spread(cells, columns, rows)
    y, x = np.ogrid[: top - bottom, : right - left]
    striped, checked = (x + y) // _STRIPE % 2 == 0, (x // _STRIPE + y // _STRIPE) % 2 == 0
    for patterned, pattern in ((np.isneginf(logs), striped), (~(logs < np.inf), checked)):
        if patterned.any():
            where = _spread(patterned, columns, rows)
            pixels[where & pattern] = (rgb(card.theme.muted) + rgb(card.theme.card)) // 2
            pixels[where & ~pattern] = rgb(card.theme.card)
    pixels[~inside] = rgb(card.theme.card)
    card.picture(pixels, left, bottom)


def _spread(cells: NDArray[Any], columns: Indices, rows: Indices) -> NDArray[Any]:
    """Give every pixel what its cell has, from shape (column, row, …) to (pixel up, pixel across, …)."""
    return cells.swapaxes(0, 1).take(columns, axis=1).take(rows, axis=0)


def _centres(pixels: int, low: float, high: float) -> Array:
    return low + (np.arange(pixels) + 0.5) / pixels * (high - low)


def rgb(color: str) -> NDArray[np.int64]:
    """Read #RRGGBB."""
    return np.array([int(color[place : place + 2], 16) for place in (1, 3, 5)])
