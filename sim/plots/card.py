"""One card in the making: its frame, the marks in its axes, and the labels beside them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from matplotlib.transforms import IdentityTransform

from sim.measurements import Array
from sim.plots.ground import Ground
from sim.plots.labels import GLYPH, Glyph, Label, Placed, place
from sim.plots.pixels import (
    AXES,
    DESCENT,
    DPI,
    INCHES,
    LARGE,
    LINE,
    MARGIN,
    PANEL,
    SMALL,
    Box,
    font,
    shorten,
    text_width,
)
from sim.plots.png import encode
from sim.plots.scales import Scale
from sim.plots.theme import Theme

_TITLE_Y, _QUANTITY_Y, _X_LABEL_Y, _FOOTER_Y = 772, 699, 101, 38  # baselines, pixels
_POINT = DPI / 72  # pixels
_TICK_LABELS_Y = 147


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The words around the axes, and the two axes."""

    title: str
    quantity: str
    x_label: str
    footer: str
    x: Scale
    y: Scale


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
    axes: Axes = field(init=False)
    labels: list[Label] = field(default_factory=list[Label])
    ground: Ground = field(default_factory=Ground)
    zones: list[Box] = field(default_factory=list[Box])

    def __post_init__(self) -> None:
        theme, frame = self.theme, self.frame
        self.figure = Figure(figsize=INCHES, dpi=DPI, facecolor=theme.card, edgecolor=theme.card, linewidth=0)
        self.axes = self.figure.add_axes(AXES)
        self.axes.set_axis_off()
        self.axes.set_xlim(frame.x.low, frame.x.high)
        self.axes.set_ylim(frame.y.low, frame.y.high)
        self._write(MARGIN, _TITLE_Y, frame.title, theme.text, size=LARGE, bold=True)
        self._write(MARGIN, _QUANTITY_Y, frame.quantity, theme.muted)
        self._write((PANEL.left + PANEL.right) / 2, _X_LABEL_Y, frame.x_label, theme.muted, align="center")
        self._write(MARGIN, _FOOTER_Y, frame.footer, theme.muted)
        self._draw_axes()

    def pixels(self, x: Array, y: Array) -> Array:
        """Turn coordinates of the axes into pixels of the card, as rows of (x, y)."""
        across, up = self.frame.x, self.frame.y
        return np.column_stack(
            [
                PANEL.left + (x - across.low) / (across.high - across.low) * (PANEL.right - PANEL.left),
                PANEL.bottom + (y - up.low) / (up.high - up.low) * (PANEL.top - PANEL.bottom),
            ]
        )

    def line(
        self, x: Array, y: Array, pen: Pen, *, marks: Sequence[int] | None = None, layer: float = 3
    ) -> Array:
        """Draw a curve with markers at some of its points; return its points in pixels.

        Coordinates that are no finite number leave a gap.
        """
        y = np.where(np.isfinite(y), y, np.nan)
        self._line(x, y, pen.color, pen.width, layer)
        points = self.pixels(x, y)
        self.ground.add_path(points, radius=pen.width * _POINT / 2, owner=pen.owner)
        chosen = np.arange(len(x)) if marks is None else np.array(marks, dtype=np.intp)
        self.markers(x[chosen], y[chosen], pen, layer=layer + 0.1)
        return points[np.isfinite(points).all(axis=1)]

    def markers(self, x: Array, y: Array, pen: Pen, *, layer: float = 3) -> None:
        """Draw markers, those at the edge of the axes in full."""
        self.axes.add_line(_marks(x, y, pen.glyph, self.theme.card, layer))
        points = self.pixels(x, y)
        self.ground.add_dots(points[np.isfinite(points).all(axis=1)], radius=pen.size * _POINT / 2)

    def dashes(self, x: Array, y: Array, *, layer: float = 4.05) -> Array:
        """Draw what theory says, as a dashed curve in the colour of text."""
        y = np.where(np.isfinite(y), y, np.nan)
        self._line(x, y, self.theme.text, 1.7, layer, dashed=True)
        points = self.pixels(x, y)
        self.ground.add_path(points, radius=2, owner=0)
        return points[np.isfinite(points).all(axis=1)]

    def rule(
        self, x: Sequence[float], y: Sequence[float], color: str, *, width: float = 1.6, layer: float = 2
    ) -> None:
        """Draw a straight helper line that belongs to no series."""
        points = np.array(x, dtype=np.float64), np.array(y, dtype=np.float64)
        self._line(*points, color, width, layer)
        self.ground.add_path(self.pixels(*points), radius=width, owner=-2)

    def spread(self, x: Array, low: Array, high: Array, color: str) -> None:
        """Fill between the quantiles; what lies beyond the axes is cut at their edge."""
        scale = self.frame.y
        low, high = (np.clip(np.nan_to_num(edge, nan=np.nan), scale.low, scale.high) for edge in (low, high))
        runs = np.split(np.arange(len(x)), np.flatnonzero(~(np.isfinite(low) & np.isfinite(high))))
        polygons: list[Array] = []
        for run in runs:
            kept = run[
                np.isfinite(low[run])
                & np.isfinite(high[run])
                & ((high[run] > scale.low) & (low[run] < scale.high))
            ]
            if len(kept):
                outline = np.concatenate([low[kept], high[kept][::-1]])
                polygons.append(np.column_stack([np.concatenate([x[kept], x[kept][::-1]]), outline]))
                lower, upper = self.pixels(x[kept], low[kept]), self.pixels(x[kept], high[kept])
                self.ground.add_band(lower[:, 0], lower[:, 1], upper[:, 1])
        self.axes.add_collection(
            PolyCollection(polygons, facecolors=color, edgecolors="none", linewidths=0, alpha=0.3, zorder=2),
            autolim=False,
        )

    def zone(self, low: float, high: float, words: str) -> None:
        """Shade a range of heights that has a meaning, and name it inside."""
        scale = self.frame.y
        low, high = max(low, scale.low), min(high, scale.high)
        left, right = self.frame.x.low, self.frame.x.high
        self.axes.add_patch(
            Rectangle((left, low), right - left, high - low, facecolor=self.theme.band, linewidth=0, zorder=0)
        )
        edges = self.pixels(np.array([left, right]), np.array([low, high]))
        box = Box(PANEL.left, float(edges[0, 1]), PANEL.right, float(edges[1, 1]))
        self.zones.append(box)
        corner = np.array([[box.left, box.top]])
        self.labels.append(Label.plain(words, self.theme.muted, corner, region=box))

    def finish(self) -> Figure:
        """Place and draw the labels; return the figure."""
        for placed in place(self.labels, self.ground):
            self._draw_label(placed)
        self.labels.clear()
        return self.figure

    def png(self) -> bytes:
        """Return the finished card as a PNG."""
        return encode(self.finish(), self.theme)

    def _draw_axes(self) -> None:
        theme, x, y = self.theme, self.frame.x, self.frame.y
        grid = [[(x.low, place), (x.high, place)] for place, _ in y.ticks]
        self.axes.add_collection(
            LineCollection(grid, colors=theme.grid, linewidths=1.0, zorder=1, linestyles="solid"),
            autolim=False,
        )
        for (_, up), (_, words) in zip(
            self.pixels(np.full(len(y.ticks), x.low), _places(y)), y.ticks, strict=True
        ):
            self.ground.add_grid(float(up))
            self._write(PANEL.left - 10, up - 13, words, theme.muted, align="right")
        across = self.pixels(_places(x), np.full(len(x.ticks), y.low))[:, 0]
        for place, (_, words) in zip(across, x.ticks, strict=True):
            self._write(place, _TICK_LABELS_Y, words, theme.muted, align="center")
            self._pixel_line([place, place], [PANEL.bottom, PANEL.bottom - 9], theme.muted, 0.8)
        self._pixel_line([PANEL.left, PANEL.right], [PANEL.bottom, PANEL.bottom], theme.muted, 1.0)

    def _draw_label(self, placed: Placed) -> None:
        label, box = placed.label, placed.box
        middle = (box.bottom + box.top) / 2
        ground = self.theme.band if any(z.bottom <= middle <= z.top for z in self.zones) else self.theme.card
        for index, row in enumerate(label.rows):
            left, baseline = box.left, box.top - LINE * index - (LINE - DESCENT - 10)
            if row.glyph:
                self._draw_glyph(row.glyph, left + GLYPH / 2 - 6, baseline + 13)
                left += GLYPH
            for run in row.runs:
                text = self._write(left, baseline, run.text, run.color, bold=run.bold)
                if placed.over_ink:
                    text.set_path_effects([withStroke(linewidth=4.5, foreground=ground)])
                left += run.width

    def _draw_glyph(self, glyph: Glyph, x: float, y: float) -> None:
        if glyph.marker:
            line = _marks(np.array([x]), np.array([y]), glyph, self.theme.card, 6)
            line.set_transform(IdentityTransform())
            self.figure.add_artist(line)
        else:
            self._pixel_line([x - 16, x + 17], [y, y], glyph.color, 1.7, dashed=True)

    def _line(
        self, x: Array, y: Array, color: str, width: float, layer: float, *, dashed: bool = False
    ) -> None:
        self.axes.add_line(_line2d(x, y, color, width, layer, dashed=dashed))

    def _pixel_line(
        self, x: list[float], y: list[float], color: str, width: float, *, dashed: bool = False
    ) -> None:
        line = _line2d(np.array(x), np.array(y), color, width, 6, dashed=dashed)
        line.set_transform(IdentityTransform())
        self.figure.add_artist(line)

    def _write(
        self,
        x: float,
        y: float,
        words: str,
        color: str,
        *,
        size: float = SMALL,
        bold: bool = False,
        align: str = "left",
    ) -> Text:
        text = Text(
            float(x), float(y), words, color=color, fontproperties=font(size, bold=bold), horizontalalignment=align,
            verticalalignment="baseline", parse_math=False, usetex=False, transform=IdentityTransform(), zorder=7,
        )  # fmt: skip
        self.figure.add_artist(text)
        return text


def _places(scale: Scale) -> Array:
    return np.array([place for place, _ in scale.ticks], dtype=np.float64)


def _line2d(x: Array, y: Array, color: str, width: float, layer: float, *, dashed: bool) -> Line2D:
    return Line2D(
        x, y, color=color, linewidth=width, zorder=layer, marker="", antialiased=True,
        linestyle=(0, (2.6, 1.6)) if dashed else "solid", solid_capstyle="round", dash_capstyle="butt",
        solid_joinstyle="round", dash_joinstyle="round",
    )  # fmt: skip


def _marks(x: Array, y: Array, glyph: Glyph, card: str, layer: float) -> Line2D:
    return Line2D(
        x, y, color=glyph.color, linestyle="none", linewidth=0, marker=glyph.marker, markersize=glyph.size,
        markerfacecolor=glyph.color if glyph.filled else card, markeredgecolor=glyph.color,
        markeredgewidth=0 if glyph.filled else 2.0, fillstyle="full", zorder=layer, clip_on=False, antialiased=True,
    )  # fmt: skip
