"""Direct labels: words in the colour of a line, after a sample of it, to be placed beside it."""

from dataclasses import dataclass

from sim.measurements import Array
from sim.plots.pixels import ASCENT, DESCENT, DPI, LINE, PANEL, Box, text_width

GAP = 14
"""Pixels between the sample of a line and its name."""
_DASHES = 34  # pixels that two dashes take


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Words in one colour and weight."""

    text: str
    color: str
    bold: bool = False

    @property
    def width(self) -> float:
        """The width in pixels."""
        return text_width(self.text, bold=self.bold)


@dataclass(frozen=True, slots=True, kw_only=True)
class Glyph:
    """The sample that stands before a label: a marker, or a dash if `marker` is empty."""

    marker: str
    size: float
    color: str
    filled: bool = True

    @property
    def width(self) -> float:
        """The width in pixels."""
        return self.size * DPI / 72 if self.marker else _DASHES


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a label."""

    runs: tuple[Run, ...]
    glyph: Glyph | None = None

    @property
    def width(self) -> float:
        """The width of the words in pixels."""
        return sum(run.width for run in self.runs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """Rows that belong together, and the points in pixels that they should stand close to."""

    rows: tuple[Row, ...]
    anchors: Array
    owner: int = -1  # the series it names: others of the same owner are no strangers
    region: Box = PANEL
    name_rows: int = 1  # the first rows, which make up one name and are never parted

    @classmethod
    def plain(cls, words: str, color: str, anchors: Array, *, region: Box = PANEL) -> "Label":
        """Return a label of one line of plain words that names no series."""
        return cls(rows=(Row(runs=(Run(text=words, color=color),)),), anchors=anchors, region=region)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in pixels."""
        width = max(row.width for row in self.rows) + self.indent
        return width, ASCENT + DESCENT + LINE * (len(self.rows) - 1)

    @property
    def indent(self) -> float:
        """Pixels before the words: the widest sample and a gap, the same in all rows."""
        return max((row.glyph.width + GAP for row in self.rows if row.glyph), default=0)
