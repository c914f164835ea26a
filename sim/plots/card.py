"""One card in the making: the marks in its axes, and the labels beside them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from matplotlib.artist import Artist
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke
from matplotlib.transforms import Bbox

from sim.measurements import Array
from sim.plots.artists import Picture, Pixels, dashes, marks, on_card, sample, stroke, write
from sim.plots.frame import Frame
from sim.plots.ground import Ground
from sim.plots.labels import GAP, Glyph, Label
from sim.plots.pixels import ASCENT, DPI, LINE, PANEL, SMALL, Box, font
from sim.plots.placing import Placed, place
from sim.plots.png import encode
from sim.plots.theme import Theme

_POINT = DPI / 72  # pixels
_MARKS_LAYER = 4.2  # markers lie on every line, those of the context on those of the focus
HELPER = -2
"""The owner of lines that belong to no series."""
_OUTLINE = 4.5  # points around words that lie on something
_PROBES = 60  # points of a line that are tested
_NEAR = 30.0  # pixels: a label this close to its line needs no other tie to it


@dataclass(frozen=True, slots=True, kw_only=True)
class Pen:
    """How a series is drawn: its colour, its marker, and which series it is."""

    color: str
    marker: str = "o"
    size: float = 7.0  # points
    width: float = 2.2  # points
    owner: int = 0
    filled: bool = True

    @property
    def glyph(self) -> Glyph:
        """The sample of the series before its label."""
        return Glyph(marker=self.marker, size=self.size, color=self.color, filled=self.filled)


@dataclass(slots=True)
class Card:
    """A figure of fixed size that is drawn mark by mark and labelled at the end."""

    theme: Theme
    frame: Frame
    figure: Figure = field(init=False)
    panel: Bbox = field(init=False)
    labels: list[Label] = field(default_factory=list[Label])
    ground: Ground = field(default_factory=Ground)
    zones: list[Box] = field(default_factory=list[Box])
    dense: bool = field(default=False, init=False)
    """Whether it has more colours than a palette holds."""

    def __post_init__(self) -> None:
        self.figure = self.frame.draw(self.theme)
        self.panel = Bbox.from_extents(PANEL.left, PANEL.bottom, PANEL.right, PANEL.top)
        for height in self.frame.grid:
            self.ground.add_grid(height)

    def line(self, x: Array, y: Array, pen: Pen, *, marked: Sequence[int], layer: float = 3) -> Array:
        """Draw a curve with markers at some of its points; return its points in pixels.

        Coordinates that are no finite number leave a gap; what lies beyond the axes is cut at their edge.
        """
        y = np.where(np.isfinite(y), y, np.nan)
        self._add(stroke(x, y, pen.color, pen.width, layer))
        points = self.frame.pixels(x, y)
        self.ground.add_path(points, radius=pen.width * _POINT / 2, owner=pen.owner)
        inside = (points[:, 1] >= PANEL.bottom - 1) & (points[:, 1] <= PANEL.top + 1)
        chosen = np.array([at for at in marked if inside[at]], dtype=np.intp)
        self.markers(x[chosen], y[chosen], pen, layer=_MARKS_LAYER + 0.1 * pen.owner)
        return points[inside]

    def markers(self, x: Array, y: Array, pen: Pen, *, layer: float) -> None:
        """Draw markers, those at the edge of the axes in full."""
        self._add(marks(x, y, pen.glyph, layer))
        points = self.frame.pixels(x, y)
        self.ground.add_dots(points[np.isfinite(points).all(axis=1)], radius=pen.size * _POINT / 2)

    def dashes(self, x: Array, y: Array, *, owner: int = 0) -> None:
        """Draw what theory says, as a dashed curve in the colour of text."""
        y = np.where(np.isfinite(y), y, np.nan)
        self._add(dashes(x, y, self.theme.text, 4.05))
        self.ground.add_path(self.frame.pixels(x, y), radius=2, owner=owner)

    def rule(self, x: Sequence[float], y: Sequence[float], color: str, *, width: float = 1.6) -> None:
        """Draw a straight helper line that belongs to no series."""
        ends = np.array(x, dtype=np.float64), np.array(y, dtype=np.float64)
        self._add(stroke(*ends, color, width, 2.5))
        self.ground.add_path(self.frame.pixels(*ends), radius=width, owner=HELPER)

    def arrow(self, start: tuple[float, float], end: tuple[float, float], color: str) -> None:
        """Draw an arrow upwards or to the right."""
        (x0, y0), (x1, y1) = start, end
        self.rule([x0, x1], [y0, y1], color, width=2.0)
        pen = Pen(color=color, marker=">" if y0 == y1 else "^", owner=HELPER)
        self.markers(np.array([x1]), np.array([y1]), pen, layer=5)

    def spread(self, x: Array, low: Array, high: Array, color: str) -> None:
        """Fill between two quantiles; what lies beyond the axes is cut at their edge."""
        scale = self.frame.y
        shown = (high > scale.low) & (low < scale.high)
        low, high = np.clip(low, scale.low, scale.high), np.clip(high, scale.low, scale.high)
        polygons: list[Array] = []
        for run in np.split(np.arange(len(x)), np.flatnonzero(np.diff(shown)) + 1):
            if shown[run[0]]:
                there, back = np.column_stack([x[run], low[run]]), np.column_stack([x[run], high[run]])[::-1]
                polygons.append(np.concatenate([there, back]))
                lower, upper = self.frame.pixels(x[run], low[run]), self.frame.pixels(x[run], high[run])
                self.ground.add_band(lower[:, 0], lower[:, 1], upper[:, 1])
        band = PolyCollection(
            polygons, facecolors=color, edgecolors="none", linewidths=0, alpha=0.3, zorder=2
        )
        self._add(band)

    def zone(self, low: float, high: float, words: str) -> None:
        """Shade a range of heights that has a meaning, and name it inside."""
        x, y = self.frame.x, self.frame.y
        low, high = max(low, y.low), min(high, y.high)
        shade = Rectangle(
            (x.low, low), x.high - x.low, high - low, facecolor=self.theme.band, linewidth=0, zorder=0
        )
        self._add(shade)
        bottom, top = self.frame.pixels(np.full(2, x.low), np.array([low, high]))[:, 1]
        box = Box(PANEL.left, float(bottom), PANEL.right, float(top))
        self.zones.append(box)
        corner = np.array([[box.left, box.top]])
        self.labels.append(Label.plain(words, self.theme.muted, corner, region=box))

    def picture(self, pixels: Pixels, left: int, bottom: int) -> None:
        """Lay pixels of shape (row from the bottom, column, RGB) onto the card, over the grid only."""
        self.figure.add_artist(Picture(pixels, left, bottom, 1.5))
        self.dense = True

    def finish(self) -> Figure:
        """Place and draw the labels; return the figure."""
        everything = place(self.labels, self.ground)
        for placed in everything:
            self._lead(placed, [other.box for other in everything if other is not placed])
            self._draw_label(placed)
        self.labels.clear()
        return self.figure

    def png(self) -> bytes:
        """Return the finished card as a PNG."""
        return encode(self.finish(), self.theme, dense=self.dense)

    def _add(self, artist: Artist) -> None:
        """Add an artist whose points are coordinates of the axes."""
        artist.set_transform(self.frame.transform)
        artist.set_clip_box(self.panel)
        self.figure.add_artist(artist)

    def _draw_label(self, placed: Placed) -> None:
        label, box = placed.label, placed.box
        middle = (box.bottom + box.top) / 2
        behind = self.theme.band if any(z.bottom <= middle <= z.top for z in self.zones) else self.theme.card
        for index, row in enumerate(label.rows):
            baseline = box.top - LINE * index - ASCENT
            if row.glyph:
                centre = box.left + (label.indent - GAP) / 2
                self.figure.add_artist(sample(row.glyph, centre, baseline + 13))
            left = box.left + label.indent
            for run in row.runs:
                text = write((left, baseline), run.text, run.color, font(SMALL, bold=run.bold))
                if placed.over_ink:
                    text.set_path_effects([withStroke(linewidth=_OUTLINE, foreground=behind)])
                self.figure.add_artist(text)
                left += run.width

    def _lead(self, placed: Placed, texts: Sequence[Box]) -> None:
        """Join a name to its line where another line is nearer, if that strikes through no other text."""
        label, box = placed.label, placed.box
        others = [path for owner, path in self.ground.paths if owner >= 0 and owner != label.owner]
        if label.owner < 0 or not len(label.anchors) or not others:
            return
        own, at = _nearest(box, label.anchors)
        if own < _NEAR or all(_nearest(box, path)[0] >= own for path in others if len(path)):
            return
        ends = np.array([np.clip(at, (box.left, box.bottom), (box.right, box.top)), at])
        if any(_crosses(ends, text) for text in texts):
            return
        self.figure.add_artist(on_card(stroke(ends[:, 0], ends[:, 1], label.rows[0].runs[0].color, 0.9, 5.5)))


def _crosses(ends: Array, box: Box) -> bool:
    """Tell whether a straight line between two points runs through a box."""
    shares = np.arange(_PROBES, dtype=np.float64) / (_PROBES - 1)
    x, y = (ends[0, axis] + shares * (ends[1, axis] - ends[0, axis]) for axis in (0, 1))
    return bool(((x > box.left) & (x < box.right) & (y > box.bottom) & (y < box.top)).any())


def _nearest(box: Box, points: Array) -> tuple[float, Array]:
    """Return how far a box is from the nearest of some points, and that point."""
    gaps = points - np.clip(points, (box.left, box.bottom), (box.right, box.top))
    distances = np.hypot(gaps[:, 0], gaps[:, 1])
    nearest = int(distances.argmin())
    return float(distances[nearest]), points[nearest]
