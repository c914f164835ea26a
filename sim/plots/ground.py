"""What is already drawn in the axes, as a coarse raster that rectangles can be tested against quickly."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.measurements import Array
from sim.plots.pixels import PANEL

_CELL = 5  # pixels
_POINTS = 40  # positions along a line that its distance is measured to


@dataclass(slots=True)
class Ground:
    """What is already drawn in the axes, in cells of a few pixels."""

    ink: NDArray[np.bool_] = field(default_factory=lambda: _empty())
    fill: NDArray[np.bool_] = field(default_factory=lambda: _empty())
    grid: NDArray[np.bool_] = field(default_factory=lambda: _empty())
    paths: list[tuple[int, Array]] = field(default_factory=list[tuple[int, Array]])

    def add_path(self, points: Array, *, radius: float, owner: int) -> None:
        """Draw a line through points in pixels; a NaN breaks it."""
        self.paths.append((owner, thin(points)))
        starts, moves = points[:-1], np.diff(points, axis=0)
        whole = np.isfinite(moves).all(axis=1)
        if whole.any():
            pieces = int(np.abs(moves[whole]).max() / _CELL) + 2
            shares = np.linspace(0, 1, pieces)[:, None, None]
            self._dots((starts[whole] + moves[whole] * shares).reshape(-1, 2), radius)
        self._dots(points[np.isfinite(points).all(axis=1)], radius)

    def add_dots(self, points: Array, *, radius: float) -> None:
        """Draw markers at points in pixels."""
        self._dots(points, radius)

    def add_band(self, x: Array, low: Array, high: Array) -> None:
        """Fill between two curves in pixels."""
        good = np.isfinite(low) & np.isfinite(high)
        if not good.any():
            return
        columns = PANEL.left + (np.arange(self.fill.shape[0]) + 0.5) * _CELL
        inside = (columns >= x[good].min()) & (columns <= x[good].max())
        rows = PANEL.bottom + (np.arange(self.fill.shape[1]) + 0.5) * _CELL
        bottom, top = (np.interp(columns, x[good], edge[good])[:, None] for edge in (low, high))
        self.fill |= inside[:, None] & (rows >= bottom) & (rows <= top)

    def add_grid(self, y: float) -> None:
        """Draw a horizontal grid line at a height in pixels."""
        row = int((y - PANEL.bottom) // _CELL)
        if 0 <= row < self.grid.shape[1]:
            self.grid[:, row] = True

    def _dots(self, points: Array, radius: float) -> None:
        reach = int(np.ceil(radius / _CELL))
        around = np.stack(np.mgrid[-reach : reach + 1, -reach : reach + 1], axis=-1).reshape(-1, 2)
        cells = np.floor((points - (PANEL.left, PANEL.bottom)) / _CELL).astype(np.intp)
        x, y = (cells[:, None] + around).reshape(-1, 2).T
        good = (x >= 0) & (x < self.ink.shape[0]) & (y >= 0) & (y < self.ink.shape[1])
        self.ink[x[good], y[good]] = True


def thin(points: Array) -> Array:
    """Return a few dozen points spread along a line, between its points where they are few."""
    good = points[np.isfinite(points).all(axis=1)]
    if len(good) < 2:  # noqa: PLR2004
        return good
    places = np.linspace(0, len(good) - 1, _POINTS)
    index = np.arange(len(good))
    return np.column_stack([np.interp(places, index, good[:, axis]) for axis in (0, 1)])


def distance(corners: Array, width: float, height: float, points: Array) -> Array:
    """Return the distance of each box to the nearest point."""
    if not len(points):
        return np.zeros(len(corners))
    x, y = corners[:, 0:1], corners[:, 1:2]
    gap_x = np.maximum(np.maximum(x - points[:, 0], points[:, 0] - x - width), 0)
    gap_y = np.maximum(np.maximum(y - points[:, 1], points[:, 1] - y - height), 0)
    return np.sqrt((gap_x**2 + gap_y**2).min(axis=1))


def covered(table: Array, corners: Array, width: float, height: float, pad: float) -> Array:
    """Return how many square pixels of each box, grown by `pad`, are drawn on."""
    low = np.floor((corners - pad - (PANEL.left, PANEL.bottom)) / _CELL).astype(np.intp)
    high = np.ceil((corners + (width + pad, height + pad) - (PANEL.left, PANEL.bottom)) / _CELL).astype(
        np.intp
    )
    limit = np.array(table.shape) - 1
    low, high = np.clip(low, 0, limit), np.clip(high, 0, limit)
    total = table[high[:, 0], high[:, 1]] - table[low[:, 0], high[:, 1]]
    return (total - table[high[:, 0], low[:, 1]] + table[low[:, 0], low[:, 1]]) * _CELL**2


def summed(cells: NDArray[np.bool_]) -> Array:
    """Return the summed-area table, which counts the drawn cells of any rectangle in four reads."""
    return np.pad(cells.astype(np.float64).cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))


def _empty() -> NDArray[np.bool_]:
    shape = (int((PANEL.right - PANEL.left) / _CELL) + 1, int((PANEL.top - PANEL.bottom) / _CELL) + 1)
    return np.zeros(shape, dtype=np.bool_)
