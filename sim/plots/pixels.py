"""Sizes in pixels: the canvas, the rectangle of the axes, and the extent of a text before it is drawn."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties

DPI = 200
INCHES = (6.6, 4.2)
WIDTH, HEIGHT = 1320, 840
AXES = (0.125, 0.232, 0.845, 0.578)
"""Left, bottom, width and height of the axes as shares of the canvas: the same on every card."""
MARGIN = 40
"""Free pixels at the left and right edge of a card."""

FONT = "DejaVu Sans"
SMALL = 13.5
"""Points: 2.8 % of the width of a card, so readable at 320 pixels."""
LARGE = 16.5
LINE = 50
"""Pixels from one line of small text to the next."""
ASCENT, DESCENT = 31, 9
"""Pixels that small text reaches above and below its baseline."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels from the lower left corner of the card."""

    left: float
    bottom: float
    right: float
    top: float


PANEL = Box(
    AXES[0] * WIDTH,
    AXES[1] * HEIGHT,
    (AXES[0] + AXES[2]) * WIDTH,
    (AXES[1] + AXES[3]) * HEIGHT,
)
"""The axes in pixels."""


@lru_cache(maxsize=16)
def font(size: float, *, bold: bool) -> FontProperties:
    """Return the font of all cards."""
    return FontProperties(family=FONT, size=size, weight="bold" if bold else "normal")


@lru_cache(maxsize=4096)
def text_width(text: str, size: float = SMALL, *, bold: bool = False) -> float:
    """Return the width of a line of text in pixels."""
    renderer = RendererAgg(1, 1, DPI)
    return float(renderer.get_text_width_height_descent(text, font(size, bold=bold), ismath=False)[0])


def fits(text: str, size: float = SMALL, *, bold: bool = False) -> bool:
    """Tell whether a line of text fits between the margins of a card."""
    return text_width(text, size, bold=bold) <= WIDTH - 2 * MARGIN


def shorten(text: str, width: float, size: float = SMALL, *, bold: bool = False) -> str:
    """Leave words out of the middle of a text wider than `width` pixels: names differ at their ends."""
    return abridge(text, lambda short: text_width(short, size, bold=bold) <= width)


def abridge(text: str, good: Callable[[str], bool]) -> str:
    """Leave out of the middle of a text as few words as make it good.

    What belongs together between two dots goes together, and no word or number is cut, unless it is too long
    by itself.
    """
    if good(text):
        return text
    for mark, least in ((" · ", 2), (" ", 2), (" ", 1)):
        parts = text.split(mark)
        for kept in range(len(parts) - 1, least - 1, -1):
            head, tail = parts[: (kept + 1) // 2], parts[len(parts) - kept // 2 :]
            short = " ".join([mark.join(head).rstrip(",:"), "…", mark.join(tail)]).rstrip()
            if good(short):
                return short
    for kept in range(len(text) - 1, 0, -1):
        short = f"{text[: (kept + 1) // 2]}…{text[len(text) - kept // 2 :]}"
        if good(short):
            return short
    return "…"
