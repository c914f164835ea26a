"""Paint the loss on a slice as a square map, and its colours as a bar along the axis that they share."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sim.measurements import Array
from sim.plots.artists import Pixels
from sim.plots.card import Card
from sim.plots.color_bar import ramp
from sim.plots.heat import rgb
from sim.plots.pixels import PANEL, Box
from sim.plots.scales import Scale

MAP = Box(PANEL.right - (PANEL.top - PANEL.bottom), PANEL.bottom, PANEL.right, PANEL.top)
"""Where the map is: a square at the right of the axes."""
BAR = 30
"""Pixels that the bar takes at the left of the axes."""
GAP = 100
"""Pixels between what stands at the left and the map: they hold the numbers beside the map."""

_STEPS = 40
_TILE = 12  # pixels
_LINE = 2  # pixels
_FAINT = 0.5  # of a contour line
_BRIGHT = 140  # of 255: on a brighter ground, lines are dark


def paint_map(card: Card, heights: Array) -> None:
    """Fill the square with colours between the grid points, and with contour lines at the ticks of the axis.

    Args:
        card: the card, whose vertical axis is the one that the colours stand for.
        heights: where each grid point is on that axis, shape (row from the bottom, column); what is no number
            overflows and is checked.
    """
    side = round(MAP.top - MAP.bottom)
    scale = card.frame.y
    between = _between(len(heights), side)
    over = ~np.isfinite(heights) & ~np.isneginf(heights)
    smooth = between @ np.clip(np.nan_to_num(heights, nan=scale.high), scale.low, scale.high) @ between.T
    pixels = _colors(scale)(smooth)
    _draw_contours(pixels, smooth, np.array([place for place, _ in scale.ticks]))
    nearest = np.round(np.linspace(0, len(heights) - 1, side)).astype(np.intp)
    _check(card, pixels, over[nearest[:, None], nearest[None, :]])
    card.picture(pixels, round(MAP.left), round(MAP.bottom))
    card.ground.add_band(np.array([MAP.left, MAP.right]), np.full(2, MAP.bottom), np.full(2, MAP.top))


def paint_bar(card: Card) -> None:
    """Draw the colours along the vertical axis, and keep the grid out of the gap before the map."""
    height = round(PANEL.top - PANEL.bottom)
    scale = card.frame.y
    column = _colors(scale)(np.linspace(scale.low, scale.high, height))
    bottom = round(PANEL.bottom)
    card.picture(np.repeat(column[:, None], BAR, axis=1), round(PANEL.left), bottom)
    blank = np.empty((height, GAP, 3), dtype=np.uint8)
    blank[:] = rgb(card.theme.card)
    card.picture(blank, round(MAP.left) - GAP, bottom)


def _colors(scale: Scale) -> Callable[[Array], Pixels]:
    """Return what turns heights into colours: in steps, which take half as long to compress as a flow."""
    color = ramp(scale.low, scale.high)
    height = (scale.high - scale.low) / _STEPS

    def stepped(heights: Array) -> Pixels:
        return color(scale.low + (np.floor((heights - scale.low) / height) + 0.5) * height)

    return stepped


def _between(points: int, pixels: int) -> Array:
    """Return the weights that interpolate linearly between grid points, shape (pixel, point)."""
    places = np.linspace(0, points - 1, pixels)
    return np.clip(1 - np.abs(places[:, None] - np.arange(points)), 0, None)


def _draw_contours(pixels: Pixels, heights: Array, levels: Array) -> None:
    """Draw a faint line wherever the height passes a level."""
    step = np.searchsorted(levels, heights)
    line = np.zeros(step.shape, dtype=np.bool_)
    for reach in range(1, _LINE + 1):
        line[reach:] |= step[reach:] != step[:-reach]
        line[:, reach:] |= step[:, reach:] != step[:, :-reach]
    ground = pixels[line].astype(np.float64)
    ink = np.where(ground.mean(axis=1, keepdims=True) > _BRIGHT, 0.0, 255.0)
    pixels[line] = np.round(ground + _FAINT * (ink - ground))


def _check(card: Card, pixels: Pixels, over: NDArray[np.bool_]) -> None:
    """Draw checks where the loss overflows."""
    y, x = np.ogrid[: len(pixels), : len(pixels)]
    dark = (x // _TILE + y // _TILE) % 2 == 0
    pixels[over & dark] = (rgb(card.theme.muted) + rgb(card.theme.card)) // 2
    pixels[over & ~dark] = rgb(card.theme.card)
