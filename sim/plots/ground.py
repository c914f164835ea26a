"""What is already drawn in the axes, as a coarse raster that rectangles can be tested against quickly."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.measurements import Array
from sim.plots.pixels import PANEL

_CELL = 4  # pixels
_CORNER = np.array([PANEL.left, PANEL.bottom])
_POINTS = 30  # positions along a line that its distance is measured to


def _empty() -> NDArray[np.bool_]:
    shape = (int((PANEL.right - PANEL.left) / _CELL) + 1, int((PANEL.top - PANEL.bottom) / _CELL) + 1)
    return np.zeros(shape, dtype=np.bool_)


def _count(cells: int) -> Array:
    return np.arange(cells, dtype=np.float64)


@dataclass(slots=True)
class Ground:
    """What is already drawn in the axes, in cells of a few pixels."""

    ink: NDArray[np.bool_] = field(default_factory=_empty)
    fill: NDArray[np.bool_] = field(default_factory=_empty)
    grid: NDArray[np.bool_] = field(default_factory=_empty)
    paths: list[tuple[int, Array]] = field(default_factory=list[tuple[int, Array]])

    def add_path(self, points: Array, *, radius: float, owner: int) -> None:
        """Draw a line through points in pixels; a NaN breaks it."""
        self.paths.append((owner, thin(points)))
        starts, moves = points[:-1], np.diff(points, axis=0)
        whole = np.isfinite(moves).all(axis=1)
        if whole.any():
            pieces = int(np.abs(moves[whole]).max() / _CELL) + 2
            shares = np.linspace(0, 1, pieces)[:, None, None]
            self.add_dots((starts[whole] + moves[whole] * shares).reshape(-1, 2), radius=radius)
        self.add_dots(points[np.isfinite(points).all(axis=1)], radius=radius)

    def add_dots(self, points: Array, *, radius: float) -> None:
        """Draw markers at points in pixels."""
        reach = round(radius / _CELL)
        side = np.arange(-reach, reach + 1)
        around = np.column_stack([np.repeat(side, len(side)), np.tile(side, len(side))])
        cells = np.floor((points - _CORNER) / _CELL).astype(np.intp)
        x, y = (cells[:, None, axis] + around[:, axis] for axis in (0, 1))
        good = (x >= 0) & (x < self.ink.shape[0]) & (y >= 0) & (y < self.ink.shape[1])
        self.ink[x[good], y[good]] = True

    def add_band(self, x: Array, low: Array, high: Array) -> None:
        """Fill between two curves in pixels."""
        good = np.isfinite(low) & np.isfinite(high)
        if not good.any():
            return
        columns, rows = (_CORNER[axis] + _CELL * (_count(self.fill.shape[axis]) + 0.5) for axis in (0, 1))
        inside = (columns >= x[good].min()) & (columns <= x[good].max())
        bottom = np.asarray(np.interp(columns, x[good], low[good]), dtype=np.float64)
        top = np.asarray(np.interp(columns, x[good], high[good]), dtype=np.float64)
        self.fill |= inside[:, None] & (rows >= bottom[:, None]) & (rows <= top[:, None])

    def add_grid(self, y: float) -> None:
        """Draw a horizontal grid line at a height in pixels."""
        row = int((y - PANEL.bottom) // _CELL)
        if 0 <= row < self.grid.shape[1]:
            self.grid[:, row] = True


def thin(points: Array) -> Array:
    """Return a few dozen points spread along a line, between its points where they are few."""
    good = points[np.isfinite(points).all(axis=1)]
    if len(good) < 2:  # noqa: PLR2004
        return good
    places = np.linspace(0, len(good) - 1, _POINTS)
    index = np.arange(len(good))
    return np.column_stack([np.interp(places, index, good[:, axis]) for axis in (0, 1)])


def distance(across: Array, up: Array, size: tuple[float, float], points: Array) -> Array:
    """Return the distance to the nearest point of every box of one size.

    Boxes have their lower left corners at all pairs of `across` and `up`, in this order.
    """
    if not len(points):
        return np.zeros(len(across) * len(up))
    gaps = (
        np.maximum(np.maximum(corner - points[:, axis], points[:, axis] - corner - size[axis]), 0) ** 2
        for axis, corner in enumerate((across[:, None], up[:, None]))
    )
    gap_x, gap_y = gaps
    return np.sqrt((gap_x[:, None] + gap_y).min(axis=2)).ravel()


def covered(table: Array, corners: Array, width: float, height: float, pad: float) -> Array:
    """Return how many square pixels of each box, grown by `pad`, are drawn on."""
    low = np.floor((corners - pad - _CORNER) / _CELL).astype(np.intp)
    high = np.ceil((corners - _CORNER + np.array([width + pad, height + pad])) / _CELL).astype(np.intp)
    limit = np.array(table.shape) - 1
    low, high = np.clip(low, 0, limit), np.clip(high, 0, limit)
    total = table[high[:, 0], high[:, 1]] - table[low[:, 0], high[:, 1]]
    return (total - table[high[:, 0], low[:, 1]] + table[low[:, 0], low[:, 1]]) * _CELL**2


def summed(cells: NDArray[np.bool_]) -> Array:
    """Return the summed-area table, which counts the drawn cells of any rectangle in four reads."""
    return np.pad(cells.astype(np.float64).cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
